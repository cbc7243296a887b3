/** The most an action can pay: what has to be held of a budget before it is scored. */

import type { Action } from '../../shared/receipt.ts'
import type { RoomContext } from './compile.ts'
import type { ScoredAction } from './score.ts'

/** A fraction of a point that an account carried from an award before. */
const CARRIED = 1

/** An upper bound in points, before any cap: no multiplier stacks above the rulebook's ceiling. */
export type MostPoints = (act: Pick<ScoredAction, 'action' | 'units' | 'refused'>) => number

/** Of a room as it is now; tasks with places are not paid by scoring, so they do not count. */
export function mostPoints({ book, profile, tasks }: RoomContext): MostPoints {
  const kind = book.profiles.find(({ id }) => id === profile)
  const rules = book.earn.filter(({ enabled, id }) => enabled || kind?.enables.includes(id))
  const promised = new Map<Action, number>()
  for (const { action, points, quota } of tasks)
    if (!quota) promised.set(action, (promised.get(action) ?? 0) + points)

  for (const { enabled, action, steps, period } of book.quests) {
    if (!enabled) continue
    const points = steps.map((step) => step.points)
    // A streak pays one step a day, others may reach all at once.
    const most = period === 'streak' ? Math.max(...points) : points.reduce((a, b) => a + b, 0)
    promised.set(action, (promised.get(action) ?? 0) + most)
  }

  const byAction = new Map<Action, { each: number; per: number }[]>()
  for (const { action, points, per, goal } of rules) {
    const each = points * (kind?.factors[action] ?? 1) * book.ceiling
    // A beat is one unit and can reach a goal as often as it fits into the longest gap.
    const reached = goal ? 1 + book.attention.maxGapSec / (goal.minutes * 60) : 1
    const of = byAction.get(action) ?? []
    of.push({ each: each * reached, per })
    byAction.set(action, of)
  }
  return ({ action, units, refused }) => {
    if (refused !== 0) return 0
    // A beat that says the page is hidden now may still credit what was seen before.
    const of = action === 'watch' ? 1 : units
    let most = promised.get(action) ?? 0
    for (const { each, per } of byAction.get(action) ?? [])
      most += Math.ceil(Math.floor(of / per) * each) + CARRIED
    return most
  }
}
