/** Brings the sheet when it is first opened. */

import type { ComponentType } from 'preact'
import { type ReadonlySignal, signal } from './reactive.ts'
import { addStyles } from './styles.ts'
import type { View } from './view.ts'

export type SheetComponent = ComponentType<{ view: View; close(): void }>
export interface SheetScript {
  Sheet: SheetComponent
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
  api: string,
  bring: (api: string) => Promise<SheetScript | undefined> = load,
): LateSheet {
  const component = signal<SheetComponent | undefined>(undefined)
  let asked = false
  return {
    component,
    want() {
      if (asked) return
      asked = true
      void bring(api).then((script) => {
        asked = script !== undefined
        if (!script) return
        addStyles(root, script.css)
        component.value = script.Sheet
      })
    },
  }
}
