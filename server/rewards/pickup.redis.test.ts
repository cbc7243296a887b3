import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { refuse } from '../../shared/errors.ts'
import { impliedValue, type RedemptionView } from '../../shared/rewards.ts'
import { DAY_MS, HOUR_MS } from '../../shared/time.ts'
import { must } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { dyingAt } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { putPoint, readCatalogue, setRewardPolicy } from './catalogue.ts'
import { seedRewards } from './demo.ts'
import { scheduleDouble } from './doubles.ts'
import { passRewards } from './due.ts'
import { redKey } from './keys.ts'
import { WRONG_CODES_MAX } from './limits.ts'
import { createClerk, Pickup, readClerk, revokeClerk } from './pickup.ts'
import { shopPoint } from './pickup-index.ts'
import { Redemptions } from './redemptions.ts'
import { Shelf } from './shelf.ts'
import {
  BRAND,
  BRAND_NO,
  createRewardStand,
  plain,
  type RewardStand,
  START_MS,
  ZONE,
} from './testing.ts'
import { parseDay } from './week.ts'

let redis: Store
let stand: RewardStand
let pickup: Pickup
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  stand = await createRewardStand(redis)
  pickup = new Pickup({ ...stand.parts, nowMs: () => stand.clock.nowMs })
  await putPoint(redis, { id: 'north', brand: BRAND, name: { zh: '北门', en: 'North' } })
  await putPoint(redis, { id: 'south', brand: BRAND, name: { zh: '南门', en: 'South' } })
})
afterEach(() => stand.stop())

const ANNA = 7
const NORTH = { point: 'north', clerk: '小周' }

/** One that lies at a point, with its code. */
async function issued(): Promise<RedemptionView & { code: string; qr: string }> {
  await stand.give(ANNA, 1000)
  await stand.publish('oats', plain({ delivery: 'pickup', pickup: ['north', 'south'] }))
  const answer = await stand.tap(ANNA, 'oats', { point: 'north' })
  if (!answer.ok) throw new Error(answer.code)
  const { code, qr } = answer.redemption
  return { ...answer.redemption, code: must(code, 'a code'), qr: must(qr, 'a QR code') }
}
const use = (code: string, more: object = {}, by = NORTH) =>
  pickup.use(by, { useId: 'use-1', code, device: 'phone-a', atMs: 0, ...more })

