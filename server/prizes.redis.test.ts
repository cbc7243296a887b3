/** Rewards and effects as prizes of draws and boxes: from the shared stock, never one too many, whatever dies. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS } from '../shared/time.ts'
import { createEffectsStand, type EffectsStand, ROOM } from './effects/testing.ts'
import type { Store } from './redis/index.ts'
import { dyingAt } from './redis/testing.ts'
import { useRedis } from './redis/use-redis.testing.ts'
import { moveStock, Pickup, PRIZE_RELEASE_MS, putPoint, readStates } from './rewards/index.ts'
import { createRewardStand, plain, type RewardStand, ZONE } from './rewards/testing.ts'

let redis: Store
let rewards: RewardStand
let stand: EffectsStand
let pickup: Pickup
useRedis(async (server) => {
  redis = await server.connect()
})

const TITLE = { zh: '今晚抽奖', en: 'Draw of the night' }
const POINTS = [
  { id: 'north', name: { zh: '北门', en: 'North gate' } },
  { id: 'south', name: { zh: '南门', en: 'South gate' } },
]
/** One clock for both. */
const setTime = (nowMs: number) => {
  stand.clock.nowMs = nowMs
  rewards.clock.nowMs = nowMs
}
const left = async () =>
  (await readStates(redis, ['oats'], { atMs: rewards.clock.nowMs, timeZone: ZONE }))[0]?.left

/** Boxes are counted by what all of them would pay. */
const effects = { draw: { points: 20, perViewer: 5, total: 100, prizePoints: 100_000 } }

async function prepare(pieces: number): Promise<void> {
  await redis.flushall()
  rewards = await createRewardStand(redis, { partitions: 2 })
  stand = await createEffectsStand(redis, { partitions: 2, goods: rewards.awards, effects })
  for (const point of POINTS) await putPoint(redis, { ...point, brand: 'b' })
  pickup = new Pickup({ ...rewards.parts, nowMs: () => rewards.clock.nowMs })
  const published = await rewards.publish(
    'oats',
    plain({
      stock: { kind: 'fixed', pieces },
      delivery: 'pickup',
      pickup: POINTS.map(({ id }) => id),
      limits: { ever: 1 },
    }),
    { brand: 'b' },
  )
  if (!published.ok) throw new Error(published.code)
}
beforeEach(() => prepare(10))
afterEach(() => rewards.stop())

const openDraw = (prize: object, more: object = {}) =>
  stand.effects.openDraw(ROOM, {
    requestId: 'opening1',
    box: false,
    title: TITLE,
    prizes: [{ points: 0, voucher: '', ...prize }],
    seconds: 60,
    ...more,
  })
async function drawOf(prize: object, more: object = {}): Promise<number> {
  const opened = await openDraw(prize, more)
  if (!opened.ok) throw new Error(opened.code)
  return opened.draw.draw
}
const enterFree = (account: number, draw: number) =>
  stand.effects.enterDraw(stand.buyer(account), {
    requestId: `entry-${account}`,
    draw,
    tickets: 1,
    free: true,
  })
const viewers = (count: number) => Array.from({ length: count }, (_, i) => i + 1)
const redemptionsOf = async (account: number) =>
  (await rewards.redemptions.list({ account })).redemptions
const end = async (draw: number) => {
  await stand.effects.closeGame(ROOM, draw)
  await stand.results.pass()
}

