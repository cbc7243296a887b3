import { beforeEach, expect, test } from 'vitest'
import type { RulebookInput } from '../../shared/rulebook/schema.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { endedKey } from '../wallet/index.ts'
import { act, createBench, START_MS } from './bench.testing.ts'
import { type EventCall, scoreEvent } from './score-event.ts'

type EarnInput = RulebookInput['earn'][number]

const FLAT_LADDER = {
  id: 'flat',
  rungs: [
    { id: 'regular', label: { zh: 'a', en: 'a' }, growth: 0 },
    { id: 'silver', label: { zh: 'b', en: 'b' }, growth: 1_000_000 },
  ],
}

let redis: Store
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
})

function stand() {
  const bench = createBench(redis, {
    ladder: FLAT_LADDER,
    earn: [
      { id: 'like', no: 1, action: 'like', points: 1 },
      { id: 'purchase', no: 2, action: 'purchase', points: 1, growth: 1, per: 100 },
      {
        id: 'order',
        no: 3,
        action: 'purchase',
        points: 50,
        growth: 20,
        per: 1,
        caps: { perDay: 1 },
        enabled: false,
      },
    ],
  })
  const event = (more: Partial<EventCall> = {}) =>
    scoreEvent(redis, {
      slot: bench.places.slotOf(5),
      account: 5,
      id: 'order-1',
      body: 'a',
      context: bench.room,
      action: 'purchase',
      units: 12_345,
      journalMax: 1000,
      aroundMs: START_MS,
      nowMs: START_MS,
      ...more,
    })
  return { bench, event }
}

test('[E1 001-04] a purchase pays per whole yuan, in points and growth', async () => {
  const { event } = stand()
  expect(await event()).toMatchObject({
    tag: 'applied',
    state: { balance: { spendable: 123 }, tier: { growth: 123 } },
    entry: { session: 0, receipts: [{ action: 'purchase', units: 123, points: 123 }] },
  })
})

test('[E2] the same id is credited once and answers what the first one did; another body is a conflict', async () => {
  const { event } = stand()
  const first = await event()
  expect(await event()).toMatchObject({ ...first, tag: 'replayed' })
  expect(await event({ body: 'b' })).toEqual({ tag: 'conflict' })
  expect(await event({ id: 'order-2' })).toMatchObject({ state: { balance: { spendable: 246 } } })
})

test('[E3] nothing is earned in a live that has ended', async () => {
  const { bench, event } = stand()
  await redis.sadd(endedKey(bench.places.slotOf(5)), bench.room.live)
  expect(await event()).toEqual({ tag: 'ended' })
})

test('[E4] a place in a task pays what was promised, without multipliers; no place pays nothing and says so', async () => {
  const { bench, event } = stand()
  bench.room.tasks = [
    {
      task: 3,
      action: 'like',
      goal: 5,
      points: 100,
      growth: 7,
      title: { zh: 'x', en: 'x' },
      startsAtMs: 0,
      endsAtMs: START_MS + 1000,
      quota: 50,
    },
  ]
  const reached = await bench.one(START_MS, { account: 5, actions: [act(1, 'like', { units: 5 })] })
  expect(reached.state.tasks).toEqual([{ task: 3, progress: 5, state: 'claiming' }])
  expect(reached.entry?.claims).toEqual([
    { task: 3, points: expect.any(Number), growth: expect.any(Number), reachedAtMs: START_MS },
  ])
  const place = { task: 3, rank: 12, points: 100, growth: 7 }
  expect(await event({ id: 'task-3', action: 'task', units: 1, place })).toMatchObject({
    state: { balance: { spendable: 105 }, tasks: [{ state: 'won', rank: 12 }] },
    entry: { receipts: [{ ruleNo: 250, points: 100, growth: 7, task: 3 }] },
  })
  await bench.one(START_MS, { account: 6, actions: [act(1, 'like', { units: 5 })] })
  const none = { task: 3, rank: 0, points: 100, growth: 7 }
  expect(
    await event({ account: 6, id: 'task-3', action: 'task', units: 1, place: none }),
  ).toMatchObject({
    state: { balance: { spendable: 5 }, tasks: [{ state: 'full' }] },
    entry: { receipts: [{ reason: 'task_full', points: 0 }] },
  })
})

const PAY_PER_YUAN = {
  id: 'purchase',
  no: 2,
  action: 'purchase',
  points: 1,
  growth: 1,
  per: 100,
} as const