describe('pick-up', () => {
  test('[RW52 002-03] it lies on the list of the next day of the platform, and nowhere else', async () => {
    const { pickup: place } = await issued()
    expect(place).toMatchObject({ point: 'north', day: '2026-05-02' })
    const listed = async (point: string, day: string) =>
      (await pickup.list(point, must(parseDay(day), 'a day'))).map(
        ({ redemption }) => redemption.id,
      )
    expect(await listed('north', '2026-05-02')).toEqual(['wish-7-oats'])
    expect(await listed('north', '2026-05-01')).toEqual([])
    expect(await listed('south', '2026-05-02')).toEqual([])
    await stand.redemptions.cancel({ account: ANNA, id: 'wish-7-oats', by: 'viewer' })
    expect(await listed('north', '2026-05-02')).toEqual([])
  })

  test('[RW51 002-30] a code is used once, whoever scans at the same moment; the others are told who was first', async () => {
    const { qr } = await issued()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => use(qr, { useId: `use-${i}`, device: `phone-${i}` })),
    )
    const first = answers.findIndex((answer) => answer.ok)
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
    for (const [i, answer] of answers.entries())
      if (i !== first)
        expect(answer).toMatchObject({
          code: 'already_used',
          first: { clerk: '小周', device: `phone-${first}`, atMs: START_MS },
        })
  })

  test('[RW51] only at its own point, only while it is issued, only with a good code', async () => {
    const { qr, code, id } = await issued()
    const south = { point: 'south', clerk: 'Mo' }
    expect(await use(qr, {}, south)).toMatchObject({ code: 'not_found' })
    expect(await use(code, {}, south)).toMatchObject({ code: 'not_found' })
    expect(await use('0000000000')).toMatchObject({ code: 'not_found' })
    await stand.redemptions.cancel({ account: ANNA, id, by: 'viewer' })
    expect(await use(qr)).toEqual(refuse('redemption_closed'))
  })

  test('[RW52] after a week at the point the code is over', async () => {
    const { qr, pickup: place } = await issued()
    stand.clock.nowMs = must(place, 'a place').untilMs
    expect(await use(qr)).toMatchObject({ code: 'redemption_closed', field: 'until' })
    stand.clock.nowMs -= 1
    expect(await use(qr)).toMatchObject({ ok: true })
    // From the second of May to the end of the ninth, in Shanghai.
    expect(must(place, 'a place').untilMs).toBe(Date.UTC(2026, 4, 9, 16))
  })

  test('[RW53] a second use that a phone reports later is named and kept, once', async () => {
    const { qr, code, id } = await issued()
    const offline = { useId: 'far-1', code: qr, device: 'phone-b', atMs: START_MS + 5 }
    stand.clock.nowMs += HOUR_MS
    expect(await use(code)).toMatchObject({ ok: true })
    const synced = await pickup.sync(NORTH, offline)
    expect(synced).toMatchObject({ code: 'already_used', first: { device: 'phone-a' } })
    await pickup.sync(NORTH, offline)
    expect(await pickup.conflicts('north')).toMatchObject([
      {
        redemption: id,
        found: 'already_used',
        device: 'phone-a',
        second: { device: 'phone-b', atMs: START_MS + 5 },
      },
    ])
  })

  test('[RW53] what was handed over without network is used at that time, and given back no more', async () => {
    const { qr, id } = await issued()
    stand.clock.nowMs += HOUR_MS
    const far = { useId: 'far-1', code: qr, device: 'phone-b', atMs: START_MS + 5 }
    expect(await pickup.sync(NORTH, far)).toMatchObject({ ok: true, atMs: START_MS + 5 })
    const back = await stand.redemptions.cancel({ account: ANNA, id, by: 'shop' })
    expect(back).toMatchObject({ code: 'redemption_closed' })
    expect(await pickup.conflicts('north')).toEqual([])
  })

  test('[RW54] who tries wrong codes is stopped', async () => {
    const { code } = await issued()
    for (let i = 0; i < WRONG_CODES_MAX; i++)
      expect(await use('0000000000')).toMatchObject({ code: 'not_found' })
    expect(await use(code)).toMatchObject({ code: 'rate_limited' })
    expect(await use(code, {}, { point: 'north', clerk: 'Mo' })).toMatchObject({ ok: true })
  })

  test("[RW58] no pick-up point passes for a brand's shop, whose codes its clerks would have", async () => {
    const shop = { id: shopPoint(BRAND_NO), brand: 'thief', name: { zh: '店', en: 'Shop' } }
    expect(await putPoint(redis, shop)).toMatchObject({ code: 'forbidden', field: 'id' })
    await putPoint(redis, { ...shop, id: 'shop-north', brand: BRAND })
    await stand.give(ANNA, 1000)
    await stand.publish('oats', plain({ delivery: 'pickup', pickup: ['shop-north'] }))
    const lies = await stand.tap(ANNA, 'oats')
    const code = must(lies.ok ? lies.redemption.code : undefined, 'a code')
    expect(await use(code, {}, { ...NORTH, point: 'shop-north' })).toMatchObject({ ok: true })
  })

  test("[RW51] a clerk's key opens its point until it is revoked", async () => {
    const made = must(
      await createClerk(redis, { point: 'north', label: 'Mo', nowMs: START_MS }),
      'a clerk',
    )
    expect(await readClerk(redis, made.key)).toEqual({ point: 'north', id: made.id, label: 'Mo' })
    expect(await readClerk(redis, made.key.replace('north.', 'south.'))).toBeUndefined()
    await revokeClerk(redis, { point: 'north', id: made.id })
    expect(await readClerk(redis, made.key)).toBeUndefined()
  })
})

