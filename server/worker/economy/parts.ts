/** A day of the whole platform, put together from its partitions. Pure. */

import type { EconomyDay, EconomyLive } from '../../../shared/economy.ts'
import { BUCKETS } from '../../../shared/receipt.ts'
import { type PartitionDay, talliedOf } from '../../economy/index.ts'

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
  const total = (of: (part: PartitionDay) => number) =>
    parts.reduce((sum, part) => sum + of(part), 0)
  const shares = lives.map(({ viewers, redeemers }) => (viewers > 0 ? redeemers / viewers : 0))
  const stock = { spendable: 0, session: 0, pending: 0, held: 0, frozen: 0 }
  for (const bucket of Object.keys(BUCKETS) as (keyof typeof stock)[])
    stock[bucket] = total((part) => part.stock[bucket])
  return {
    day,
    ...talliedOf(parts.map(({ tally }) => tally)),
    stock,
    accounts: total((part) => part.accounts),
    used: total((part) => part.used),
    members: total((part) => part.members),
    active: total((part) => part.active),
    lives: lives.length,
    liveShares: shares.reduce((sum, one) => sum + one, 0),
  }
}
