import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS } from '../../shared/time.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { act, START_MS } from '../scoring/bench.testing.ts'
import { changeGrowth, readAccount, readHistory, skimJournal } from '../scoring/index.ts'
import { journalKey, sweptKey } from '../wallet/index.ts'
import { comparePartition } from './archive/compare.ts'
import { createDemotions } from './demotions.ts'
import { happeningsOf } from './webhooks/happenings.ts'
import { createStand, type Stand } from './worker.testing.ts'

const [ANNA, BEN] = [2, 4]
/** START_MS is noon of 1 May: a window of 30 whole days ends with the 31st, and is warned of 7 days before. */
const MIDNIGHT_MS = START_MS + DAY_MS / 2
const ENDS_MS = MIDNIGHT_MS + 30 * DAY_MS
const WARNS_MS = ENDS_MS - 7 * DAY_MS
const HOUR_MS = DAY_MS / 24

const label = (name: string) => ({ zh: name, en: name })
const BOOK = {
  demotion: { kind: 'grace' as const },
  earn: [
    { id: 'like', no: 1, action: 'like' as const, points: 1 },
    { id: 'share', no: 2, action: 'share' as const, points: 1, growth: 10 },
  ],
  ladder: {
    id: 'test',
    rungs: [
      { id: 'regular', label: label('Regular'), growth: 0 },
      { id: 'silver', label: label('Silver'), growth: 50, factor: 2, keep: 0 },
      {
        id: 'gold',
        label: label('Gold'),
        growth: 100,
        factor: 3,
        keep: 30,
        privileges: [{ kind: 'room_price' as const }],
      },
    ],
  },
}

let redis: Store
let stand: Stand
let nowMs = START_MS
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  nowMs = START_MS
  stand = createStand(redis, { partitions: 1, book: BOOK })
  stand.deps.nowMs = () => nowMs
})
afterEach(() => stand.clean())

let seq = 0
const share = (account: number, units: number) =>
  stand.bench.one(nowMs, { account, actions: [act(++seq, 'share', { units })] })
const like = (account: number) => stand.bench.one(nowMs, { account, actions: [act(++seq, 'like')] })
const slot = () => stand.bench.places.slotOf(ANNA)
const chore = () => createDemotions(stand.deps)(slot())
async function tierOf(account: number) {
  const of = { slot: slot(), account, live: 7, timeZone: 'Asia/Shanghai', aroundMs: nowMs, nowMs }
  const reading = await readAccount(redis, { ...of, session: { startMs: 0, nonce: 0 } })
  return reading?.state.tier
}
async function journal() {
  const elements = await redis.xrangeBuffer(journalKey(slot()), '-', '+')
  return elements.map(([, fields]) => skimJournal(fields[1] ?? Buffer.alloc(0)))
}
const told = async () =>
  (await journal()).flatMap((batch) =>
    happeningsOf(batch, stand.deps.rulebook()).map(({ type, account, data }) => ({
      type,
      account,
      data,
    })),
  )

describe('a rung that is not kept', () => {
  test('[TI6 TI7 001-34] is warned of seven days before and falls one rung at midnight, though nobody comes', async () => {
    await share(ANNA, 11)
    expect(await tierOf(ANNA)).toEqual({
      growth: 110,
      rung: 2,
      promotions: 1,
      keep: { growth: 140, untilMs: ENDS_MS },
    })
    nowMs = WARNS_MS + 2 * HOUR_MS - 1 - HOUR_MS
    await chore()
    expect((await tierOf(ANNA))?.keep).toMatchObject({ untilMs: ENDS_MS })
    nowMs = WARNS_MS + 2 * HOUR_MS
    await chore()
    expect(await tierOf(ANNA)).toMatchObject({ rung: 2, keep: { untilMs: ENDS_MS, warned: true } })
    nowMs = ENDS_MS - 1
    await chore()
    expect(await tierOf(ANNA)).toMatchObject({ rung: 2 })
    nowMs = ENDS_MS + 2 * HOUR_MS
    await chore()
    // Thirty were missing to keep it, so thirty are missing for it.
    expect(await tierOf(ANNA)).toEqual({ growth: 70, rung: 1, promotions: 1 })
    const rung = { ladder: 'test', tier: 'gold', rung: 2 }
    expect(await told()).toMatchObject([
      { type: 'tier.reached' },
      { type: 'privileges.gained', data: { privileges: ['room_price'] } },
      { type: 'tier.warned', data: { ...rung, growthMissing: 30, untilMs: ENDS_MS } },
      {
        type: 'tier.lost',
        data: { ...rung, growthMissing: 30, growth: -40, now: { tier: 'silver', rung: 1 } },
      },
      { type: 'privileges.lost', data: { tier: 'silver', privileges: ['room_price'] } },
    ])
  })

  test('[TI7] falls with the next action of the viewer where the worker was not there, and that action is paid by the rung below', async () => {
    await share(ANNA, 10)
    nowMs = WARNS_MS + 1
    expect((await like(ANNA)).state).toMatchObject({ tier: { rung: 2, keep: { warned: true } } })
    nowMs = ENDS_MS
    const { entry, state } = await like(ANNA)
    expect(entry?.receipts[0]).toMatchObject({ multipliers: { tier: 2000 }, points: 2 })
    expect(state.tier).toMatchObject({ rung: 1, growth: 70 })
    // The fall is a change of its own, and before what was scored.
    const last = (await journal()).slice(-2)
    expect(last).toMatchObject([
      { growth: [{ cause: 'tier_fell', rung: 1, from: 2, growth: -30, version: 4 }] },
      { entries: [{ version: 5 }] },
    ])
  })

  test('[TI8 TI9] comes back with the growth that was missing, and is announced as a promotion of its own', async () => {
    await share(ANNA, 12)
    nowMs = WARNS_MS
    await like(ANNA)
    await share(ANNA, 2)
    nowMs = ENDS_MS
    expect((await like(ANNA)).state.tier).toMatchObject({ rung: 1, growth: 90 })
    const { entry, state } = await share(ANNA, 1)
    expect(state.tier).toMatchObject({ rung: 2, growth: 100, promotions: 2 })
    expect(entry?.promotions).toEqual([{ ladder: 1, from: 1, rung: 2, no: 2 }])
  })

  test('[TI7] who gathers enough keeps it for another window, warned or not', async () => {
    await share(ANNA, 10)
    nowMs = WARNS_MS
    await like(ANNA)
    await share(ANNA, 3)
    nowMs = ENDS_MS + 2 * HOUR_MS
    await chore()
    const keep = { growth: 160, untilMs: ENDS_MS + 31 * DAY_MS }
    expect(await tierOf(ANNA)).toEqual({ growth: 130, rung: 2, promotions: 1, keep })
  })

  test('[TI7] nobody falls unwarned: where nobody looked in time, the window ends seven days after the warning', async () => {
    await share(ANNA, 10)
    nowMs = ENDS_MS + 100 * DAY_MS
    await like(ANNA)
    const untilMs = ENDS_MS + 107 * DAY_MS
    expect(await tierOf(ANNA)).toMatchObject({ rung: 2, keep: { untilMs, warned: true } })
    nowMs = untilMs
    await like(ANNA)
    expect(await tierOf(ANNA)).toMatchObject({ rung: 1 })
  })

  test('[TI6] is not lost where a rulebook begins to ask for it: the first window begins then', async () => {
    const [book] = [stand.bench.book]
    const before = { ...book, demotion: { kind: 'highWater' as const } }
    stand.bench.room.book = before
    await share(ANNA, 10)
    nowMs = ENDS_MS + 400 * DAY_MS
    expect((await like(ANNA)).state.tier).toEqual({ growth: 100, rung: 2, promotions: 1 })
    nowMs += 2 * HOUR_MS
    await chore()
    const untilMs = ENDS_MS + 431 * DAY_MS
    expect(await tierOf(ANNA)).toMatchObject({ rung: 2, keep: { growth: 130, untilMs } })
  })
})