function shop(change: Partial<RulebookInput> = {}, rule: Partial<EarnInput> = {}) {
  const bench = createBench(redis, {
    dailyPoints: undefined,
    ladder: FLAT_LADDER,
    earn: [{ ...PAY_PER_YUAN, ...rule }],
    ...change,
  })
  const buy = (id: string, fen: number, more: Partial<EventCall> = {}) =>
    scoreEvent(redis, {
      slot: bench.places.slotOf(5),
      account: 5,
      id,
      body: `${fen}`,
      context: bench.room,
      action: 'purchase',
      units: fen,
      journalMax: 1000,
      aroundMs: START_MS,
      nowMs: START_MS,
      ...more,
    })
  return { bench, buy }
}

const pointsOf = (reply: Awaited<ReturnType<typeof scoreEvent>>): number[] =>
  reply.tag === 'applied' ? reply.entry.receipts.map(({ points }) => points) : []

test('[E6 001-17] one yuan is one point; the first purchase is doubled, once for ever, and says so', async () => {
  const { buy } = shop({ purchase: { firstOrder: 2 } })
  // Less than a yuan pays nothing and is no first order.
  expect(pointsOf(await buy('o0', 99))).toEqual([0])
  expect(await buy('o1', 12_345)).toMatchObject({
    entry: {
      receipts: [{ points: 246, first: true, multipliers: { personal: 2000 }, multiplier: 2000 }],
    },
  })
  const next = await buy('o2', 12_345)
  expect(pointsOf(next)).toEqual([123])
  expect(next).not.toMatchObject({ entry: { receipts: [{ first: true }] } })
})

test('[E6 001-17] of twenty first orders at once, one is doubled; replays do not change that', async () => {
  const { buy } = shop({ purchase: { firstOrder: 2 } })
  const replies = await Promise.all(Array.from({ length: 40 }, (_, i) => buy(`o${i % 20}`, 10_000)))
  const paid = replies.flatMap((reply) => (reply.tag === 'applied' ? pointsOf(reply) : []))
  expect(paid.sort((a, b) => a - b)).toEqual([...Array.from({ length: 19 }, () => 100), 200])
})

test('[E6] who bought before the rulebook had a factor has had the first order', async () => {
  const { buy } = shop()
  expect(pointsOf(await buy('o1', 100))).toEqual([1])
  const later = shop({ purchase: { firstOrder: 3 } })
  expect(pointsOf(await later.buy('o2', 100))).toEqual([1])
})

test('[S16 003-07] the cap of an order counts after the multiplier: 500 and not one more', async () => {
  const { buy } = shop({ purchase: { firstOrder: 2 } }, { capPerAward: 500 })
  expect(await buy('o1', 40_000)).toMatchObject({
    entry: { receipts: [{ points: 500, reason: 'award_cap', multiplier: 2000 }] },
  })
  expect(pointsOf(await buy('o2', 40_000))).toEqual([400])
  expect(pointsOf(await buy('o3', 10_000_000))).toEqual([500])
})

test('[S16 003-08] a tenth of a point a yuan, capped before the multiplier, may pay more than the cap', async () => {
  const { buy } = shop(
    { purchase: { firstOrder: 2 } },
    { points: 0.1, capPerAward: 500, capStage: 'beforeMultiplier' },
  )
  expect(await buy('o1', 10_000_000)).toMatchObject({
    entry: { receipts: [{ points: 1000, reason: 'award_cap', multiplier: 2000 }] },
  })
  expect(pointsOf(await buy('o2', 100_000))).toEqual([100])
})

test('[PR12 002-01] rooms of a kind pay 200 for an order, others do not', async () => {
  const bonus = {
    id: 'order_bonus',
    no: 10,
    action: 'order',
    enabled: false,
    points: 200,
    caps: { perLive: 1 },
  } as const
  const profile = { id: 'order_bonus', label: { zh: 'x', en: 'x' }, factors: {} }
  const { bench, buy } = shop({
    earn: [PAY_PER_YUAN, bonus],
    profiles: [{ ...profile, enables: ['order_bonus'] }],
  })
  const order = (id: string, profileId: string) =>
    buy(id, 1, { action: 'order', context: { ...bench.room, profile: profileId } })
  expect(await order('o1', '')).toMatchObject({ entry: { receipts: [{ reason: 'no_rule' }] } })
  expect(pointsOf(await order('o2', 'order_bonus'))).toEqual([200])
  expect(await order('o3', 'order_bonus')).toMatchObject({
    entry: { receipts: [{ points: 0, reason: 'live_cap' }] },
  })
})
