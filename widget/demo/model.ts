/** What the demo page shows and what its desk can do. */

import { signal } from '@preact/signals'
import { type Lang, pageLang } from '../ui/lang.ts'
import type { Product } from './Food.tsx'
import type { Scene } from './Picture.tsx'
import {
  type Crowd,
  demoTicket,
  type Fetch,
  hasDemo,
  readCrowd,
  resizeCrowd,
  stageAddress,
} from './service.ts'
import { rememberedId, rememberId, type Visitor, visitorOf } from './visitor.ts'

/** As many bots as make a room warm and a small machine comfortable. */
export const CROWD_SIZE = 24
/** Until the service answers. */
const RETRY_MS = 1500
const PRODUCTS: readonly Product[] = ['oats', 'oil', 'eggs']
const SCENES: readonly Scene[] = ['bright', 'dark', 'busy']

export type Theme = 'dark' | 'light'
export type DemoModel = ReturnType<typeof createDemo>

export interface DemoOptions {
  get: Fetch
  after: (ms: number, run: () => void) => void
  storage: () => Storage
  /** Of the page's address. */
  search: string
  open: Pick<Window, 'open'>
}

export function createDemo({ get, after, storage, search, open }: DemoOptions) {
  const given = new URLSearchParams(search)
  const asked = given.get('lang')
  const lang = signal<Lang>(asked === 'zh' || asked === 'en' ? asked : pageLang())
  const visitor: Visitor = visitorOf(search, lang.value)
  const service = signal<'waiting' | 'ready' | 'none'>('waiting')
  const crowd = signal<Crowd | undefined>(undefined)
  const crowdFailed = signal(false)
  const product = signal<Product>('oats')
  const scene = signal<Scene>(SCENES.find((one) => one === given.get('scene')) ?? 'dark')
  const theme = signal<Theme>(given.get('theme') === 'light' ? 'light' : 'dark')

  async function reach(): Promise<void> {
    try {
      service.value = (await hasDemo(get)) ? 'ready' : 'none'
      if (service.value === 'ready') crowd.value = await readCrowd(get)
    } catch {
      after(RETRY_MS, () => void reach())
    }
  }
  void reach()

  return {
    lang,
    visitor,
    service,
    crowd,
    crowdFailed,
    product,
    scene,
    theme,

    async ticket(): Promise<string> {
      const known = rememberedId(visitor, storage)
      const { ticket, viewer } = await demoTicket(get, { name: visitor.name, viewer: known })
      rememberId(visitor, viewer, storage)
      return ticket
    },

    nextProduct(): void {
      const next = (PRODUCTS.indexOf(product.value) + 1) % PRODUCTS.length
      product.value = PRODUCTS[next] ?? 'oats'
    },

    async switchCrowd(on: boolean): Promise<void> {
      const { max } = crowd.value ?? { max: CROWD_SIZE }
      const answer = await resizeCrowd(get, on ? Math.min(CROWD_SIZE, max) : 0).catch(
        () => undefined,
      )
      crowdFailed.value = !answer
      if (answer) crowd.value = answer
    },

    /** The tab opens at once, because browsers allow that only while a finger is down. */
    async openStage(): Promise<void> {
      const tab = open.open('about:blank', '_blank')
      try {
        const address = await stageAddress(get)
        if (tab) tab.location.href = address
      } catch {
        tab?.close()
      }
    },
  }
}