describe('once', () => {
  test('[TI7] two workers, a crash in between and an action at the same time: warned once, fallen once', async () => {
    await Promise.all([share(ANNA, 10), share(BEN, 10)])
    for (const atMs of [WARNS_MS + 2 * HOUR_MS, ENDS_MS + 2 * HOUR_MS, ENDS_MS + 3 * HOUR_MS]) {
      nowMs = atMs
      await Promise.all([chore(), chore(), like(ANNA), chore()])
      // As if the worker had died before it noted that it was through.
      await redis.del(sweptKey(slot()))
      await Promise.all([chore(), like(BEN)])
    }
    const types = (await told()).filter(({ type }) => type.startsWith('tier.'))
    for (const account of [ANNA, BEN])
      expect(types.filter((one) => one.account === account).map(({ type }) => type)).toEqual([
        'tier.reached',
        'tier.warned',
        'tier.lost',
      ])
    expect((await comparePartition(redis, { slot: slot(), index: 0 }, [])).problems).toEqual([])
  })

  test('[TI7] a frozen account neither is warned nor falls', async () => {
    await share(ANNA, 10)
    await stand.deps.wallets.freeze({ account: ANNA, id: 'f1', freeze: true, by: 'operator' })
    nowMs = ENDS_MS + 2 * HOUR_MS
    await chore()
    expect(await tierOf(ANNA)).toMatchObject({
      rung: 2,
      keep: { untilMs: ENDS_MS + 31 * DAY_MS },
    })
  })

  test('[TI9] the history says why', async () => {
    await share(ANNA, 10)
    nowMs = WARNS_MS
    await like(ANNA)
    nowMs = ENDS_MS
    await like(ANNA)
    await stand.worker()
    await stand.drained()
    const { lines } = await readHistory(redis, { slot: slot(), account: ANNA, limit: 9 })
    const moved = lines.flatMap((line) => (line.kind === 'moved' ? [line.entry] : []))
    expect(moved).toMatchObject([
      { cause: 'tier_fell', subject: '2 30 0', moves: [] },
      { cause: 'tier_warned', untilMs: ENDS_MS },
    ])
  })
})

test('[TI10] a refund never makes a window ask for more than it does, and a merge begins that of the rung it leads to', async () => {
  await share(ANNA, 12)
  const grow = (growth: number, id: string) =>
    changeGrowth(
      redis,
      { slot: slot(), book: stand.bench.book, journalMax: 1000, nowMs },
      { account: ANNA, id, growth, cause: growth < 0 ? 'revoked' : 'merged_in', subject: '' },
    )
  await grow(-10, 'refund-1')
  expect(await tierOf(ANNA)).toMatchObject({ growth: 110, rung: 2, keep: { growth: 140 } })
  await grow(-20, 'refund-2')
  expect(await tierOf(ANNA)).toEqual({ growth: 90, rung: 1, promotions: 1 })
  nowMs = ENDS_MS
  await grow(60, 'merge-1')
  const untilMs = ENDS_MS + 31 * DAY_MS
  expect(await tierOf(ANNA)).toMatchObject({ rung: 2, keep: { growth: 180, untilMs } })
})
