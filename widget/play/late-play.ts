/** Brings the tab of play when it is first looked at; what it shows is asked for meanwhile. */

import type { ComponentType } from 'preact'
import { latePartWhen } from '../overlay/late-part.ts'
import { lateScript } from '../overlay/late-script.ts'
import type { SheetDeps } from '../overlay/late-sheet.ts'
import type { SheetView } from '../overlay/sheet-view.ts'

export interface PlayScript {
  create(): ComponentType<{ view: SheetView }>
}

export const playScript = lateScript<PlayScript>('play')

export const createLatePlay = (deps: Pick<SheetDeps, 'api' | 'reactive' | 'panel'>) =>
  latePartWhen(deps, playScript, () => deps.panel.value === 'play')