describe('the demo', () => {
  test('[RW30 002-04 001-21] has something for small purses, for points alone, and no price out of line', async () => {
    await seedRewards(redis, { brand: 'demo', brandNo: BRAND_NO, timeZone: ZONE })
    const { rewards } = await stand.catalogue.refresh()
    const docs = [...rewards.values()].map(({ doc }) => doc)
    expect(docs.length).toBeGreaterThan(6)
    expect(Math.min(...docs.map(({ points }) => points))).toBeLessThan(200)
    expect(docs.filter(({ cashFen }) => cashFen === 0).length).toBeGreaterThan(5)
    for (const doc of docs)
      expect(impliedValue(doc, doc.worthFen, 1).warning, doc.title.en).toBeUndefined()
    // Again changes nothing.
    await seedRewards(redis, { brand: 'demo', brandNo: BRAND_NO, timeZone: ZONE })
    const again = (await stand.catalogue.refresh()).rewards
    expect([...again.values()].map(({ version }) => version)).toEqual(docs.map(() => 1))
  })
})

describe('what holds for all', () => {
  const event = (id: string, startsAtMs: number) =>
    scheduleDouble(redis, {
      brand: BRAND,
      event: { id, startsAtMs, endsAtMs: startsAtMs + HOUR_MS, rewards: [] },
      timeZone: ZONE,
      nowMs: stand.clock.nowMs,
    })

  test('[RW24 003-17] the third double-value event of a month is refused, by the calendar of the platform', async () => {
    // Midnight of 1 June in Shanghai is 16:00 UTC on 31 May.
    const june = Date.UTC(2026, 4, 31, 16)
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) => event(`e${n}`, START_MS + n * DAY_MS)),
    )
    expect(answers.filter(({ ok }) => ok)).toHaveLength(2)
    expect(await event('e5', june - 1)).toMatchObject({ code: 'reward_limit' })
    expect(await event('e6', june)).toMatchObject({ ok: true })
    // One that is scheduled may be moved.
    const { doubles } = await readCatalogue(redis)
    const first = doubles.find(({ startsAtMs }) => startsAtMs < june)
    expect(await event(must(first, 'an event').id, START_MS + 5 * DAY_MS)).toMatchObject({
      ok: true,
    })
  })

  test('[RW24] one that has begun can not be moved to begin again under its id; its end may change', async () => {
    expect(await event('night', START_MS)).toMatchObject({ ok: true })
    expect(await event('night', START_MS + DAY_MS)).toMatchObject({
      code: 'id_conflict',
      field: 'startsAtMs',
    })
    expect(await event('night', START_MS)).toMatchObject({ ok: true })
    stand.clock.nowMs += 2 * HOUR_MS
    expect(await event('night', START_MS + 3 * DAY_MS)).toMatchObject({ code: 'id_conflict' })
    expect(await event('second', START_MS + 3 * DAY_MS)).toMatchObject({ ok: true })
    expect(await event('third', START_MS + 5 * DAY_MS)).toMatchObject({ code: 'reward_limit' })
  })

  test('[RW24] while an event runs a reward costs half the points', async () => {
    await stand.give(ANNA, 1000)
    await stand.publish('oats', plain({ points: 501 }))
    await event('night', START_MS)
    await stand.catalogue.refresh()
    const during = await stand.tap(ANNA, 'oats')
    expect(during).toMatchObject({ ok: true, redemption: { points: 251 } })
    stand.clock.nowMs = START_MS + HOUR_MS
    const after = await stand.tap(ANNA, 'oats', { id: 'wish-later' })
    expect(after).toMatchObject({ ok: true, redemption: { points: 501 } })
  })

  test('[RW26 003-34] what is worth little must have a cash part', async () => {
    await setRewardPolicy(redis, { cashBelowFen: 300 })
    const cheap = { points: 250, worthFen: 299 }
    expect(await stand.publish('sticker', plain(cheap))).toMatchObject({
      code: 'reward_invalid',
      field: 'cashFen',
    })
    expect(await stand.publish('sticker', plain({ ...cheap, cashFen: 50 }))).toMatchObject({
      ok: true,
    })
    expect(await stand.publish('mug', plain({ worthFen: 300 }))).toMatchObject({ ok: true })
  })

  test('[RW14] a document that does not fit names the field; an id stays with its brand', async () => {
    const field = async (doc: object) => {
      const answer = await stand.publish('oats', plain(doc))
      return answer.ok ? '' : answer.field
    }
    expect(await field({ points: 0 })).toBe('points')
    expect(await field({ delivery: 'pickup' })).toBe('pickup')
    expect(await field({ delivery: 'pickup', pickup: ['nowhere'] })).toBe('pickup.0')
    expect(await field({ window: { opensAtMs: 2, closesAtMs: 1 } })).toBe('window.closesAtMs')
    expect(await field({ cashFen: 601 })).toBe('cashFen')
  })
})

