/** Rewards of the burn week: open in it and refused outside, by the clock of their slot; prices; who loses what. */

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WalletPolicy } from '../../shared/rulebook/wallet.ts'
import { DAY_MS } from '../../shared/time.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { WALLET_MONTH } from '../wallet/testing.ts'
import { takeReward } from './take.ts'
import { BRAND, createRewardStand, plain, type RewardStand, ZONE } from './testing.ts'

let redis: Store
let stand: RewardStand
useRedis(async (server) => {
  redis = await server.connect()
})

const ANNA = 7
/** The stand begins on the first of May 2026; the last seven days of May, in Shanghai. */
const OPENS_MS = Date.parse('2026-05-25T00:00:00+08:00')
const CLOSES_MS = Date.parse('2026-06-01T00:00:00+08:00')
const visitor = { account: ANNA, brand: BRAND, room: 'demo', live: 0 }

beforeEach(async () => {
  await redis.flushall()
  stand = await createRewardStand(redis, { partitions: 2 })
  stand.book.wallet = WalletPolicy.parse({ burnWeek: { days: 7, factor: 0.6 } })
})
afterEach(() => stand.stop())

const shelf = async () => {
  const shown = await stand.shelf.list(visitor)
  if (!shown.ok) throw new Error(shown.code)
  return shown
}
/** The shelf keeps what it read for a moment of the real clock. */
const viewOf = async (id: string) => (await shelf()).rewards.find((reward) => reward.id === id)

