/** A day of the whole platform, put together from its partitions. Pure. */

import type { EconomyDay, EconomyLive } from '../../../shared/economy.ts'
import { BUCKETS } from '../../../shared/receipt.ts'
import { FIELDS, type PartitionDay } from '../../economy/index.ts'

/** Lives of all partitions: an account is in one partition, so viewers add up. */
export function livesOf(parts: readonly PartitionDay[]): EconomyLive[] {
  const lives = new Map<number, EconomyLive>()
  for (const one of parts.flatMap((part) => part.lives)) {
    const live = lives.get(one.live)
    if (!live) {
      lives.set(one.live, { ...one })
      continue
    }
    live.viewers += one.viewers
    live.redeemers += one.redeemers
    live.redemptions += one.redemptions
    live.issued += one.issued
    live.spent += one.spent
  }
  return [...lives.values()]
}

/** The day over all partitions. */
export function figuresOfParts(
  day: number,
  parts: readonly PartitionDay[],
  lives: readonly EconomyLive[],
): EconomyDay {
  const tally: Record<string, number> = {}
  for (const part of parts)
    for (const [field, by] of Object.entries(part.tally)) tally[field] = (tally[field] ?? 0) + by
  const total = (of: (part: PartitionDay) => number) =>
    parts.reduce((sum, part) => sum + of(part), 0)
  const field = (name: string) => tally[name] ?? 0
  const named = (prefix: string) =>
    Object.fromEntries(
      Object.entries(tally)
        .filter(([name, by]) => name.startsWith(prefix) && by !== 0)
        .map(([name, by]) => [name.slice(prefix.length), by]),
    )
  const sales: number[] = []
  for (const [rung, fen] of Object.entries(named(FIELDS.sales))) sales[Number(rung)] = fen
  const shares = lives.map(({ viewers, redeemers }) => (viewers > 0 ? redeemers / viewers : 0))
  const stock = { spendable: 0, session: 0, pending: 0, held: 0, frozen: 0 }
  for (const bucket of Object.keys(BUCKETS) as (keyof typeof stock)[])
    stock[bucket] = total((part) => part.stock[bucket])
  return {
    day,
    issued: named(FIELDS.issued),
    spent: named(FIELDS.spent),
    refunded: field(FIELDS.refunded),
    expired: field(FIELDS.expired),
    sessionExpired: field(FIELDS.sessionExpired),
    revoked: field(FIELDS.revoked),
    transferredIn: field(FIELDS.transferredIn),
    transferredOut: field(FIELDS.transferredOut),
    stock,
    accounts: total((part) => part.accounts),
    used: total((part) => part.used),
    members: total((part) => part.members),
    active: total((part) => part.active),
    orders: field(FIELDS.orders),
    salesFen: Array.from(sales, (fen) => fen ?? 0),
    refundedFen: field(FIELDS.refundedFen),
    redemptions: field(FIELDS.redemptions),
    lives: lives.length,
    liveShares: shares.reduce((sum, one) => sum + one, 0),
  }
}
