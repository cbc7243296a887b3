/** Brings what draws QR codes when the first one is shown. */

import { lateScript } from '../overlay/late-script.ts'
import type { SheetDeps } from '../overlay/late-sheet.ts'
import type { ReadonlySignal } from '../overlay/reactive.ts'

export interface Drawn {
  /** Modules on a side. */
  size: number
  /** SVG path, one unit a module. */
  path: string
}

export type Draw = (text: string) => Drawn

export const codeScript = lateScript<Draw>('/fanfare-code.js', 'FanfareCode')

export interface LateCode {
  draw: ReadonlySignal<Draw | undefined>
  /** Asks for it; harmless to repeat. */
  want(): void
}

/** Where it does not come the number stands alone, and the next look asks again. */
export function createLateCode({ api, reactive }: Pick<SheetDeps, 'api' | 'reactive'>): LateCode {
  const draw = reactive.signal<Draw | undefined>(undefined)
  let asked = false
  return {
    draw,
    want() {
      if (asked) return
      asked = true
      void codeScript.load(api).then((made) => {
        asked = made !== undefined
        draw.value = made
      })
    },
  }
}
