/** Tallies of partitions as figures: of a day that was closed, or of one that is not over. */

import type { EconomyDay } from '../../shared/economy.ts'
import type { SlotTag, Store } from '../redis/index.ts'
import { tallyKey } from './keys.ts'
import { FIELDS } from './partition-day.ts'

/** What is counted of a day while it runs; the rest is known at its end. */
type Tallied = Pick<
  EconomyDay,
  | 'issued'
  | 'spent'
  | 'refunded'
  | 'expired'
  | 'sessionExpired'
  | 'revoked'
  | 'transferredIn'
  | 'transferredOut'
  | 'orders'
  | 'salesFen'
  | 'refundedFen'
  | 'redemptions'
>

/** Partitions add up. */
export function talliedOf(tallies: readonly Record<string, number>[]): Tallied {
  const sums: Record<string, number> = {}
  for (const tally of tallies)
    for (const [field, by] of Object.entries(tally)) sums[field] = (sums[field] ?? 0) + by
  const field = (name: string) => sums[name] ?? 0
  const named = (prefix: string) =>
    Object.fromEntries(
      Object.entries(sums)
        .filter(([name, by]) => name.startsWith(prefix) && by !== 0)
        .map(([name, by]) => [name.slice(prefix.length), by]),
    )
  const sales: number[] = []
  for (const [rung, fen] of Object.entries(named(FIELDS.sales))) sales[Number(rung)] = fen
  return {
    issued: named(FIELDS.issued),
    spent: named(FIELDS.spent),
    refunded: field(FIELDS.refunded),
    expired: field(FIELDS.expired),
    sessionExpired: field(FIELDS.sessionExpired),
    revoked: field(FIELDS.revoked),
    transferredIn: field(FIELDS.transferredIn),
    transferredOut: field(FIELDS.transferredOut),
    orders: field(FIELDS.orders),
    salesFen: Array.from(sales, (fen) => fen ?? 0),
    refundedFen: field(FIELDS.refundedFen),
    redemptions: field(FIELDS.redemptions),
  }
}

/** What was counted of a day so far, as the worker has read the journal: a second or two old. */
export async function readTallied(
  { store, slots }: { store: Store; slots: readonly SlotTag[] },
  day: number,
): Promise<Tallied> {
  const hashes = await Promise.all(slots.map((slot) => store.hgetall(tallyKey(slot, day))))
  return talliedOf(
    hashes.map((hash) =>
      Object.fromEntries(Object.entries(hash).map(([field, by]) => [field, Number(by)])),
    ),
  )
}
