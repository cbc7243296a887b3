/** The two sides of the conservation equation, as numbers that can be added and compared. */

import type { Bucket } from '../../shared/receipt.ts'
import type { JournalBatch } from '../scoring/index.ts'
import type { Flow } from '../wallet/index.ts'
import type { AccountRecord } from './account-record.ts'

/** issued + transferredIn = spendable + session + pending + held + frozen + spent + expired + revoked + transferredOut */
export const CAME = ['issued', 'transferredIn'] as const satisfies Flow[]
export const BUCKET_COUNTERS = [
  'spendable',
  'session',
  'pending',
  'held',
  'frozen',
] as const satisfies Bucket[]
export const WENT = ['spent', 'expired', 'revoked', 'transferredOut'] as const satisfies Flow[]
export const COUNTERS = [...CAME, ...BUCKET_COUNTERS, ...WENT] as const
export type Counter = (typeof COUNTERS)[number]
export type Sums = Record<Counter, number>

export const zeroSums = (): Sums =>
  Object.fromEntries(COUNTERS.map((counter) => [counter, 0])) as Sums

export function addSums(to: Sums, more: Readonly<Sums>): void {
  for (const counter of COUNTERS) to[counter] += more[counter]
}

/** What came in less what is there or went: 0, or points appeared or vanished. */
export function imbalance(sums: Readonly<Sums>): number {
  const total = (counters: readonly Counter[]) =>
    counters.reduce((sum, counter) => sum + sums[counter], 0)
  return total(CAME) - total(BUCKET_COUNTERS) - total(WENT)
}

export function sumsOfTotals(hash: Readonly<Record<string, string>>): Sums {
  const sums = zeroSums()
  for (const [name, value] of Object.entries(hash)) {
    const counter = COUNTERS.find((known) => known === name)
    if (!counter) throw new Error(`the totals have an unknown counter ${name}`)
    sums[counter] = Number(value)
  }
  return sums
}

export function sumsOfAccount({ wallet }: AccountRecord): Sums {
  const sums = zeroSums()
  for (const counter of [...CAME, ...WENT]) sums[counter] = wallet[counter]
  for (const lot of wallet.lots) sums[lot.bucket] += lot.points
  return sums
}

export interface Change {
  account: number
  /** Change counter of the account after it. */
  version: number
  sums: Sums
}

/** What an element of the journal changes, by account. */
export function changesOf(batch: JournalBatch): Change[] {
  const scored = batch.entries.map(({ account, version, receipts }) => {
    const sums = zeroSums()
    for (const { points, bucket } of receipts) {
      sums.issued += points
      sums[bucket] += points
    }
    return { account, version, sums }
  })
  const moved = batch.movements.map(({ account, version, from, to, points }) => {
    const sums = zeroSums()
    // What comes in counts where it came from; what goes out counts where it went.
    sums[from] += from === 'issued' || from === 'transferredIn' ? points : -points
    sums[to] += points
    return { account, version, sums }
  })
  return [...scored, ...moved]
}
