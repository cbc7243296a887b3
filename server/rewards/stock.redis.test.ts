import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/time.ts'
import { createPartitions, type Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { listRefs, listTaken } from './account-list.ts'
import { openFlash } from './flash.ts'
import { type FlashPart, forgetFlashPart } from './flash-part.ts'
import { redeemedKey, takenKey } from './keys.ts'
import { GRACE_MS, REDEEMED_MAX, REDEMPTIONS_PER_PAGE, TAKEN_MAX } from './limits.ts'
import { moveStock, readStates } from './stock.ts'
import { type Terms, takeReward } from './take.ts'
import { createRewardStand, plain, type RewardStand, START_MS, TERMS, ZONE } from './testing.ts'

let redis: Store
let stand: RewardStand
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  stand = await createRewardStand(redis)
})
afterEach(() => stand.stop())

const take = (account: number, more: Partial<Terms> & { id?: string; nowMs?: number } = {}) => {
  const { id = 'wish-0001', nowMs = stand.clock.nowMs, ...terms } = more
  return takeReward(
    redis,
    { reward: 'eggs', account, id },
    { ...TERMS, ...terms, nowMs, timeZone: ZONE },
  )
}
const left = async (atMs = stand.clock.nowMs) =>
  (await readStates(redis, ['eggs'], { atMs, timeZone: ZONE }))[0]?.left
const move = (id: string, pieces: number, undo = false) =>
  moveStock(redis, { reward: 'eggs', id, pieces, undo, nowMs: stand.clock.nowMs, timeZone: ZONE })
const tags = (answers: { tag: string }[]) => answers.filter(({ tag }) => tag === 'taken').length

describe('stock', () => {
  test('[RW10 002-45 C44] of 1,000 takes at once of ten pieces exactly ten are given', async () => {
    await stand.publish('eggs', plain({ stock: { kind: 'fixed', pieces: 10 } }))
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, i) => take(i + 1)))
    expect(tags(answers)).toBe(10)
    expect(await left()).toBe(0)
    const winners = answers.flatMap((answer, i) => (answer.tag === 'taken' ? [i + 1] : []))
    // Each answer is remembered: a repeat changes nothing.
    const again = await Promise.all(winners.map((account) => take(account)))
    expect(again.every(({ tag }) => tag === 'known')).toBe(true)
    expect(await left()).toBe(0)
  })

  test('[RW11 002-45] sales of the shop and redemptions take from one stock, each once, never below nothing', async () => {
    await stand.publish('eggs', plain({ stock: { kind: 'fixed', pieces: 49 } }))
    // Both scripts are there before the race begins.
    await move('delivery-0', 1)
    const takes: ReturnType<typeof take>[] = []
    const selling: ReturnType<typeof move>[] = []
    for (let i = 0; i < 60; i++) {
      takes.push(take(i + 1))
      selling.push(move(`sale-${i}`, -1))
    }
    const sales = await Promise.all(selling)
    const sold = sales.flatMap((answer, i) => (answer.ok ? [i] : []))
    expect(tags(await Promise.all(takes)) + sold.length).toBe(50)
    expect(sales.filter((answer) => !answer.ok && answer.code === 'sold_out')).toHaveLength(
      60 - sold.length,
    )
    expect(await left()).toBe(0)
    const first = `sale-${sold[0]}`
    expect(await move(first, -1)).toMatchObject({ ok: true, left: 0 })
    expect(await move(first, -2)).toMatchObject({ code: 'id_conflict' })
    expect(await move(first, 0, true)).toMatchObject({ ok: true, left: 1 })
    expect(await move(first, 0, true)).toMatchObject({ ok: true, left: 1 })
    expect(await move('nothing', 0, true)).toMatchObject({ code: 'not_found' })
    expect(await move('delivery-1', 20)).toMatchObject({ ok: true, left: 21 })
  })

  test('[RW12 002-46] each fall to the threshold, and each to nothing, is told once', async () => {
    const doc = plain({ stock: { kind: 'fixed', pieces: 4 }, lowStock: 2 })
    await stand.publish('eggs', doc)
    await take(1)
    await stand.pass()
    expect(stand.told).toEqual([])
    await take(2)
    await take(3)
    await stand.pass()
    await stand.pass()
    expect(stand.told).toEqual([{ type: 'reward.low_stock', id: 'stock-eggs-1', left: 2 }])
    await take(4)
    await stand.pass()
    expect(stand.told.slice(1)).toEqual([{ type: 'reward.sold_out', id: 'stock-eggs-2', left: 0 }])
    await move('delivery-1', 10)
    await move('sale-1', -8)
    await stand.pass()
    expect(stand.told.slice(2)).toEqual([{ type: 'reward.low_stock', id: 'stock-eggs-3', left: 2 }])
  })

  test('[RW13 002-47] a weekly release is full again on Monday, whatever was left, and not before', async () => {
    await stand.publish('eggs', plain({ stock: { kind: 'weekly', pieces: 3 } }))
    await Promise.all([1, 2, 3, 4].map((account) => take(account)))
    expect(await left()).toBe(0)
    // 1 May 2026 is a Friday; Monday begins at 16:00 UTC on Sunday.
    const monday = Date.UTC(2026, 4, 3, 16)
    expect(await take(5, { nowMs: monday - 1 })).toEqual({ tag: 'refused', why: 'sold_out' })
    expect(await left(monday - 1)).toBe(0)
    expect(await left(monday)).toBe(3)
    expect(await take(6, { nowMs: monday })).toMatchObject({ tag: 'taken' })
    expect(await left(monday)).toBe(2)
    expect(await left(monday + 7 * DAY_MS)).toBe(3)
  })

  test('[RW14] a new version keeps the stock, and a caller with an old one is told', async () => {
    await stand.publish('eggs', plain({ stock: { kind: 'fixed', pieces: 3 } }))
    await take(1)
    await stand.publish('eggs', plain({ stock: { kind: 'fixed', pieces: 9 }, points: 600 }))
    expect(await left()).toBe(2)
    expect(await take(2)).toEqual({ tag: 'changed' })
    expect(await take(2, { version: 3 })).toEqual({ tag: 'stale' })
    expect(await take(2, { version: 2 })).toMatchObject({ tag: 'taken' })
    await stand.publish('eggs', plain({ enabled: false }))
    expect(await take(3, { version: 3 })).toEqual({ tag: 'refused', why: 'over' })
  })
})

