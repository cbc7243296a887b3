/** Brings what draws QR codes when the first one is shown. */

import { type LatePart, latePart } from '../overlay/late-part.ts'
import { lateScript } from '../overlay/late-script.ts'
import type { SheetDeps } from '../overlay/late-sheet.ts'

export interface Drawn {
  /** Modules on a side. */
  size: number
  /** SVG path, one unit a module. */
  path: string
}

export type Draw = (text: string) => Drawn

export const codeScript = lateScript<Draw>('code')

export type LateCode = LatePart<Draw>

/** Where it does not come the number stands alone. */
export const createLateCode = (deps: Pick<SheetDeps, 'api' | 'reactive'>): LateCode =>
  latePart(deps, codeScript, (draw) => draw)
