/** What a scoring call may pay: the smaller of what the live and what the platform have left for it. */

import type { Held } from '../governance/index.ts'
import type { Allowance } from '../scoring/index.ts'

/** Points that a room may pay. */
export interface Budget {
  /** Awards that do not fit are not paid in part. */
  readonly whole: boolean
  /** What a call that may pay `need` at most holds of it, perhaps less; undefined where it has to wait. */
  hold(need: number): number | undefined
  /** `paid` is undefined where the outcome is not known. */
  settle(held: number, paid?: number): void
}

/** Points that the platform may issue. */
export interface Cap {
  /** While nothing binds it does not matter what a call needs. */
  readonly binds: boolean
  hold(need: number): Held | undefined
  settle(held: Held, paid?: number): void
}

/** Held of both for one call. Whoever holds one must `settle` it. */
export interface HeldAllowance {
  allowance: Allowance
  /** `paid` is undefined where the outcome is not known. */
  settle(paid?: number): void
}

/** Undefined where one of both has to wait for a lease, and which; `need` is asked where it matters. */
export function holdAllowance(
  { cap, budget }: { cap: Cap; budget: Budget | undefined },
  need: () => number,
): HeldAllowance | { waits: Cap | Budget } {
  const most = budget || cap.binds ? need() : 0
  const issued = cap.hold(most)
  if (!issued) return { waits: cap }
  const held = budget?.hold(most)
  if (budget && held === undefined) {
    cap.settle(issued, 0)
    return { waits: budget }
  }
  const ofRoom = budget !== undefined && held !== undefined && held <= issued.points
  return {
    allowance: {
      allowance: ofRoom ? held : issued.points,
      whole: ofRoom ? budget.whole : true,
      reason: ofRoom ? 'budget' : 'issuance_cap',
      untilMs: issued.untilMs,
    },
    settle(paid) {
      cap.settle(issued, paid)
      if (budget && held !== undefined) budget.settle(held, paid)
    },
  }
}
