import { beforeEach, describe, expect, test } from 'vitest'
import { must } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { accountKey, journalKey, totalsKey } from '../wallet/index.ts'
import { act, createBench, START_MS } from './bench.testing.ts'
import { readJournal } from './journal.ts'

let redis: Store
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
})

const flat = {
  earn: [
    { id: 'like', no: 1, action: 'like' as const, points: 1, caps: { perMinute: 20, perDay: 50 } },
    { id: 'comment', no: 2, action: 'comment' as const, points: 5, growth: 2 },
    {
      id: 'watch_15',
      no: 3,
      action: 'watch' as const,
      points: 50,
      goal: { mode: 'continuous' as const, minutes: 15 },
    },
    { id: 'share', no: 4, action: 'share' as const, points: 10, growth: 10, caps: { perLive: 1 } },
  ],
}

describe('likes', () => {
  test('[S1] a like pays its points, is journalled and counted in the totals', async () => {
    const bench = createBench(redis, flat)
    const answer = await bench.one(START_MS, {
      account: 5,
      actions: [act(1, 'like', { units: 7 })],
    })
    expect(answer.outcomes).toEqual(['applied'])
    expect(answer.state.balance.spendable).toBe(7)
    expect(answer.entry?.receipts).toMatchObject([
      { ruleNo: 1, action: 'like', reason: 'earned', units: 7, counted: 7, points: 7, seq: 1 },
    ])
    const slot = bench.places.slotOf(5)
    expect(await redis.hgetall(totalsKey(slot))).toEqual({ issued: '7', spendable: '7' })
    const [entry] = await redis.xrangeBuffer(journalKey(slot), '-', '+')
    const batch = readJournal(must(must(entry, 'an element')[1][1], 'its bytes'))
    expect(batch).toEqual({
      atMs: START_MS,
      entries: [answer.entry],
      ledger: [],
      growth: [],
      kept: [],
    })
  })

  test('[S2] a command is credited once, whatever order its copies come in', async () => {
    const bench = createBench(redis, flat)
    await bench.one(START_MS, { account: 5, actions: [act(2, 'like'), act(1, 'like')] })
    const again = await bench.one(START_MS, {
      account: 5,
      actions: [act(1, 'like'), act(2, 'like'), act(3, 'like')],
    })
    expect(again.outcomes).toEqual(['dup', 'dup', 'applied'])
    expect(again.state.balance.spendable).toBe(3)
    expect(again.state.applied).toEqual({ high: 3, mask: 0b111 })
  })

  test('[S3] 32 behind the highest is too old to tell', async () => {
    const bench = createBench(redis, flat)
    await bench.one(START_MS, { account: 5, actions: [act(40, 'like')] })
    const late = await bench.one(START_MS, {
      account: 5,
      actions: [act(8, 'like'), act(9, 'like')],
    })
    expect(late.outcomes).toEqual(['too_old', 'applied'])
  })

  test('[S4] the minute cap clamps, says so and when it opens again', async () => {
    const bench = createBench(redis, flat)
    const answer = await bench.one(START_MS + 1000, {
      account: 5,
      actions: [act(1, 'like', { units: 30 }), act(2, 'like')],
    })
    expect(answer.entry?.receipts).toMatchObject([
      { reason: 'minute_cap', units: 30, counted: 20, points: 20, resetsAtMs: START_MS + 60_000 },
      { reason: 'minute_cap', counted: 0, points: 0 },
    ])
  })

  test('[S5 000-09] the day cap opens at midnight of the platform', async () => {
    const bench = createBench(redis, flat)
    for (let i = 0; i < 3; i++)
      await bench.one(START_MS + i * 60_000, {
        account: 5,
        actions: [act(i + 1, 'like', { units: 20 })],
      })
    const capped = await bench.one(START_MS + 240_000, { account: 5, actions: [act(9, 'like')] })
    const midnight = Date.UTC(2026, 4, 1, 16)
    expect(capped.entry?.receipts).toMatchObject([
      { reason: 'daily_cap', points: 0, resetsAtMs: midnight },
    ])
    const next = await bench.one(midnight, { account: 5, actions: [act(10, 'like')] })
    expect(next.state.balance.spendable).toBe(51)
  })
})

