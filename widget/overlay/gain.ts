/** What the pill says after an action: gains that come together are one line, a zero says why. */

import { ONE } from '../../shared/points.ts'
import type { Action, Receipt } from '../../shared/receipt.ts'
import { explainTold } from '../../shared/rulebook/explain.ts'
import type { Lang } from '../../shared/rulebook/labels.ts'

export interface Gain {
  points: number
  /** What was done, each action once, and how often. */
  done: { action: Action; times: number }[]
  /** Thousandths; undefined where the merged awards differ. */
  multiplier: number | undefined
  /** The newest receipt that paid, or the newest of all where none did. */
  last: Receipt
}

export type Bonus = 'heat' | 'campaign' | 'tier' | 'personal'
const BONUSES: readonly Bonus[] = ['heat', 'campaign', 'personal', 'tier']

/** The clock of watching ticks by itself; only what it pays is worth a line. */
export const isTold = ({ action, points, growth }: Receipt): boolean =>
  action !== 'watch' || points > 0 || growth > 0

/** The line after one more receipt. */
export function mergeGain(before: Gain | undefined, receipt: Receipt): Gain {
  const { action, points, multiplier } = receipt
  const times = Math.max(1, receipt.units)
  if (!before) return { points, done: [{ action, times }], multiplier, last: receipt }
  const known = before.done.some((part) => part.action === action)
  const done = known
    ? before.done.map((part) =>
        part.action === action ? { action, times: part.times + times } : part,
      )
    : [...before.done, { action, times }]
  const newPays = points > 0 || before.points === 0
  return {
    points: before.points + points,
    done,
    multiplier:
      before.points > 0 && points > 0 && before.multiplier !== multiplier
        ? undefined
        : newPays
          ? multiplier
          : before.multiplier,
    last: newPays ? receipt : before.last,
  }
}

/** The largest of the multipliers above ×1; it is what the line names as the cause. */
export function bonusOf({ multipliers, multiplier }: Receipt): Bonus | undefined {
  if (multiplier <= ONE) return undefined
  let best: Bonus | undefined
  for (const bonus of BONUSES)
    if (multipliers[bonus] > (best ? multipliers[best] : ONE)) best = bonus
  return best
}

/** What a receipt says beside its amounts: a limit that was met, a bucket, a stale heat. */
export const notesOf = (receipt: Receipt, lang: Lang): string =>
  explainTold(receipt, lang)
    .split(' · ')
    .filter((part) => !part.startsWith('+'))
    .join(' · ')
