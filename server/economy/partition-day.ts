/** What one partition counted of a day. */

import type { EconomyLive } from '../../shared/economy.ts'
import type { Balances } from '../../shared/ledger.ts'
import { BUCKETS, type Bucket } from '../../shared/receipt.ts'
import { defineScript, type SlotTag, type Store } from '../redis/index.ts'
import { activeKey, countedKey, redeemedKey, tallyKey, watchedKey } from './keys.ts'
import source from './read-day.lua'
import { type Beside, CONSUMER } from './tally.ts'

const script = defineScript({
  name: 'economy.read_day',
  source,
  keys: ['counted', 'tally', 'active', 'cursors', 'journal'],
  args: { consumer: 'str' },
  each: { keys: ['later'], args: {} },
  replies: { read: { all_counted: 'int', active: 'int', hashes: 'str' } },
  readonly: true,
})

/** Fields of a day's tally; names and numbers follow the colon. */
export const FIELDS = {
  issued: 'issued:',
  spent: 'spent:',
  refunded: 'refunded',
  expired: 'expired',
  sessionExpired: 'sessionExpired',
  revoked: 'revoked',
  transferredIn: 'transferredIn',
  transferredOut: 'transferredOut',
  orders: 'orders',
  /** Hundredths of a yuan, by rung. */
  sales: 'sales:',
  refundedFen: 'refundedFen',
  redemptions: 'redemptions',
} as const

/** Fields of a live: `live:NUMBER:NAME`. */
export const LIVE_FIELDS = ['seen', 'redemptions', 'issued', 'spent'] as const
export const liveField = (live: number, name: (typeof LIVE_FIELDS)[number]): string =>
  `live:${live}:${name}`

export interface PartitionDay {
  tally: Record<string, number>
  stock: Balances
  accounts: number
  used: number
  members: number
  active: number
  lives: Omit<EconomyLive, 'room'>[]
}

/** A hash as Lua's JSON has it: names and values in turn; an empty one is `{}`. */
function numbers(pairs: unknown): Record<string, number> {
  const sums: Record<string, number> = {}
  if (Array.isArray(pairs))
    for (let i = 0; i < pairs.length; i += 2) sums[String(pairs[i])] = Number(pairs[i + 1])
  return sums
}

/** The first day of which something was counted, and since when where not from its beginning. */
export async function countedSince(
  store: Store,
  slot: SlotTag,
): Promise<{ first?: number; sinceMs?: number }> {
  const [first, since] = await store.hmget(countedKey(slot), 'first', 'since')
  return {
    ...(first && { first: Number(first) }),
    ...(since && { sinceMs: Number(since) }),
  }
}

/**
 * The day as the partition has it, once all of its journal up to the day's end is counted; undefined before. `until` is
 * the newest day that may have been counted by now.
 */
export async function readPartitionDay(
  store: Store,
  { slot, cursors, journal }: Beside & { slot: SlotTag },
  { day, endsAtMs, until }: { day: number; endsAtMs: number; until: number },
): Promise<PartitionDay | undefined> {
  const later = Array.from({ length: Math.max(0, until - day) }, (_, i) => day + 1 + i)
  const { all_counted, active, hashes } = await script.run(store, {
    keys: {
      counted: countedKey(slot),
      tally: tallyKey(slot, day),
      active: activeKey(slot, day),
      cursors,
      journal,
    },
    args: { consumer: CONSUMER },
    each: later.map((one) => ({ keys: { later: tallyKey(slot, one) }, args: {} })),
  })
  const [there = {}, tally = {}, ...since] = (JSON.parse(hashes) as unknown[]).map(numbers)
  if (all_counted === 0 && (there.at ?? 0) < endsAtMs) return undefined
  const atEnd = (field: string): number =>
    (there[field] ?? 0) - since.reduce((sum, one) => sum + (one[`+${field}`] ?? 0), 0)
  return {
    tally,
    stock: Object.fromEntries(
      (Object.keys(BUCKETS) as Bucket[]).map((bucket) => [bucket, atEnd(bucket)]),
    ) as Balances,
    accounts: atEnd('accounts'),
    used: atEnd('used'),
    members: atEnd('members'),
    active,
    lives: await readLives(store, { slot, day, tally }),
  }
}

async function readLives(
  store: Store,
  { slot, day, tally }: { slot: SlotTag; day: number; tally: Record<string, number> },
): Promise<PartitionDay['lives']> {
  const lives = new Set(
    Object.keys(tally).flatMap((field) => /^live:(\d+):/.exec(field)?.[1] ?? []),
  )
  return Promise.all(
    [...lives].map(Number).map(async (live) => ({
      live,
      viewers: await store.scard(watchedKey(slot, day, live)),
      redeemers: await store.scard(redeemedKey(slot, day, live)),
      redemptions: tally[liveField(live, 'redemptions')] ?? 0,
      issued: tally[liveField(live, 'issued')] ?? 0,
      spent: tally[liveField(live, 'spent')] ?? 0,
    })),
  )
}

/** Frees what a closed day needs no more. What is not freed goes away by itself. */
export async function forgetDay(
  store: Store,
  slot: SlotTag,
  { day, lives }: { day: number; lives: readonly number[] },
): Promise<void> {
  const keys = [
    tallyKey(slot, day),
    activeKey(slot, day),
    ...lives.flatMap((live) => [watchedKey(slot, day, live), redeemedKey(slot, day, live)]),
  ]
  await store.unlink(...keys)
}
