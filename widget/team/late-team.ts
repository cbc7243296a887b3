/** Brings teams when today is first looked at where the rules have team tasks. */

import type { ComponentType } from 'preact'
import { latePartWhen } from '../overlay/late-part.ts'
import { lateScript } from '../overlay/late-script.ts'
import type { SheetDeps } from '../overlay/late-sheet.ts'
import type { Rules } from '../overlay/rules.ts'

export type TeamDeps = Pick<
  SheetDeps,
  'address' | 'client' | 'model' | 'panel' | 'lang' | 'runtime' | 'reactive'
>
/** Hands on the address of the room, with a team's code in it. */
export type TeamPart = ComponentType<{ handOn(team: string): Promise<boolean> }>
export interface TeamScript {
  create(deps: TeamDeps): TeamPart
}

export const teamScript = lateScript<TeamScript>('team')

export const createLateTeam = (
  deps: TeamDeps & Pick<SheetDeps, 'api'>,
  { rules }: Pick<Rules, 'rules'>,
) =>
  latePartWhen(
    deps,
    teamScript,
    () => deps.panel.value === 'today' && rules.value?.some(({ topic }) => topic === 'team'),
  ).part