test('[S6] fractions are carried: three times half a point is one point and a half', async () => {
  const bench = createBench(redis, { earn: [{ id: 'like', no: 1, action: 'like', points: 0.5 }] })
  const answer = await bench.one(START_MS, {
    account: 5,
    actions: [act(1, 'like'), act(2, 'like'), act(3, 'like')],
  })
  expect(answer.entry?.receipts.map((r) => [r.points, r.carry])).toEqual([
    [0, 0],
    [1, 500],
    [0, 0],
  ])
})

test('[S7 001-15] fifteen continuous minutes pay 50 points at the second', async () => {
  const bench = createBench(redis, flat)
  let due = START_MS
  let nonce = 0
  for (let seq = 1; seq < 100; seq++) {
    const answer = await bench.one(due, {
      account: 5,
      actions: [act(seq, 'watch', { p1: nonce, p2: seq })],
    })
    nonce = answer.state.watch.nonce
    if (answer.state.balance.spendable > 0) {
      expect(due).toBe(START_MS + 900_000)
      expect(answer.state.live).toEqual({ points: 50, watchedMs: 900_000, continuousMs: 900_000 })
      return
    }
    due = answer.state.watch.dueAtMs
  }
  throw new Error('never paid')
})

test('[S8 001-26] growth raises the rung and the journal says so', async () => {
  const bench = createBench(redis, {
    ...flat,
    ladder: {
      id: 'two',
      rungs: [
        { id: 'regular', label: { zh: 'a', en: 'a' }, growth: 0 },
        { id: 'silver', label: { zh: 'b', en: 'b' }, growth: 10 },
      ],
    },
  })
  const answer = await bench.one(START_MS, { account: 5, actions: [act(1, 'share')] })
  expect(answer.state.tier).toMatchObject({ rung: 1, growth: 10, promotions: 1 })
  expect(answer.entry?.promotions).toEqual([{ ladder: 1, from: 0, rung: 1, no: 1 }])
})

test('[S9] a viewer whose record cannot be read is answered internal; the others are credited', async () => {
  const bench = createBench(redis, flat)
  await redis.set(accountKey(bench.places.slotOf(6), 6), Buffer.from([9, 1, 2, 3]))
  const reply = await bench.score(
    START_MS,
    [5, 6, 7].map((account) => ({ account, actions: [act(1, 'like')] })),
  )
  expect(reply.tag === 'scored' && reply.answers.map((a) => a.status)).toEqual([
    'ok',
    'internal',
    'ok',
  ])
})

test('[S10] a full journal refuses before anything is written', async () => {
  const bench = createBench(redis, flat)
  await bench.one(START_MS, { account: 5, actions: [act(1, 'like')] })
  const before = await redis.dbsize()
  expect(
    await bench.score(START_MS, [{ account: 9, actions: [act(1, 'like')] }], { journalMax: 1 }),
  ).toEqual({ tag: 'busy' })
  expect(await redis.dbsize()).toBe(before)
})

test('[S11] the allowance is never passed by one point', async () => {
  const bench = createBench(redis, flat)
  const reply = await bench.score(
    START_MS,
    [5, 6].map((account) => ({ account, actions: [act(1, 'like', { units: 7 })] })),
    { allowance: 10 },
  )
  expect(reply).toMatchObject({
    allowanceLeft: 0,
    answers: [
      { entry: { receipts: [{ points: 7 }] } },
      { entry: { receipts: [{ points: 3, reason: 'budget' }] } },
    ],
  })
})