describe('limits', () => {
  test('[RW20] per day, per week and for ever, by the calendar of the platform', async () => {
    await stand.publish('eggs', plain())
    const limits = { ever: 4, perDay: 1, perWeek: 2 }
    const at = (nowMs: number, id: string) => take(1, { limits, nowMs, id: `wish-${id}` })
    const midnight = Date.UTC(2026, 4, 1, 16)
    expect(await at(START_MS, 'a')).toMatchObject({ tag: 'taken' })
    expect(await at(midnight - 1, 'b')).toEqual({ tag: 'refused', why: 'limit' })
    expect(await at(midnight, 'c')).toMatchObject({ tag: 'taken' })
    expect(await at(midnight + DAY_MS, 'd')).toEqual({ tag: 'refused', why: 'limit' })
    const monday = Date.UTC(2026, 4, 3, 16)
    expect(await at(monday, 'e')).toMatchObject({ tag: 'taken' })
    expect(await at(monday + DAY_MS, 'f')).toMatchObject({ tag: 'taken' })
    expect(await at(monday + 7 * DAY_MS, 'g')).toEqual({ tag: 'refused', why: 'limit' })
    // Another viewer has an own count.
    expect(await take(2, { limits, nowMs: monday })).toMatchObject({ tag: 'taken' })
  })

  test('[RW20] of many taps at once one is counted', async () => {
    await stand.publish('eggs', plain())
    const taps = Array.from({ length: 50 }, (_, i) =>
      take(1, { limits: { ever: 1 }, id: `wish-tap-${i}` }),
    )
    expect(tags(await Promise.all(taps))).toBe(1)
  })
})

