/** Brings the history when it is first looked at; its lines are asked for meanwhile. */

import type { ComponentType } from 'preact'
import { latePartWhen } from '../overlay/late-part.ts'
import { lateScript } from '../overlay/late-script.ts'
import type { SheetDeps } from '../overlay/late-sheet.ts'
import type { SheetView } from '../overlay/sheet-view.ts'

export type HistoryDeps = Pick<SheetDeps, 'client' | 'panel' | 'reactive'>
export interface HistoryScript {
  create(deps: HistoryDeps): ComponentType<{ view: SheetView }>
}

export const historyScript = lateScript<HistoryScript>('history')

export const createLateHistory = (deps: HistoryDeps & Pick<SheetDeps, 'api'>) =>
  latePartWhen(deps, historyScript, () => deps.panel.value === 'history')
