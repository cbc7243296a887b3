/** Rulebooks that nobody should publish: whatever they say, sums stay exact and three ways of counting agree. */

import { beforeEach, expect, test } from 'vitest'
import { must } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { accountKey, readAccountRecord, totalsKey } from '../wallet/index.ts'
import { act, createBench, START_MS } from './bench.testing.ts'
import { platformContext } from './compile.ts'
import { journalled } from './journalled.testing.ts'
import { scoreEvent } from './score-event.ts'

let redis: Store
useRedis(
  async (server) => {
    redis = await server.connect()
  },
  ['--appendonly', 'no'],
)
beforeEach(async () => {
  await redis.flushall()
})

const ACCOUNT = 5
/** The largest order that the API takes, in fen. */
const ORDER_FEN_MAX = 1_000_000_000
const MOST = { points: 100_000, growth: 100_000, per: 1 }

const bookOf = (capPerAward?: number) => ({
  ceiling: 6,
  stacking: 'product' as const,
  dailyPoints: undefined,
  wallet: { expiry: { kind: 'never' as const } },
  earn: [
    { id: 'buy', no: 1, action: 'purchase' as const, ...MOST, ...(capPerAward && { capPerAward }) },
    { id: 'like', no: 2, action: 'like' as const, ...MOST },
    { id: 'share', no: 3, action: 'share' as const, ...MOST, bucket: 'session' as const },
  ],
})

test.each([undefined, 1_000_000])(
  '[S16 000-01] the dearest rules, ten million yuan at once and hundreds of likes: counters, account and journal agree (at most %s an award)',
  async (capPerAward) => {
    const bench = createBench(redis, bookOf(capPerAward))
    const slot = bench.places.slotOf(ACCOUNT)
    const context = platformContext(1, bench.book, 1)
    for (const [i, units] of [1, 999, 1_000_003, ORDER_FEN_MAX, ORDER_FEN_MAX].entries()) {
      const reply = await scoreEvent(redis, {
        ...{ slot, account: ACCOUNT, id: `order-${i}`, body: '', action: 'purchase', units },
        ...{ context, journalMax: 10_000, personal: 6000, nowMs: START_MS, aroundMs: START_MS },
      })
      const [told] = reply.tag === 'applied' ? reply.entry.receipts : []
      expect(told?.points).toBe(Math.min(units * 600_000, capPerAward ?? 100_000_000))
      expect(told?.growth).toBe(Math.min(units * 100_000, 4_000_000_000))
    }
    let growth = 0
    for (let seq = 1; seq <= 300; seq++) {
      const action = seq % 9 === 0 ? 'share' : 'like'
      const actions = [act(seq, action, { units: action === 'like' ? 50 : 1 })]
      const { state } = await bench.one(START_MS + seq, {
        ...{ account: ACCOUNT, personal: 6000, actions },
      })
      growth = state.tier.growth
    }
    const raw = must((await redis.getBuffer(accountKey(slot, ACCOUNT))) ?? undefined, 'a record')
    const { wallet } = readAccountRecord(raw)
    const journal = { points: 0, growth: 0 }
    for (const { receipts } of await journalled(redis, [slot]))
      for (const { points, growth } of receipts) {
        journal.points += points
        journal.growth += growth
      }
    const held = wallet.lots.reduce((sum, { points }) => sum + points, 0)
    const totals = await redis.hgetall(totalsKey(slot))
    expect({ ...journal, held, issued: wallet.issued, counted: Number(totals.issued) }).toEqual({
      points: journal.points,
      growth,
      ...{ held: journal.points, issued: journal.points, counted: journal.points },
    })
    expect(journal.points).toBeGreaterThan(2 ** 32)
  },
)
