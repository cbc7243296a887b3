/** What the multipliers of a room say in one line. */

import { ONE } from '../../shared/points.ts'
import type { Action } from '../../shared/receipt.ts'
import type { HeatView } from '../../shared/room-state.ts'

/** What viewers do with a finger; these move together with the heat. */
const INTERACTIONS: readonly Action[] = ['like', 'comment', 'share']

export interface Headline {
  /** `all` only where watching is multiplied as well; otherwise a headline would promise too much. */
  scope: 'all' | 'interactions' | Action
  /** Thousandths. */
  factor: number
}

export const multiplierOf = (heat: Pick<HeatView, 'multipliers'>, action: Action): number =>
  heat.multipliers[action] ?? ONE

/** The one multiplier to show: the common one, or else the action that pays most now. */
export function headlineOf(heat: Pick<HeatView, 'multipliers'>): Headline {
  const [first = 'like', ...others] = INTERACTIONS
  const factor = multiplierOf(heat, first)
  if (others.every((action) => multiplierOf(heat, action) === factor))
    return { scope: multiplierOf(heat, 'watch') === factor ? 'all' : 'interactions', factor }
  let best: Headline = { scope: first, factor }
  for (const action of [...others, 'watch', 'purchase'] as const) {
    const its = multiplierOf(heat, action)
    if (its > best.factor) best = { scope: action, factor: its }
  }
  return best
}

/** How far the heat is towards the next level, 0 to 100; full at the top. */
export const towardsNext = ({ value, next }: Pick<HeatView, 'value' | 'next'>): number =>
  next === undefined ? 100 : Math.max(0, Math.min(100, (value / next) * 100))

/** Heat that is missing to the next level: 0 where only time or people are, undefined at the top. */
export const leftToNext = ({
  value,
  next,
}: Pick<HeatView, 'value' | 'next'>): number | undefined =>
  next === undefined ? undefined : Math.max(0, Math.ceil(next - value))
