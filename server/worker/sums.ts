/** What accounts and journals say about the counters of the conservation equation. */

import type { JournalBatch } from '../scoring/index.ts'
import { emptyTotals, type Totals } from '../wallet/index.ts'

export type Counter = keyof Totals
export const CAME = ['issued', 'transferredIn'] as const satisfies Counter[]
export const THERE = [
  'spendable',
  'session',
  'pending',
  'held',
  'frozen',
] as const satisfies Counter[]
export const WENT = ['spent', 'expired', 'revoked', 'transferredOut'] as const satisfies Counter[]
export const COUNTERS: readonly Counter[] = [...CAME, ...THERE, ...WENT]

export function addSums(to: Totals, more: Readonly<Totals>): void {
  for (const counter of COUNTERS) to[counter] += more[counter]
}

/** As Redis stores them; a counter that is not there is 0. */
export function sumsOfTotals(hash: Readonly<Record<string, string>>): Totals {
  const sums = emptyTotals()
  for (const counter of COUNTERS) sums[counter] = Number(hash[counter] ?? 0)
  return sums
}

export interface Change {
  account: number
  /** Change counter of the account after it. */
  version: number
  sums: Totals
}

/** What an element of the journal changes, by account. */
export function changesOf(batch: JournalBatch): Change[] {
  const scored = batch.entries.map(({ account, version, receipts }) => {
    const sums = emptyTotals()
    for (const { points, bucket } of receipts) {
      sums.issued += points
      sums[bucket] += points
    }
    return { account, version, sums }
  })
  const moved = batch.ledger.map(({ account, version, moves }) => {
    const sums = emptyTotals()
    for (const { from, to, points } of moves) {
      // What comes in counts where it came from; what goes out counts where it went.
      sums[from] += from === 'issued' || from === 'transferredIn' ? points : -points
      sums[to] += points
    }
    return { account, version, sums }
  })
  const grown = batch.growth.map(({ account, version }) => ({
    account,
    version,
    sums: emptyTotals(),
  }))
  return [...scored, ...moved, ...grown]
}
