/** Holds and pending points, replayed from what the ledger says of them. */

import type { LedgerEntry, Move } from '../../../shared/ledger.ts'
import { BUCKETS, type Bucket } from '../../../shared/receipt.ts'
import type { Hold } from '../../wallet/index.ts'

/** Who settled it is not in the journal; this is what most are settled by. */
const SETTLED_BY = 'once'

const isBucket = (place: string): place is Bucket => place in BUCKETS
const sum = (moves: readonly Move[]): number => moves.reduce((all, { points }) => all + points, 0)

/** A hold or pending points as the entry opens it. */
export function openHold({ ref, use, ...entry }: LedgerEntry): Hold | undefined {
  if (!use) return undefined
  const { atMs, untilMs = 0, subject, by, at, live, moves } = entry
  return {
    id: ref,
    state: 'open',
    use,
    points: sum(moves),
    captured: 0,
    refunded: 0,
    untilMs,
    openedAtMs: atMs,
    subject,
    by,
    settledBy: '',
    at,
    live,
    lots: moves.map(({ from, issuer, live: ofLive, month, points }) => ({
      bucket: isBucket(from) ? from : 'spendable',
      issuer,
      live: ofLive,
      month,
      points,
      spent: 0,
    })),
  }
}

const lotOf = (hold: Hold, { issuer, live, month }: Move) =>
  hold.lots.find((lot) => lot.issuer === issuer && lot.live === live && lot.month === month)

/** What an entry does to the hold it names. */
export function changeHold(hold: Hold, { cause, moves }: LedgerEntry): void {
  switch (cause) {
    case 'captured':
    case 'sent':
    case 'merged_out':
    case 'due': {
      const paid = moves.filter(({ to }) =>
        cause === 'due' ? to !== 'revoked' : to === 'spent' || to === 'transferredOut',
      )
      for (const move of paid) {
        const lot = lotOf(hold, move)
        if (lot) lot.spent += move.points
      }
      Object.assign(hold, { state: 'captured', captured: sum(paid), settledBy: SETTLED_BY })
      return
    }
    case 'voided':
    case 'lapsed':
    case 'dropped':
      Object.assign(hold, { state: 'voided', settledBy: SETTLED_BY })
      return
    case 'refunded':
      for (const move of moves) {
        const lot = lotOf(hold, move)
        if (lot) lot.spent -= move.points
      }
      hold.refunded += sum(moves)
      return
    default:
  }
}
