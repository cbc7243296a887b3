import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Store } from '../redis/index.ts'
import { startRedis, type TestRedis } from '../redis/testing.ts'
import { endedKey } from '../wallet/index.ts'
import { act, createBench, START_MS } from './bench.testing.ts'
import { type EventCall, scoreEvent } from './score-event.ts'

let server: TestRedis
let redis: Store
beforeAll(async () => {
  server = await startRedis()
  redis = await server.connect()
})
afterAll(() => server.stop())
beforeEach(async () => {
  await redis.flushall()
})

function stand() {
  const bench = createBench(redis, {
    ladder: {
      id: 'flat',
      rungs: [
        { id: 'regular', label: { zh: 'a', en: 'a' }, growth: 0 },
        { id: 'silver', label: { zh: 'b', en: 'b' }, growth: 1_000_000 },
      ],
    },
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