describe('rewards as prizes', () => {
  test('[E18] who wins one has a pick-up code for it, from the shared stock, and paid nothing', async () => {
    const draw = await drawOf({ reward: 'oats', winners: 2 })
    for (const account of viewers(5)) await enterFree(account, draw)
    expect(await left()).toBe(10)
    await end(draw)
    expect(await left()).toBe(8)
    const all = await Promise.all(viewers(5).map(redemptionsOf))
    const won = all.flat()
    expect(won).toHaveLength(2)
    for (const one of won)
      expect(one).toMatchObject({
        state: 'issued',
        points: 0,
        code: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{10}$/),
        qr: expect.any(String),
        pickup: { point: 'north' },
      })
    expect(new Set(won.map(({ code }) => code)).size).toBe(2)
    const told = (await stand.moments()).find(({ kind }) => kind === 'draw.closed')
    expect(told).toMatchObject({ winners: [{ prize: { title: { zh: '试用装' } } }, {}] })
    expect(await stand.totals()).toMatchObject({ issued: 0, spent: 0 })
    // What is won counts against no limit: it can still be bought.
    const [winner = 0] = viewers(5).filter((_, i) => (all[i] ?? []).length > 0)
    await rewards.give(winner, 500)
    const bought = await rewards.tap(winner, 'oats', { brand: 'b', point: 'south' })
    expect(bought).toMatchObject({ ok: true })
  })

  test('[E18] sold out meanwhile: exactly what was left is given, the others get its price in points', async () => {
    const draw = await drawOf({ reward: 'oats', winners: 5 })
    for (const account of viewers(9)) await enterFree(account, draw)
    await moveStock(redis, { reward: 'oats', id: 'sold-8', pieces: -8, timeZone: ZONE })
    await end(draw)
    const won = (await Promise.all(viewers(9).map(redemptionsOf))).flat()
    expect(won.filter(({ state }) => state === 'issued')).toHaveLength(2)
    expect(await left()).toBe(0)
    expect((await stand.totals()).issued).toBe(3 * 500)
    expect(await stand.imbalance()).toBe(0)
  })

  test('[E13 E18] a draw opens only with what is there, of this brand, within what its prizes may be worth', async () => {
    expect(await openDraw({ reward: 'oats', winners: 11 })).toMatchObject({
      code: 'sold_out',
      field: 'prizes.0.reward',
    })
    expect(await openDraw({ reward: 'nothing', winners: 1 })).toMatchObject({ code: 'not_found' })
    await rewards.publish('foreign', plain(), { brand: 'other' })
    expect(await openDraw({ reward: 'foreign', winners: 1 })).toMatchObject({ code: 'not_found' })
    await rewards.publish('dear', plain({ points: 90_000_000 }), { brand: 'b' })
    expect(await openDraw({ reward: 'dear', winners: 1 })).toMatchObject({ code: 'limit_reached' })
    expect(await rewards.awards.list({ brand: 'b', room: ROOM })).toMatchObject([
      { reward: 'oats', left: 10, points: 500 },
      { reward: 'dear' },
    ])
  })

  test('[E15 E18] a blind box gives it at once', async () => {
    const draw = await drawOf(
      { reward: 'oats', odds: 10_000 },
      { box: true, requestId: 'boxes001' },
    )
    expect(await enterFree(1, draw)).toMatchObject({ ok: true, prizes: [0] })
    expect(await redemptionsOf(1)).toMatchObject([{ state: 'issued', points: 0 }])
    expect(await left()).toBe(9)
    // The end of the game finds it given.
    await end(draw)
    expect(await redemptionsOf(1)).toHaveLength(1)
    expect(await left()).toBe(9)
  })

  test('[E7 E18] an effect that is won is owned for its days, once', async () => {
    const draw = await drawOf({ effect: { colour: 'gold', days: 7 }, winners: 1 })
    await enterFree(1, draw)
    await end(draw)
    await stand.results.pass()
    const { colour } = await stand.effects.ownership({ account: 1, rung: 0 })
    expect(colour).toMatchObject({ value: 'gold', untilMs: stand.clock.nowMs + 7 * DAY_MS })
  })

  test('[E16 E18] the process dies at any script: in the end each winner has it once, and none is missing from the stock', async () => {
    for (const answered of [false, true]) {
      for (let at = 1; at <= 14; at++) {
        await rewards.stop()
        await prepare(2)
        const draw = await drawOf({ reward: 'oats', winners: 2 })
        for (const account of viewers(3)) await enterFree(account, draw)
        await stand.effects.closeGame(ROOM, draw)
        // Sold meanwhile: one winner has the piece, the other its price.
        await moveStock(redis, { reward: 'oats', id: 'sold-1', pieces: -1, timeZone: ZONE })
        const dying = dyingAt(redis, at, answered)
        await stand
          .resultsOn(dying, rewards.awardsOn(dying))
          .pass()
          .catch(() => undefined)
        setTime(stand.clock.nowMs + 5000)
        await rewards.pass()
        await stand.results.pass()
        await rewards.pass()
        const won = (await Promise.all(viewers(3).map(redemptionsOf))).flat()
        expect(won.filter(({ state }) => state === 'issued')).toHaveLength(1)
        expect(await left()).toBe(0)
        expect((await stand.totals()).issued).toBe(500)
      }
    }
  })
})

describe('a prize that nobody fetches', () => {
  test('[RW55] returns to the stock once its code is over and phones without network have had their day', async () => {
    const draw = await drawOf({ reward: 'oats', winners: 2 })
    for (const account of viewers(2)) await enterFree(account, draw)
    await end(draw)
    const [one] = await redemptionsOf(1)
    const [other] = await redemptionsOf(2)
    const untilMs = one?.pickup?.untilMs ?? 0
    expect(untilMs).toBeGreaterThan(0)
    // One of the two is fetched.
    const used = { useId: 'use-1', code: other?.code ?? '', device: 'phone-a', atMs: 0 }
    setTime(stand.clock.nowMs + DAY_MS)
    expect(await pickup.use({ point: 'north', clerk: 'Zhou' }, used)).toMatchObject({ ok: true })
    setTime(untilMs + PRIZE_RELEASE_MS - 1)
    await rewards.pass()
    expect(await left()).toBe(8)
    setTime(untilMs + PRIZE_RELEASE_MS)
    await rewards.pass()
    await rewards.pass()
    expect(await left()).toBe(9)
    expect(await redemptionsOf(1)).toMatchObject([{ state: 'refunded', why: 'expired' }])
    expect(await redemptionsOf(2)).toMatchObject([{ state: 'used' }])
    expect(await stand.totals()).toMatchObject({ issued: 0, spent: 0 })
  })

  test('[RW55] the shop may take it back before, the winner has nothing to give back', async () => {
    const draw = await drawOf({ reward: 'oats', winners: 1 })
    await enterFree(1, draw)
    await end(draw)
    const [won] = await redemptionsOf(1)
    const of = { account: 1, id: won?.id ?? '' }
    expect(await rewards.redemptions.cancel({ ...of, by: 'viewer' })).toMatchObject({
      code: 'redemption_closed',
    })
    expect(await rewards.redemptions.cancel({ ...of, by: 'shop' })).toMatchObject({
      ok: true,
      redemption: { state: 'refunded' },
    })
    expect(await left()).toBe(10)
  })
})
