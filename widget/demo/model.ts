/** What the demo page shows and what its desk can do. */

import { signal } from '@preact/signals'
import { randomId } from '../client/ids.ts'
import { type Lang, pageLang } from '../ui/lang.ts'
import type { Product } from './Food.tsx'
import type { Scene } from './Picture.tsx'
import {
  buy,
  type Crowd,
  clerkAddress,
  demoTicket,
  type Fetch,
  hasDemo,
  readCrowd,
  resizeCrowd,
  stageAddress,
  takeWelcome,
} from './service.ts'
import { rememberedId, rememberId, type Visitor, visitorOf } from './visitor.ts'

/** As many bots as make a room warm and a small machine comfortable. */
export const CROWD_SIZE = 24
/** As the service gives them, for the button. */
export const WELCOME_POINTS = 1650
/** Until the service answers. */
const RETRY_MS = 1500
const PRODUCTS: readonly Product[] = ['oats', 'oil', 'eggs']
/** What the shop takes for them, fen. */
export const PRICES: Record<Product, number> = { oats: 20_000, oil: 6_800, eggs: 1_990 }
/** What the page says of an order stays this long. */
const ORDER_SAID_MS = 3000
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

  const order = signal<'none' | 'buying' | 'bought' | 'failed'>('none')
  const welcome = signal<'open' | 'taken' | 'failed'>('open')
  /** The id that the service knows this page's viewer by. */
  const viewer = signal<string | undefined>(undefined)

  async function reach(): Promise<void> {
    try {
      service.value = (await hasDemo(get)) ? 'ready' : 'none'
      if (service.value === 'ready') crowd.value = await readCrowd(get)
    } catch {
      after(RETRY_MS, () => void reach())
    }
  }
  void reach()

  /** The tab opens at once, because browsers allow that only while a finger is down. */
  async function inTab(found: Promise<string>): Promise<void> {
    const tab = open.open('about:blank', '_blank')
    try {
      const address = await found
      if (tab) tab.location.href = address
    } catch {
      tab?.close()
    }
  }

  return {
    lang,
    visitor,
    viewer,
    service,
    crowd,
    crowdFailed,
    product,
    scene,
    theme,

    async ticket(): Promise<string> {
      const known = rememberedId(visitor, storage)
      const given = await demoTicket(get, { name: visitor.name, viewer: known })
      viewer.value = given.viewer
      rememberId(visitor, given.viewer, storage)
      return given.ticket
    },

    order,
    welcome,

    /** One order of the product that is shown; a tap while it is under way is not another one. */
    async buy(): Promise<void> {
      if (viewer.value === undefined || order.value === 'buying') return
      order.value = 'buying'
      const amountFen = PRICES[product.value]
      const done = await buy(get, { viewer: viewer.value, order: randomId(), amountFen }).catch(
        () => false,
      )
      order.value = done ? 'bought' : 'failed'
      after(ORDER_SAID_MS, () => {
        order.value = 'none'
      })
    },

    async takeWelcome(): Promise<void> {
      if (viewer.value === undefined) return
      welcome.value = await takeWelcome(get, viewer.value, lang.value).then(
        () => 'taken' as const,
        () => 'failed' as const,
      )
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

    openStage: () => inTab(stageAddress(get)),
    openClerk: () => inTab(clerkAddress(get, lang.value)),
  }
}
