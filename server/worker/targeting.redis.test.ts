import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { formatAccount } from '../../shared/ids.ts'
import type { TargetingPolicy } from '../../shared/rulebook/targeting.ts'
import { DAY_MS, dayBounds } from '../../shared/time.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { createRoom, startLive } from '../rooms/index.ts'
import { START_MS } from '../scoring/bench.testing.ts'
import { ANN, BEN, HELLO, policyOf, TargetingStand } from './targeting.testing.ts'
import { likes, type Stand, until } from './worker.testing.ts'

let redis: Store
let on: TargetingStand
let stand: Stand
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  on = new TargetingStand(redis)
  stand = on.stand
})
afterEach(() => stand.clean())

/** A policy of one segment, of all who did anything. */
const busyPolicy = (): TargetingPolicy =>
  policyOf({
    segments: [{ id: 'busy', label: HELLO, all: [{ figure: 'activeDays', atLeast: 1 }] }],
    offers: [],
  })

test('[TG2] likes that say nothing new are passed over, until the rules see more in them', async () => {
  let policy = policyOf()
  const { targeting } = on.open(policy, ({ rulebook }) => ({
    rulebook: () => ({ ...rulebook(), book: { ...rulebook().book, targeting: policy } }),
  }))
  const { places, room, book } = stand.bench
  const { day } = dayBounds(START_MS, book.timeZone)
  const knows = () => targeting.knowsLikes(places.slotOf(ANN), ANN, { live: room.live, day })
  await stand.worker()
  for (const seq of [1, 2]) {
    await likes(stand, [ANN], { seq, units: 20 })
    await stand.drained()
    expect(knows()).toBe(seq === 2)
  }
  const before = await targeting.read(ANN)
  expect(before).toMatchObject({ days: [{ acts: 20 }], segments: [] })
  await likes(stand, [ANN], { seq: 3 })
  await stand.drained()
  expect(await targeting.read(ANN)).toEqual(before)
  policy = busyPolicy()
  expect(knows()).toBe(false)
  await likes(stand, [ANN], { seq: 4 })
  await until('the new rules are kept', async () =>
    Boolean((await targeting.read(ANN))?.segments.some(({ id }) => id === 'busy')),
  )
})

