/** Brings the sheet when it is first needed. */

import type { ComponentType } from 'preact'
import type { Moment } from '../../shared/room-state.ts'
import type { Client, Runtime } from '../client/browser.ts'
import type { Lang } from '../ui/lang.ts'
import { addStyles } from './add-styles.ts'
import type { Fetch } from './connect.ts'
import { lateScript } from './late-script.ts'
import { EARLY_MAX } from './limits.ts'
import type { OverlayModel } from './model.ts'
import { type ReadonlySignal, type Signal, signal } from './reactive.ts'
import type { Panel, View } from './view.ts'

/** What the sheet is made of, handed over because its script has no way to the overlay's own modules. */
export interface SheetDeps {
  client: Client
  model: OverlayModel
  panel: Signal<Panel | undefined>
  lang: ReadonlySignal<Lang>
  runtime: Runtime
  /** As the page names it; the service knows which it is where it does not. */
  room: string | undefined
  /** Where the page says the viewer is: `lat,lon`. */
  near?(): string | undefined
  /** Effects that happened before the script came; it takes them out. */
  early?: Moment[]
  /** Of the page, with what a link that was handed on says. */
  address: string
  /** Origin of the service. */
  api: string
  get: Fetch
  /** Signals of another copy would not be noticed by the overlay's effects. */
  reactive: Pick<typeof import('./reactive.ts'), 'batch' | 'computed' | 'effect' | 'signal'>
}

export interface SheetParts {
  Sheet: ComponentType<{ view: View; close(): void }>
  /** What a payment brought, or the burn week takes, while the sheet is closed. */
  Paid: ComponentType<{ view: View }>
  /** What others bought, over the picture. */
  Show: ComponentType<{ view: View }>
}
export interface SheetScript {
  create(deps: SheetDeps): SheetParts
  css: string
}

export const sheetScript = lateScript<SheetScript>('sheet')

export interface LateSheet {
  /** Undefined until it has come. */
  parts: ReadonlySignal<SheetParts | undefined>
  /** Asks for it; harmless to repeat. */
  want(): void
}

/** `bring` is how the script comes; where it does not, the next opening asks again. */
export function createLateSheet(
  root: ShadowRoot,
  deps: SheetDeps,
  bring: (api: string) => Promise<SheetScript | undefined> = sheetScript.load,
): LateSheet {
  const parts = signal<SheetParts | undefined>(undefined)
  let asked = false
  const early: Moment[] = []
  const sheet: LateSheet = {
    parts,
    want() {
      if (asked) return
      asked = true
      void bring(deps.api).then((script) => {
        asked = script !== undefined
        if (!script) return
        addStyles(root, script.css)
        parts.value = script.create({ ...deps, early })
      })
    },
  }
  deps.client.on('account', ({ moved }) => {
    if (moved?.some(({ cause }) => cause === 'pickup_ending')) sheet.want()
  })
  // A rung that may be lost.
  deps.client.on('changed', ({ account }) => account?.tier.keep && sheet.want())
  deps.client.on('moment', (moment) => {
    if (parts.value || !/^(broad|entr|tip|draw|vote)/.test(moment.kind)) return
    early.push(moment)
    if (early.length > EARLY_MAX) early.shift()
    sheet.want()
  })
  return sheet
}
