/** Brings the history when it is first looked at; its lines are asked for meanwhile. */

import type { ComponentType } from 'preact'
import { latePartWhen } from '../overlay/late-part.ts'
import { lateScript } from '../overlay/late-script.ts'
import type { SheetDeps } from '../overlay/late-sheet.ts'
import type { SheetView } from '../overlay/sheet-view.ts'

export interface HistoryScript {
  create(): ComponentType<{ view: SheetView }>
}

export const historyScript = lateScript<HistoryScript>('history')

export const createLateHistory = (deps: Pick<SheetDeps, 'api' | 'reactive' | 'panel'>) =>
  latePartWhen(deps, historyScript, () => deps.panel.value === 'history')
