/** What random histories have found, each as the shortest story that shows it. */

import { beforeEach, expect, test } from 'vitest'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { act, createBench, START_MS } from './bench.testing.ts'
import { compileContext, platformContext } from './compile.ts'
import { score } from './score.ts'
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

const order = { id: 'order', no: 1, action: 'order' as const, points: 200 }

test('[S4] a cap of a live holds for events outside a live, too', async () => {
  const bench = createBench(redis, { earn: [{ ...order, caps: { perLive: 1 } }] })
  const event = (id: string) =>
    scoreEvent(redis, {
      ...{ slot: bench.places.slotOf(5), account: 5, id, body: '', action: 'order', units: 1 },
      ...{ context: platformContext(1, bench.book, 1), journalMax: 1000 },
      ...{ aroundMs: START_MS, nowMs: START_MS },
    })
  expect(await event('one')).toMatchObject({ state: { balance: { spendable: 200 } } })
  expect(await event('two')).toMatchObject({
    state: { balance: { spendable: 200 } },
    entry: { receipts: [{ reason: 'live_cap', points: 0 }] },
  })
})

test('[S16 S18] a cap before the multiplier is the reason where it lowers an award', async () => {
  const bench = createBench(redis, {
    earn: [{ ...order, action: 'like', capPerAward: 300, capStage: 'beforeMultiplier' }],
  })
  const answer = await bench.one(START_MS, {
    account: 5,
    personal: 2000,
    actions: [act(1, 'like', { units: 1 }), act(2, 'like', { units: 2 })],
  })
  expect(answer.entry?.receipts).toMatchObject([
    { reason: 'earned', points: 400 },
    { reason: 'award_cap', points: 600 },
  ])
})

const watchMinute = {
  earn: [
    {
      id: 'minute',
      no: 1,
      action: 'watch' as const,
      points: 10,
      goal: { mode: 'cumulative' as const, minutes: 1 },
    },
  ],
}

test('[S7] the beat of a clock that starts again is due when the goal is', async () => {
  const bench = createBench(redis, watchMinute)
  let nonce = 0
  let seq = 0
  const beat = async (nowMs: number, units = 1) => {
    const actions = [act(++seq, 'watch', { units, p1: nonce, p2: seq + 100 })]
    const { state } = await bench.one(nowMs, { account: 5, actions })
    nonce = state.watch.nonce
    return state
  }
  await beat(START_MS)
  await beat(START_MS + 20_000)
  await beat(START_MS + 40_000)
  await beat(START_MS + 58_000, 0)
  const { watch } = await beat(START_MS + 70_000)
  expect(watch.dueAtMs).toBe(START_MS + 72_000)
  expect((await beat(watch.dueAtMs)).balance.spendable).toBe(10)
})

test('[S24] a tab that is opened later and beats first costs the first one nothing', async () => {
  const bench = createBench(redis, watchMinute)
  const tab = (nonce: number) => {
    let held = 0
    let seq = 0
    return async (nowMs: number) => {
      const session = { startMs: START_MS, nonce }
      const actions = [act(++seq, 'watch', { p1: held, p2: seq + 100 })]
      const { state } = await bench.one(nowMs, { account: 5, session, actions })
      held = state.watch.nonce
      return state.live.watchedMs
    }
  }
  const [one, two] = [tab(1), tab(2)]
  await one(START_MS)
  await two(START_MS + 14_000)
  expect(await two(START_MS + 28_000)).toBe(14_000)
  expect(await one(START_MS + 28_000)).toBe(28_000)
  expect(await one(START_MS + 45_000)).toBe(45_000)
  expect(await two(START_MS + 46_000)).toBe(46_000)
})

test('[S5] a gateway whose clock is ahead does not begin the day before Redis does', async () => {
  const bench = createBench(redis, {
    earn: [{ id: 'like', no: 1, action: 'like', points: 1, caps: { perLive: 5 } }],
  })
  const midnight = Date.UTC(2026, 4, 1, 16)
  const points = async (nowMs: number, gatewayMs: number, seq: number) => {
    const reply = await score(redis, {
      ...{ slot: bench.places.slotOf(5), gateway: 1, nowMs, aroundMs: gatewayMs },
      ...{ timeZone: 'Asia/Shanghai', dailyPoints: 0, allowance: -1, journalMax: 1000 },
      contexts: [compileContext(bench.room, gatewayMs)],
      viewers: [
        {
          ...{ account: 5, live: bench.room.live, context: 0, personal: 1000 },
          ...{ session: { startMs: 1, nonce: 1 }, actions: [act(seq, 'like', { units: 9 })] },
        },
      ],
    })
    const answer = reply.tag === 'scored' ? reply.answers[0] : undefined
    return answer?.status === 'ok' ? answer.state.balance.spendable : undefined
  }
  expect(await points(midnight - 2000, midnight - 1980, 1)).toBe(5)
  expect(await points(midnight - 10, midnight + 10, 2)).toBe(5)
  expect(await points(midnight, midnight + 20, 3)).toBe(10)
})

test('[S32] points of more lives than a wallet has lots are refused, not a fault', async () => {
  const bench = createBench(redis, {
    earn: [
      { id: 'like', no: 1, action: 'like', points: 1, bucket: 'session' },
      { id: 'share', no: 2, action: 'share', points: 1 },
    ],
  })
  const like = async (live: number, seq: number) => {
    bench.room.live = live
    return bench.one(START_MS, { account: 5, actions: [act(seq, 'like'), act(seq + 1, 'share')] })
  }
  for (let live = 1; live <= 31; live++) await like(live, live * 2)
  const full = await like(32, 64)
  expect(full.entry?.receipts).toMatchObject([
    { action: 'like', reason: 'wallet_full', counted: 1, points: 0 },
    { action: 'share', reason: 'earned', points: 1 },
  ])
  expect(full.state.balance).toMatchObject({ session: 31, spendable: 32 })
  expect((await like(31, 66)).state.balance.session).toBe(32)
})

test('[S37] points last by the month in which Redis gives them, whenever and by whatever clock the context was made', async () => {
  const bench = createBench(redis, { earn: [{ id: 'like', no: 1, action: 'like', points: 1 }] })
  const turn = Date.UTC(2026, 4, 31, 16)
  const mayOf = (year: number) => (year - 2000) * 12 + 4
  // Given in May they are gone when June begins two years later.
  const inMay = mayOf(2028) + 1
  let seq = 0
  const month = async (nowMs: number, madeAtMs: number) => {
    const reply = await score(redis, {
      ...{ slot: bench.places.slotOf(5), gateway: 1, nowMs, aroundMs: madeAtMs },
      ...{ timeZone: 'Asia/Shanghai', dailyPoints: 0, allowance: -1, journalMax: 1000 },
      contexts: [compileContext(bench.room, madeAtMs)],
      viewers: [
        {
          ...{ account: 5, live: bench.room.live, context: 0, personal: 1000 },
          ...{ session: { startMs: 1, nonce: 1 }, actions: [act(++seq, 'like')] },
        },
      ],
    })
    const answer = reply.tag === 'scored' ? reply.answers[0] : undefined
    return answer?.status === 'ok' ? answer.entry?.month : undefined
  }
  expect(await month(turn - 1, turn - 5000)).toBe(inMay)
  expect(await month(turn - 1, turn + 50 * 60_000)).toBe(inMay)
  expect(await month(turn, turn - 5000)).toBe(inMay + 1)
  expect(await month(turn, turn - 50 * 60_000)).toBe(inMay + 1)
})
