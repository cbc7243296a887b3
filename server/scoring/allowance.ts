/** What a call that scores may pay, as its script is given it. */

import { REASONS, type Reason } from '../../shared/receipt.ts'
import type { Issuance } from '../governance/index.ts'
import type { JournalEntry } from './journal.ts'
import type { EventReply } from './score-event.ts'

/** What the receipt of an award says that would pass the allowance. */
export type CapReason = Extract<Reason, 'budget' | 'issuance_cap'>

export interface Allowance {
  /** Points; -1 is no bound. */
  allowance: number
  /** An award that would pass it is paid whole or not at all; else what is left is paid. */
  whole?: boolean
  reason?: CapReason
  /** Redis time after which nothing may be paid. */
  untilMs?: number
}

/** The platform's cap, as whoever credits an event uses it. */
export type EventCap = Pick<Issuance, 'within' | 'brownout'>

/**
 * Scores an event within the platform's cap; without one there is no bound. `busy` where no lease came in time. Throws
 * where the outcome is not known.
 */
export async function scoreWithin(
  cap: EventCap | undefined,
  need: number,
  score: (budget: Allowance) => Promise<EventReply>,
): Promise<EventReply> {
  if (!cap) return score(UNBOUND)
  const done = await cap.within(need, async ({ points, untilMs }) => {
    const allowance = { allowance: points, whole: true, reason: 'issuance_cap', untilMs } as const
    const reply = await score(allowance)
    return { reply, paid: reply.tag === 'applied' ? paidBy(reply.entry) : 0 }
  })
  return done?.reply ?? { tag: 'busy' }
}

/** Points of all receipts of an entry. */
export const paidBy = ({ receipts }: JournalEntry): number =>
  receipts.reduce((sum, { points }) => sum + points, 0)

export const UNBOUND: Allowance = { allowance: -1 }

export const allowanceArgs = ({
  allowance,
  whole = false,
  reason = 'budget',
  untilMs = Number.MAX_SAFE_INTEGER,
}: Allowance) => ({
  allowance,
  allowance_until_ms: untilMs,
  whole: whole ? 1 : 0,
  budget_reason: REASONS[reason],
})