describe('rewards of the burn week', () => {
  test('[RW27 003-38] are refused before it with the time at which it opens, and after it', async () => {
    await stand.give(ANNA, 5000)
    await stand.publish('basket', plain({ burnWeek: {}, stock: { kind: 'fixed', pieces: 5 } }))
    stand.clock.nowMs = OPENS_MS - 1
    expect(await stand.tap(ANNA, 'basket', { id: 'wish-early' })).toMatchObject({
      code: 'reward_closed',
      opensAtMs: OPENS_MS,
    })
    stand.clock.nowMs = OPENS_MS
    expect(await stand.tap(ANNA, 'basket', { id: 'wish-first' })).toMatchObject({ ok: true })
    stand.clock.nowMs = CLOSES_MS - 1
    expect(await stand.tap(ANNA, 'basket', { id: 'wish-last1' })).toMatchObject({ ok: true })
    stand.clock.nowMs = CLOSES_MS
    expect(await stand.tap(ANNA, 'basket', { id: 'wish-late1' })).toMatchObject({
      code: 'reward_closed',
      opensAtMs: Date.parse('2026-06-24T00:00:00+08:00'),
    })
    expect(await stand.imbalance()).toBe(0)
    expect((await stand.totals()).spendable).toBe(5000 - 2 * 300)
  })

  test('[RW27 003-38] the clock of the slot decides, not that of the process', async () => {
    await stand.publish('basket', plain({ burnWeek: {} }))
    const terms = {
      version: 1,
      points: 300,
      cashFen: 0,
      cashMs: 0,
      priceFromMs: OPENS_MS,
      priceUntilMs: CLOSES_MS,
      opensAtMs: OPENS_MS,
      closesAtMs: CLOSES_MS,
      flash: false,
      earlyMs: 0,
      limits: {},
      point: '',
      room: 'demo',
      timeZone: ZONE,
    }
    const at = (id: string, nowMs: number) =>
      takeReward(redis, { reward: 'basket', account: ANNA, id }, { ...terms, nowMs })
    expect(await at('wish-one1', OPENS_MS)).toMatchObject({ tag: 'taken' })
    // A price of the week is not that of another time, whoever asked for it.
    expect(await at('wish-two2', OPENS_MS - 1)).toMatchObject({ tag: 'changed' })
    expect(await at('wish-six6', CLOSES_MS)).toMatchObject({ tag: 'changed' })
    const usual = { ...terms, priceFromMs: 0, priceUntilMs: 1e14 }
    const asked = { reward: 'basket', account: ANNA, id: 'wish-ten0' }
    expect(await takeReward(redis, asked, { ...usual, nowMs: OPENS_MS - 1 })).toEqual({
      tag: 'refused',
      why: 'not_yet',
    })
  })

  test('[RW28 003-38] what is only cheaper in it can be had before, and never costs less than its floor', async () => {
    await stand.publish('oats', plain({ burnWeek: { only: false } }))
    await stand.publish('oil', plain({ burnWeek: { only: false, leastPoints: 400 } }))
    expect(await viewOf('oats')).toMatchObject({ cost: { points: 500 }, burnWeek: true })
    expect((await viewOf('oats'))?.usualPoints).toBeUndefined()
    stand.clock.nowMs = OPENS_MS
    expect(await viewOf('oats')).toMatchObject({ cost: { points: 300 }, usualPoints: 500 })
    expect(await viewOf('oil')).toMatchObject({ cost: { points: 400 }, usualPoints: 500 })
    await stand.give(ANNA, 500)
    await stand.tap(ANNA, 'oats')
    expect((await stand.totals()).spendable).toBe(200)
    stand.clock.nowMs = CLOSES_MS
    expect(await viewOf('oats')).toMatchObject({ cost: { points: 500 } })
  })

  test('[RW28] whatever factor, price and floor, the price of the week is between floor and usual price', async () => {
    const { priceAt, burningAt } = await import('./price.ts')
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 100, max: 1000 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        (points, milli, floor) => {
          const leastPoints = Math.min(floor, points)
          stand.book.wallet = WalletPolicy.parse({ burnWeek: { days: 7, factor: milli / 1000 } })
          const burning = burningAt(stand.book, OPENS_MS)
          const doc = { points, burnWeek: { only: false, leastPoints } }
          const reward = { id: 'x', brand: BRAND, doc } as never
          const price = priceAt(reward, { doubles: [], burning }, OPENS_MS)
          expect(price.points).toBeGreaterThanOrEqual(leastPoints)
          expect(price.points).toBeLessThanOrEqual(points)
          expect(price.points * 1000).toBeGreaterThanOrEqual(
            Math.min(points * milli, points * 1000),
          )
          expect(price).toMatchObject({ fromMs: OPENS_MS, untilMs: CLOSES_MS })
        },
      ),
    )
  })

  test('[RW28] a double-value event in it does not come on top: the lower price counts', async () => {
    const { scheduleDouble } = await import('./doubles.ts')
    await stand.publish('oats', plain({ burnWeek: { only: false } }))
    const event = {
      id: 'd1',
      startsAtMs: OPENS_MS + DAY_MS,
      endsAtMs: OPENS_MS + 2 * DAY_MS,
      rewards: [],
    }
    await scheduleDouble(redis, { brand: BRAND, event, timeZone: ZONE })
    await stand.catalogue.refresh()
    stand.clock.nowMs = OPENS_MS + DAY_MS
    expect(await viewOf('oats')).toMatchObject({ cost: { points: 250 }, usualPoints: 500 })
    stand.clock.nowMs = OPENS_MS + 2 * DAY_MS
    expect(await viewOf('oats')).toMatchObject({ cost: { points: 300 } })
  })

  test('[RW29 003-38] the shelf says how many points the viewer loses, until when, while it runs', async () => {
    await stand.give(ANNA, 800, { month: WALLET_MONTH + 1 })
    await stand.give(ANNA, 900, { month: WALLET_MONTH + 2 })
    await stand.give(ANNA, 1000)
    expect((await shelf()).burnWeek).toBeUndefined()
    stand.clock.nowMs = OPENS_MS
    expect((await shelf()).burnWeek).toEqual({
      opensAtMs: OPENS_MS,
      closesAtMs: CLOSES_MS,
      points: 800,
    })
    stand.clock.nowMs = CLOSES_MS
    expect((await shelf()).burnWeek).toBeUndefined()
  })

  test('[RW27] without a burn week in the rulebook what is only for it stays closed', async () => {
    stand.book.wallet = WalletPolicy.parse({})
    await stand.give(ANNA, 5000)
    await stand.publish('basket', plain({ burnWeek: {} }))
    stand.clock.nowMs = OPENS_MS
    const refused = await stand.tap(ANNA, 'basket')
    expect(refused).toMatchObject({ code: 'reward_closed' })
    expect(refused).not.toHaveProperty('opensAtMs')
  })
})