describe('reminders and places', () => {
  const told = () => stand.moved.filter(({ cause }) => cause === 'pickup_ending')

  test('[RW56 002-29] a day before its code ends the viewer is reminded, once, whatever dies; who fetched it is not', async () => {
    const { pickup: place, qr } = await issued()
    const untilMs = must(place, 'a place').untilMs
    stand.clock.nowMs = untilMs - DAY_MS - 1
    await stand.pass()
    expect(told()).toEqual([])
    stand.clock.nowMs += 1
    // The worker dies between the word and its note, and another one finds it still to be done.
    const dying = { ...stand.parts, store: dyingAt(redis, 2, false) }
    await passRewards({ ...dying, redemptions: new Redemptions(dying, new Shelf(dying)) }).catch(
      () => undefined,
    )
    const red = redKey({ reward: 'oats', account: ANNA, id: 'wish-7-oats' })
    expect(told()).toHaveLength(1)
    expect(await redis.hget(red, 'remind')).not.toBe('0')
    await stand.pass()
    expect(await redis.hget(red, 'remind')).toBe('0')
    await stand.pass()
    expect(told()).toMatchObject([
      { account: ANNA, ref: 'wish-7-oats', subject: 'oats', untilMs, moves: [] },
    ])
    expect(await stand.imbalance()).toBe(0)

    await stand.give(8, 1000)
    const other = await stand.tap(8, 'oats', { point: 'north' })
    if (!other.ok) throw new Error(other.code)
    stand.clock.nowMs += 2 * DAY_MS
    expect((await use(must(other.redemption.code, 'a code'), { useId: 'use-8' })).ok).toBe(true)
    expect((await use(qr, { useId: 'use-9' })).ok).toBe(false)
    stand.clock.nowMs += 10 * DAY_MS
    await stand.pass()
    expect(told()).toHaveLength(1)
  })

  test('[RW57 002-28] the nearest point stands first for who says where they are', async () => {
    const at = (id: string, lat: number, lon: number) =>
      putPoint(redis, { id, brand: BRAND, name: { zh: id, en: id }, position: { lat, lon } })
    await at('north', 30.3, 120.15)
    await at('south', 30.2, 120.15)
    await putPoint(redis, { id: 'nowhere', brand: BRAND, name: { zh: '某处', en: 'Somewhere' } })
    await stand.publish(
      'oats',
      plain({ delivery: 'pickup', pickup: ['nowhere', 'north', 'south'] }),
    )
    const visitor = { account: ANNA, brand: BRAND, room: 'demo', live: 0 }
    const order = async (near?: { lat: number; lon: number }) => {
      const shown = await stand.shelf.list(visitor, near)
      return shown.ok ? shown.rewards[0]?.pickup?.map(({ id }) => id) : undefined
    }
    expect(await order()).toEqual(['nowhere', 'north', 'south'])
    expect(await order({ lat: 30.21, lon: 120.15 })).toEqual(['south', 'north', 'nowhere'])
    expect(await order({ lat: 30.29, lon: 120.15 })).toEqual(['north', 'south', 'nowhere'])
    const shown = await stand.shelf.list(visitor, { lat: 30.29, lon: 120.15 })
    expect(shown.ok && shown.rewards[0]?.pickup?.[0]).toMatchObject({
      located: true,
      distanceM: 1112,
    })
  })
})
