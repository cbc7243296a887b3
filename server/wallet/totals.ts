/** The conservation counters: what all accounts of all partitions must add up to. */

import { FLOWS, type Flow } from '../../shared/ledger.ts'
import type { Partitions, Store } from '../redis/index.ts'
import type { AccountRecord } from './account-record.ts'
import { totalsKey } from './keys.ts'

const FLOW_NAMES = Object.keys(FLOWS) as Flow[]

const COUNTERS = [
  'issued',
  'transferredIn',
  'spendable',
  'session',
  'pending',
  'held',
  'frozen',
  'spent',
  'expired',
  'revoked',
  'transferredOut',
] as const

/** issued + transferredIn = the sum of all others, at every instant. */
export type Totals = Record<(typeof COUNTERS)[number], number>

export const emptyTotals = (): Totals => ({
  issued: 0,
  transferredIn: 0,
  spendable: 0,
  session: 0,
  pending: 0,
  held: 0,
  frozen: 0,
  spent: 0,
  expired: 0,
  revoked: 0,
  transferredOut: 0,
})

/** Of one partition. */
export async function readTotals(store: Store, key: string): Promise<Totals> {
  const stored = await store.hgetall(key)
  const totals = emptyTotals()
  for (const counter of COUNTERS) totals[counter] = Number(stored[counter] ?? 0)
  return totals
}

export async function sumTotals(store: Store, partitions: Partitions): Promise<Totals> {
  const all = await Promise.all(partitions.slots.map((slot) => readTotals(store, totalsKey(slot))))
  const sum = emptyTotals()
  for (const totals of all) for (const counter of COUNTERS) sum[counter] += totals[counter]
  return sum
}

/** The two sides of the equation for one account. */
export function sumsOfAccount({ wallet }: Pick<AccountRecord, 'wallet'>): Totals {
  const sums = emptyTotals()
  for (const flow of FLOW_NAMES) sums[flow] = wallet[flow]
  for (const lot of wallet.lots) sums[lot.bucket] += lot.points
  return sums
}

/** What is missing from the equation's right side; 0 where not one point was lost or made. */
export function imbalance(totals: Totals): number {
  const { issued, transferredIn, ...rest } = totals
  return issued + transferredIn - Object.values(rest).reduce((sum, n) => sum + n, 0)
}
