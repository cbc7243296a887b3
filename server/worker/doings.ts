/** What the receipts of an account tell that its owner did, whatever it paid: read where they stand, for there are many. */

import type { Seen } from '../../shared/behaviour.ts'
import { ACTIONS, type Action, REASONS, type Reason } from '../../shared/receipt.ts'
import { named, u8At, u32At } from '../kernel/index.ts'
import { RECEIPT_BYTES, type SkimmedEntry } from '../scoring/index.ts'

/** By these an act counted, though it may have paid nothing. */
const COUNTED: ReadonlySet<number> = new Set(
  (
    [
      'earned',
      'progress',
      'no_rule',
      'minute_cap',
      'live_cap',
      'daily_cap',
      'daily_points',
      'once_only',
      'award_cap',
      'budget',
      'wallet_full',
      'task_pending',
    ] satisfies Reason[]
  ).map((reason) => REASONS[reason]),
)
/** Done by others or by the system, or told elsewhere. */
const NOT_OWN: ReadonlySet<number> = new Set(
  (['spotlight', 'task', 'purchase'] satisfies Action[]).map((action) => ACTIONS[action]),
)
const actionOf = named<Action>(ACTIONS)
/** Where a packed receipt has them. */
const SEQ = 4
const UNITS = 8
const COUNT = 12

/** Nothing but one like that counted: most of what there is. */
export const isPlainLike = ({ receipts, promotions }: SkimmedEntry): boolean =>
  receipts.length === RECEIPT_BYTES &&
  receipts[1] === ACTIONS.like &&
  promotions.length === 0 &&
  COUNTED.has(u8At(receipts, 2))

export type Doings = Pick<Seen, 'started' | 'watchedSec' | 'acts' | 'spentFen'>

/** `fenOf` says how many fen a unit of an earn rule is; several rules may have paid for one act, which counts once. */
export function doingsOf(receipts: Buffer, fenOf: (ruleNo: number) => number): Doings {
  const acts: Doings['acts'] = {}
  let started = false
  let watchedMs = 0
  let spentFen = 0
  let lastSeq = -1
  let lastAction = 0
  for (let at = 0; at < receipts.length; at += RECEIPT_BYTES) {
    const ruleNo = u8At(receipts, at)
    const action = u8At(receipts, at + 1)
    const reason = u8At(receipts, at + 2)
    if (action === ACTIONS.watch) {
      // The receipt of the beat itself, not of a goal it reached.
      if (ruleNo !== 0) continue
      watchedMs += u32At(receipts, at + COUNT)
      started ||= reason === REASONS.watch_started
      continue
    }
    if (!COUNTED.has(reason)) continue
    const seq = u32At(receipts, at + SEQ)
    if (seq === lastSeq && action === lastAction) continue
    lastSeq = seq
    lastAction = action
    const units = u32At(receipts, at + UNITS)
    if (action === ACTIONS.purchase) spentFen += units * fenOf(ruleNo)
    if (NOT_OWN.has(action)) continue
    const name = actionOf(action)
    acts[name] = (acts[name] ?? 0) + (name === 'like' ? units : 1)
  }
  return { started, watchedSec: Math.round(watchedMs / 1000), acts, spentFen }
}