describe('windows', () => {
  test('[RW21] the clock of the slot decides, to the millisecond', async () => {
    await stand.publish('eggs', plain())
    const window = { opensAtMs: START_MS + 1000, closesAtMs: START_MS + 2000 }
    const at = (nowMs: number) => take(nowMs, { ...window, nowMs, id: `wish-${nowMs}` })
    expect(await at(START_MS + 999)).toEqual({ tag: 'refused', why: 'not_yet' })
    expect(await at(START_MS + 1000)).toMatchObject({ tag: 'taken' })
    expect(await at(START_MS + 1999)).toMatchObject({ tag: 'taken' })
    expect(await at(START_MS + 2000)).toEqual({ tag: 'refused', why: 'over' })
  })

  test('[RW22] who may come early comes that much earlier', async () => {
    await stand.publish('eggs', plain())
    const opensAtMs = START_MS + HOUR_MS
    const early = { opensAtMs, earlyMs: 5 * MINUTE_MS }
    const nowMs = opensAtMs - 5 * MINUTE_MS
    expect(await take(1, { ...early, nowMs: nowMs - 1 })).toMatchObject({ why: 'not_yet' })
    expect(await take(2, { ...early, nowMs })).toMatchObject({ tag: 'taken' })
    expect(await take(3, { opensAtMs, nowMs })).toMatchObject({ why: 'not_yet' })
  })

  test('[RW23 002-23] a flash window opens in the last five minutes of a live that has a planned end', async () => {
    const answer = await stand.publish('eggs', plain({ points: 888, flash: {} }))
    if (!answer.ok) throw new Error(answer.code)
    const { reward } = answer
    const liveEndsAtMs = START_MS + HOUR_MS
    const opened = await openFlash(redis, {
      reward,
      room: 'demo',
      time: { liveEndsAtMs },
      nowMs: START_MS,
    })
    const opensAtMs = liveEndsAtMs - 5 * MINUTE_MS
    expect(opened).toEqual({ ok: true, opensAtMs, closesAtMs: liveEndsAtMs })
    const at = (nowMs: number) => take(nowMs, { flash: true, nowMs, id: `wish-${nowMs}` })
    expect(await at(opensAtMs - 1)).toMatchObject({ why: 'not_yet' })
    expect(await at(opensAtMs)).toMatchObject({ tag: 'taken' })
    expect(await at(liveEndsAtMs - 1)).toMatchObject({ tag: 'taken' })
    expect(await at(liveEndsAtMs)).toMatchObject({ why: 'over' })
  })

  test('[RW23 C24] a host does not take the window of another room; a reward of one room opens only there', async () => {
    const answer = await stand.publish('eggs', plain({ flash: {} }))
    const local = await stand.publish('oats', plain({ flash: {}, room: 'demo' }))
    if (!answer.ok || !local.ok) throw new Error('not published')
    const open = (room: string, byHost: boolean, { reward } = answer) =>
      openFlash(redis, { reward, room, byHost, time: { seconds: 60 }, nowMs: stand.clock.nowMs })
    expect(await open('demo', true)).toMatchObject({ ok: true })
    expect(await open('other', true)).toMatchObject({ code: 'forbidden', field: 'room' })
    expect(await open('demo', true)).toMatchObject({ ok: true })
    expect(await open('other', false)).toMatchObject({ ok: true })
    expect(await open('demo', true)).toMatchObject({ code: 'forbidden' })
    stand.clock.nowMs += MINUTE_MS
    expect(await open('demo', true)).toMatchObject({ ok: true })
    expect(await open('other', false, local)).toMatchObject({ code: 'reward_invalid' })
  })

  test('[RW59 E21] who took a piece in a flash window is owed for it until it is credited, also by a worker after a crash', async () => {
    const answer = await stand.publish('eggs', plain({ flash: {} }))
    if (!answer.ok) throw new Error(answer.code)
    const { reward } = answer
    const open = () =>
      openFlash(redis, { reward, room: 'demo', time: { seconds: 60 }, nowMs: stand.clock.nowMs })
    const part = (account: number, opensAtMs: number): FlashPart => ({
      ...{ reward: 'eggs', room: 'demo', account, opensAtMs },
    })
    await open()
    for (const account of [1, 2]) await take(account, { flash: true })
    // The gateway of the one credited it; that of the other died.
    await forgetFlashPart(redis, part(1, START_MS))
    await stand.pass()
    expect(stand.flashParts.credited).toEqual([])
    // Another window does not make anybody forget the one before.
    stand.clock.nowMs += GRACE_MS
    await open()
    await take(2, { flash: true, id: 'wish-0002' })
    stand.flashParts.failing = true
    await stand.pass()
    stand.flashParts.failing = false
    for (let passes = 0; passes < 2; passes++) await stand.pass()
    expect(stand.flashParts.credited).toEqual([part(2, START_MS)])
    stand.clock.nowMs += GRACE_MS
    for (let passes = 0; passes < 2; passes++) await stand.pass()
    expect(stand.flashParts.credited).toEqual([part(2, START_MS), part(2, START_MS + GRACE_MS)])
  })

  test('[RW24] a price that an event changes meanwhile is not paid', async () => {
    await stand.publish('eggs', plain())
    const until = { priceUntilMs: START_MS + 10 }
    expect(await take(1, { ...until, nowMs: START_MS + 10 })).toEqual({ tag: 'changed' })
    expect(await take(1, { ...until, nowMs: START_MS + 9 })).toMatchObject({ tag: 'taken' })
  })
})

