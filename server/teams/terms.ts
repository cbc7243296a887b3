/** What a team is promised, as it stood in the rulebook when it was opened. */

import type { TeamPeriod, TeamTask } from '../../shared/rulebook/team-tasks.ts'
import type { TeamAction, TeamGoal } from '../../shared/teams.ts'

const MINUTE_SEC = 60

/** `target`, `most` and `least` are seconds of watching, otherwise times. */
export interface Terms extends TeamPeriod, TeamGoal {
  task: string
  sameNetwork: number
  /** Of all teams of the task and period. */
  budget: number
  /** Whose task it is, and whose points it pays. */
  brandNo: number
}

const unitOf = (action: TeamAction): number => (action === 'watch' ? MINUTE_SEC : 1)

/** As people count: whole minutes of watching, otherwise times. */
export const shownOf = ({ action }: Pick<Terms, 'action'>, amount: number): number =>
  Math.floor(amount / unitOf(action))

export function termsOf(task: TeamTask, period: TeamPeriod, brandNo: number): Terms {
  const { id, title, action, min, max, points, sameNetwork, budget } = task
  const unit = unitOf(action)
  return {
    ...period,
    ...{ task: id, title, action, min, max, points, sameNetwork, budget, brandNo },
    target: task.target * unit,
    most: task.most * unit,
    least: task.least * unit,
  }
}