describe('segments', () => {
  test('[TG7 001-29 001-30 004-16] 30 days away: the merchant is told of the pack, which waits for the next visit, once an absence', async () => {
    const replay = { room: 'kitchen', url: 'https://shop.example/replays/1' }
    const replaysOf = async (rooms: readonly string[]) => rooms.map((room) => ({ ...replay, room }))
    const { heard, told, given, targeting } = on.open(policyOf(), () => ({ replaysOf }))
    const kitchen = { id: 'kitchen', name: 'Kitchen', profile: 'launch' }
    await createRoom(redis, { ...kitchen, brand: 'b', timeZone: 'Asia/Shanghai', nowMs: START_MS })
    const started = await startLive(redis, { room: 'kitchen', nowMs: START_MS })
    if (!started.ok) throw new Error(started.code)
    await stand.worker()
    await on.watchIn(started.live.no, ANN, { beats: 2, fromMs: START_MS })
    await stand.drained()
    const before = await on.spendable(ANN)
    stand.deps.nowMs = () => START_MS + 31 * DAY_MS
    const away = () => heard.filter(({ data }) => data.segment === 'away')
    await until('the merchant is told', () => away().length === 1)
    expect(away()[0]).toMatchObject({
      account: ANN,
      type: 'segment.entered',
      data: {
        pack: { kind: 'comeback_pack', points: 80, gifts: ['coupon'], given: 'nextVisit' },
        hours: [12],
        rooms: ['kitchen'],
        kinds: ['launch'],
        replays: [replay],
      },
    })
    expect((await targeting.sizes()).get('away')).toBe(1)
    expect(await on.spendable(ANN)).toBe(before)
    await on.watchIn(12, ANN, { beats: 2, fromMs: START_MS + 31 * DAY_MS, nonce: 2 })
    await until('it is delivered', () => told.some(({ pack }) => pack !== undefined))
    expect((await on.spendable(ANN)) - before).toBe(80)
    expect(given).toHaveLength(1)
    await on.watchIn(13, ANN, { beats: 2, fromMs: START_MS + 31 * DAY_MS + 900_000, nonce: 3 })
    await stand.drained()
    expect((await on.spendable(ANN)) - before).toBe(80)
    expect((await targeting.sizes()).get('away')).toBe(0)
    // The next absence has a pack of its own.
    stand.deps.nowMs = () => START_MS + 62 * DAY_MS
    await until(
      'told again',
      () => away().filter(({ type }) => type === 'segment.entered').length === 2,
    )
    await on.watchIn(14, ANN, { beats: 1, fromMs: START_MS + 62 * DAY_MS, nonce: 4 })
    await until('delivered again', () => told.filter(({ pack }) => pack).length === 2)
    expect((await on.spendable(ANN)) - before).toBe(160)
  })

  test('[TG7 004-17] a high tier that goes quiet is cared for at once where the rulebook says so', async () => {
    const policy = policyOf({
      segments: [
        {
          id: 'cooling',
          label: HELLO,
          all: [
            { figure: 'rung', atLeast: 3 },
            { figure: 'change', atMost: -50 },
          ],
          tell: true,
          pack: { kind: 'care_pack', points: 200, given: 'atOnce' },
        },
      ],
      offers: [],
    })
    const { heard, told } = on.open(policy, () => ({ rungOf: async () => 3 }))
    await stand.worker()
    for (let day = 0; day < 3; day++)
      await on.watchIn(11 + day, ANN, { beats: 8, fromMs: START_MS + day * DAY_MS, nonce: day + 1 })
    await stand.drained()
    expect(heard).toEqual([])
    const before = await on.spendable(ANN)
    stand.deps.nowMs = () => START_MS + 18 * DAY_MS
    await until('care is given', () => told.some(({ pack }) => pack?.pack === 'care_pack'))
    expect((await on.spendable(ANN)) - before).toBe(200)
    expect(heard.map(({ type }) => type)).toEqual(['segment.entered'])
    stand.deps.nowMs = () => START_MS + 420 * DAY_MS
    await until('who stays away is not looked at any more', async () => {
      const looked = await redis.keys('*targetreview*')
      return looked.length === 0
    })
  })

  test('[TG8] of who is erased nothing is kept, nor noted again', async () => {
    const { targeting } = on.open(policyOf(), () => ({ knownOf: async () => new Set([BEN]) }))
    await stand.worker()
    await on.watchIn(11, ANN, { beats: 2, fromMs: START_MS })
    await on.watchIn(11, BEN, { beats: 2, fromMs: START_MS })
    await stand.drained()
    expect(await targeting.read(ANN)).toBeUndefined()
    expect(await targeting.read(BEN)).toMatchObject({ lives: 1 })
    await targeting.forget(BEN)
    await targeting.forget(BEN)
    expect(await targeting.read(BEN)).toBeUndefined()
    expect(await redis.keys('*targetreview*')).toEqual([])
  })

  test('[TG9] what another account of the same person did is added once by a merge', async () => {
    const { targeting } = on.open(policyOf())
    await stand.worker()
    await on.watchIn(11, ANN, { beats: 4, fromMs: START_MS })
    await on.say(11, BEN, START_MS + 500_000)
    await stand.drained()
    for (const id of ['m1', 'm2'])
      await stand.deps.wallets.issue({
        account: BEN,
        id,
        cause: 'merged_in',
        subject: formatAccount(ANN),
        lots: [{ issuer: 1, points: 1 }],
      })
    await stand.drained()
    expect(await targeting.read(BEN)).toMatchObject({
      comments: 1,
      lives: 2,
      watchedSec: 60,
      joined: [ANN],
    })
  })

  test('[TG10 002-53] days of nothing but watching freeze an account where the rulebook says so', async () => {
    const idle = (freeze: boolean) =>
      policyOf({
        segments: [
          { id: 'idle', label: HELLO, all: [{ figure: 'activeDays', atLeast: 2 }], freeze },
        ],
        offers: [],
      })
    on.open(idle(false))
    const first = await stand.worker()
    await on.watchIn(11, ANN, { beats: 1, fromMs: START_MS, nonce: 1 })
    await on.watchIn(12, ANN, { beats: 1, fromMs: START_MS + DAY_MS, nonce: 2 })
    await stand.drained()
    expect((await on.recordOf(ANN)).frozen).toBe(false)
    await first.stop()
    on.open(idle(true))
    await stand.worker()
    await on.watchIn(11, BEN, { beats: 1, fromMs: START_MS, nonce: 1 })
    await on.watchIn(12, BEN, { beats: 1, fromMs: START_MS + DAY_MS, nonce: 2 })
    await until('the account is frozen', async () => (await on.recordOf(BEN)).frozen)
  })
})
