/** Brings the fan club when today is first looked at where the rules have clubs. */

import type { ComponentType } from 'preact'
import { latePartWhen } from '../overlay/late-part.ts'
import { lateScript } from '../overlay/late-script.ts'
import type { SheetDeps } from '../overlay/late-sheet.ts'
import type { Rules } from '../overlay/rules.ts'

export type ClubDeps = Pick<
  SheetDeps,
  'client' | 'model' | 'panel' | 'lang' | 'runtime' | 'reactive'
>
export interface ClubScript {
  create(deps: ClubDeps): ComponentType
}

export const clubScript = lateScript<ClubScript>('club')

export const createLateClub = (
  deps: ClubDeps & Pick<SheetDeps, 'api'>,
  { rules }: Pick<Rules, 'rules'>,
) =>
  latePartWhen(
    deps,
    clubScript,
    () => deps.panel.value === 'today' && rules.value?.some(({ topic }) => topic === 'club'),
  ).part