test('[RW33] a reward lists who took a piece, newest first and by page; a refusal is not listed', async () => {
  await stand.publish('eggs', plain({ stock: { kind: 'fixed', pieces: REDEMPTIONS_PER_PAGE + 1 } }))
  for (let account = 1; account <= REDEMPTIONS_PER_PAGE + 2; account++)
    await take(account, { nowMs: START_MS + account * 1000 })
  const first = await listTaken(redis, { reward: 'eggs' })
  expect(first.refs.map(({ account }) => account)).toEqual(
    Array.from({ length: REDEMPTIONS_PER_PAGE }, (_, i) => REDEMPTIONS_PER_PAGE + 1 - i),
  )
  const last = await listTaken(redis, { reward: 'eggs', before: first.next ?? '' })
  expect(last).toEqual({ refs: [{ reward: 'eggs', account: 1, id: 'wish-0001' }] })
})

test('[RW33] the last page of a list whose oldest have fallen off says so, no other page does', async () => {
  const slot = createPartitions(1).slotOf(1)
  const lists = [
    { key: takenKey('eggs'), most: TAKEN_MAX, memberOf: (i: number) => `${i}:wish-0001` },
    { key: redeemedKey(slot, 1), most: REDEEMED_MAX, memberOf: (i: number) => `eggs:wish-${i}` },
  ]
  for (const { key, most, memberOf } of lists) {
    const members = Array.from({ length: most }, (_, i) => [String(i), memberOf(i)]).flat()
    await redis.zadd(key, ...members)
    const page = (before?: string) => {
      const from = before === undefined ? {} : { before }
      const of = { accounts: [1], ...from }
      return key === takenKey('eggs')
        ? listTaken(redis, { reward: 'eggs', ...from })
        : listRefs({ store: redis, partitions: createPartitions(1) }, of)
    }
    expect((await page()).cut).toBeUndefined()
    const last = await page(memberOf(3))
    expect(last).toMatchObject({ refs: [{}, {}, {}], cut: true })
    await redis.zrem(key, memberOf(0))
    expect(await page(memberOf(3))).toEqual({ refs: [expect.anything(), expect.anything()] })
  }
})

test('[RW15] every change that a shelf shows raises its number: a document, the last piece, what is brought again', async () => {
  const offer = (more: object = {}) =>
    stand.publish('oats', plain({ stock: { kind: 'fixed', pieces: 3 }, lowStock: 1, ...more }))
  await offer()
  const risen = async (change: () => Promise<unknown>): Promise<boolean> => {
    await stand.catalogue.refresh()
    const before = stand.catalogue.head()
    await change()
    await stand.catalogue.refresh()
    return stand.catalogue.head() > before
  }
  const sell = (id: string, pieces: number) => moveStock(redis, { reward: 'oats', id, pieces })
  expect(await risen(() => offer({ points: 400 }))).toBe(true)
  expect(await risen(() => offer({ enabled: false }))).toBe(true)
  expect(await risen(() => sell('sale-1', -1))).toBe(false)
  // Low, told once by the worker; then gone; then there again.
  await offer()
  await sell('sale-2', -1)
  expect(await risen(() => stand.pass())).toBe(true)
  expect(await risen(() => stand.pass())).toBe(false)
  await sell('sale-3', -1)
  expect(await risen(() => stand.pass())).toBe(true)
  expect(await risen(() => sell('delivery-1', 5))).toBe(true)
})
