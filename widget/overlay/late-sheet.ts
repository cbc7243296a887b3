/** Brings the sheet when it is first needed. */

import type { ComponentType } from 'preact'
import type { Client, Runtime } from '../client/browser.ts'
import type { Lang } from '../ui/lang.ts'
import type { Fetch } from './connect.ts'
import type { OverlayModel } from './model.ts'
import { type ReadonlySignal, type Signal, signal } from './reactive.ts'
import { addStyles } from './styles.ts'
import type { Panel, View } from './view.ts'

/** What the sheet is made of, handed over because its script has no way to the overlay's own modules. */
export interface SheetDeps {
  client: Client
  model: OverlayModel
  panel: Signal<Panel | undefined>
  lang: ReadonlySignal<Lang>
  runtime: Runtime
  /** Origin of the service. */
  api: string
  get: Fetch
  /** Signals of another copy would not be noticed by the overlay's effects. */
  reactive: Pick<typeof import('./reactive.ts'), 'batch' | 'computed' | 'effect' | 'signal'>
}

export type SheetComponent = ComponentType<{ view: View; close(): void }>
export interface SheetScript {
  create(deps: SheetDeps): SheetComponent
  css: string
}

/** Where the script leaves the sheet; scripts from another origin have no other way to hand things over. */
const PLACE = 'FanfareSheet'
type Place = { [PLACE]?: SheetScript }

export const announceSheet = (script: SheetScript): void => {
  ;(globalThis as Place)[PLACE] = script
}

export interface LateSheet {
  /** Undefined until it has come. */
  component: ReadonlySignal<SheetComponent | undefined>
  /** Asks for it; harmless to repeat. */
  want(): void
}

function load(api: string): Promise<SheetScript | undefined> {
  return new Promise((resolve) => {
    const script = document.createElement('script')
    script.src = `${api}/fanfare-sheet.js`
    script.onload = script.onerror = () => {
      script.remove()
      resolve((globalThis as Place)[PLACE])
    }
    document.head.append(script)
  })
}

/** `bring` is how the script comes; where it does not, the next opening asks again. */
export function createLateSheet(
  root: ShadowRoot,
  deps: SheetDeps,
  bring: (api: string) => Promise<SheetScript | undefined> = load,
): LateSheet {
  const component = signal<SheetComponent | undefined>(undefined)
  let asked = false
  return {
    component,
    want() {
      if (asked) return
      asked = true
      void bring(deps.api).then((script) => {
        asked = script !== undefined
        if (!script) return
        addStyles(root, script.css)
        component.value = script.create(deps)
      })
    },
  }
}