test('[S15 001-14 003-19] a tier pays more from its next award on', async () => {
  const label = { zh: 'a', en: 'a' }
  const bench = createBench(redis, {
    earn: [
      { id: 'like', no: 1, action: 'like', points: 1 },
      { id: 'share', no: 2, action: 'share', points: 10, growth: 10 },
    ],
    ladder: {
      id: 'two',
      rungs: [
        { id: 'regular', label, growth: 0 },
        { id: 'silver', label, growth: 10, factor: 1.5 },
      ],
    },
  })
  const actions = [act(1, 'share'), act(2, 'like', { units: 2 })]
  const answer = await bench.one(START_MS, { account: 5, actions })
  expect(answer.entry?.receipts).toMatchObject([
    { points: 10, multipliers: { tier: 1000 } },
    { points: 3, multipliers: { tier: 1500 } },
  ])
})

test('[S15 000-04] a campaign doubles until its end, to the millisecond', async () => {
  const bench = createBench(redis, { earn: [{ id: 'share', no: 1, action: 'share', points: 10 }] })
  bench.room.campaigns = [
    {
      campaign: 1,
      action: 'share',
      factor: 2000,
      title: { zh: '分享双倍', en: 'Shares x2' },
      startsAtMs: START_MS,
      endsAtMs: START_MS + 600_000,
    },
  ]
  const before = await bench.score(START_MS + 599_999, [{ account: 5, actions: [act(1, 'share')] }])
  const after = await bench.score(START_MS + 600_000, [{ account: 5, actions: [act(2, 'share')] }])
  expect(before).toMatchObject({ answers: [{ entry: { receipts: [{ points: 20 }] } }] })
  expect(after).toMatchObject({ answers: [{ entry: { receipts: [{ points: 10 }] } }] })
})

test('[S15 T10 000-06] in a key moment sharing weighs more and silent watching less, each until its end', async () => {
  const bench = createBench(redis, {
    earn: [
      { id: 'share', no: 1, action: 'share', points: 10 },
      { id: 'like', no: 2, action: 'like', points: 10 },
      {
        ...{ id: 'watch', no: 3, action: 'watch', points: 20 },
        goal: { mode: 'cumulative', minutes: 0.25 },
      },
    ],
  })
  const watching = async (account: number) => {
    let nonce = 0
    let paid: object[] = []
    for (const n of [0, 1]) {
      const beat = act(n + 1, 'watch', { p1: nonce, p2: 1000 + n })
      const answer = await bench.one(START_MS + n * 15_000, { account, actions: [beat] })
      nonce = answer.state.watch.nonce
      paid = answer.entry?.receipts.filter(({ ruleNo }) => ruleNo === 3) ?? []
    }
    return paid
  }
  const usual = await watching(5)
  bench.room.campaigns = [
    {
      ...{ campaign: 1, action: 'all', factor: 3000, weights: { share: 3000, watch: 500 } },
      ...{ title: { zh: '高潮', en: 'Peak' }, startsAtMs: START_MS, endsAtMs: START_MS + 60_000 },
    },
  ]
  expect(usual).toMatchObject([{ points: 20 }])
  expect(await watching(6)).toMatchObject([{ points: 10, multipliers: { campaign: 500 } }])
  const both = (seq: number) => [act(seq, 'share'), act(seq + 1, 'like')]
  const during = await bench.one(START_MS + 59_999, { account: 7, actions: both(1) })
  const after = await bench.one(START_MS + 60_000, { account: 7, actions: both(3) })
  expect(during.entry?.receipts).toMatchObject([{ points: 30 }, { points: 10 }])
  expect(after.entry?.receipts).toMatchObject([{ points: 10 }, { points: 10 }])
})

test('[S4 002-08] a question, a like and a share each have a rule of their own', async () => {
  const bench = createBench(redis, {
    earn: [
      { id: 'like', no: 1, action: 'like', points: 1 },
      { id: 'question', no: 2, action: 'question', points: 8 },
      { id: 'share', no: 3, action: 'share', points: 10 },
    ],
  })
  const actions = [act(1, 'question', { p1: 77 }), act(2, 'like'), act(3, 'share')]
  const answer = await bench.one(START_MS, { account: 5, actions })
  expect(answer.entry?.receipts.map(({ ruleNo, points }) => [ruleNo, points])).toEqual([
    [2, 8],
    [1, 1],
    [3, 10],
  ])
})
