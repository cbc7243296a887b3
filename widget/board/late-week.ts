/** Brings the weekly boards when the board is first looked at. */

import type { ComponentType } from 'preact'
import { latePartWhen } from '../overlay/late-part.ts'
import { lateScript } from '../overlay/late-script.ts'
import type { SheetDeps } from '../overlay/late-sheet.ts'

export type WeekDeps = Pick<
  SheetDeps,
  'client' | 'model' | 'panel' | 'lang' | 'runtime' | 'reactive'
>
export interface WeekScript {
  create(deps: WeekDeps): ComponentType
}

export const weekScript = lateScript<WeekScript>('week')

export const createLateWeek = (deps: WeekDeps & Pick<SheetDeps, 'api'>) =>
  latePartWhen(deps, weekScript, () => deps.panel.value === 'board').part
