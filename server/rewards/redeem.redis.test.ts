import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Refusal } from '../../shared/errors.ts'
import type { RedemptionView } from '../../shared/rewards.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { DAY_MS, MINUTE_MS, monthBounds } from '../../shared/time.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { act, createBench } from '../scoring/bench.testing.ts'
import { WALLET_MONTH } from '../wallet/testing.ts'
import { watchedKey } from './keys.ts'
import { HOLD_MS } from './limits.ts'
import { readStates } from './stock.ts'
import { takeReward } from './take.ts'
import {
  BRAND,
  createRewardStand,
  plain,
  type RewardStand,
  START_MS,
  TERMS,
  ZONE,
} from './testing.ts'

let redis: Store
let stand: RewardStand
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  stand = await createRewardStand(redis, { partitions: 4 })
})
afterEach(() => stand.stop())

const ANNA = 7
const BEN = 8
const fixed = (pieces: number) => ({ stock: { kind: 'fixed' as const, pieces } })

function got(answer: { ok: true; redemption: RedemptionView } | Refusal): RedemptionView {
  if (!answer.ok) throw new Error(answer.code)
  return answer.redemption
}
const sums = async () => {
  expect(await stand.imbalance()).toBe(0)
  const { spendable, held, spent } = await stand.totals()
  return { spendable, held, spent }
}
const left = async (reward = 'oats') =>
  (await readStates(redis, [reward], { atMs: stand.clock.nowMs, timeZone: ZONE }))[0]?.left

describe('one tap', () => {
  test('[RW1 002-21] holds the points, takes a piece, pays, and gives a code', async () => {
    await stand.give(ANNA, 1850)
    await stand.publish('oats', plain({ ...fixed(3), delivery: 'code' }))
    const redemption = got(await stand.tap(ANNA, 'oats'))
    expect(redemption).toMatchObject({ state: 'issued', points: 500, reward: 'oats' })
    expect(redemption.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/)
    expect(await sums()).toEqual({ spendable: 1350, held: 0, spent: 500 })
    expect(await left()).toBe(2)
  })

  test('[RW2] the same wish again answers what became of it, and nothing moves', async () => {
    await stand.give(ANNA, 1850)
    await stand.publish('oats', plain(fixed(3)))
    const answers = await Promise.all(Array.from({ length: 8 }, () => stand.tap(ANNA, 'oats')))
    expect(answers.filter((answer) => answer.ok).length).toBeGreaterThan(0)
    expect(got(await stand.tap(ANNA, 'oats')).state).toBe('issued')
    expect(await sums()).toEqual({ spendable: 1350, held: 0, spent: 500 })
    expect(await left()).toBe(2)
    await stand.publish('eggs', plain())
    const other = await stand.tap(ANNA, 'eggs', { id: 'wish-7-oats' })
    expect(other).toMatchObject({ ok: false, code: 'id_conflict' })
  })

  test('[RW3 C44] who comes too late for the last piece has all points back', async () => {
    await stand.publish('oats', plain(fixed(10)))
    const crowd = Array.from({ length: 100 }, (_, i) => 100 + i)
    await Promise.all(crowd.map((account) => stand.give(account, 500)))
    const answers = await Promise.all(crowd.map((account) => stand.tap(account, 'oats')))
    expect(answers.filter((answer) => answer.ok)).toHaveLength(10)
    const others = answers.filter((answer) => !answer.ok)
    expect(others.every((answer) => !answer.ok && answer.code === 'sold_out')).toBe(true)
    expect(await sums()).toEqual({ spendable: 90 * 500, held: 0, spent: 5000 })
  })

  test('[RW3] with too few points nothing is taken', async () => {
    await stand.give(ANNA, 499)
    await stand.publish('oats', plain(fixed(3)))
    expect(await stand.tap(ANNA, 'oats')).toMatchObject({ code: 'points_short', have: 499 })
    expect(await left()).toBe(3)
  })

  test('[RW5] where only session points may pay, others do not', async () => {
    await stand.give(ANNA, 1000)
    await stand.publish('oats', plain({ ...fixed(3), pay: 'session' }))
    expect(await stand.tap(ANNA, 'oats')).toMatchObject({ code: 'points_short', have: 0 })
  })
})

describe('what it is', () => {
  test('[RW5 002-32] session points pay in full, in their live', async () => {
    const pay = 'session' as const
    const earn = PRESETS.live.earn.map((rule) =>
      rule.action === 'like' ? { ...rule, bucket: 'session' as const, points: 100 } : rule,
    )
    const bench = createBench(redis, { earn }, 4)
    await bench.one(START_MS, { account: ANNA, actions: [act(1, 'like', { units: 10 })] })
    await stand.publish('hero', plain({ points: 900, pay }))
    const elsewhere = await stand.tap(ANNA, 'hero', { live: bench.room.live + 1 })
    expect(elsewhere).toMatchObject({ code: 'points_short' })
    const here = await stand.tap(ANNA, 'hero', { live: bench.room.live, id: 'wish-here' })
    expect(here).toMatchObject({ ok: true, redemption: { state: 'issued', points: 900 } })
    expect(await stand.totals()).toMatchObject({ session: 100, spent: 900 })
  })

  test('[RW1 003-33] ten thousand points go in one tap', async () => {
    await stand.give(ANNA, 10_000)
    await stand.publish('night', plain({ points: 10_000, worthFen: 12_000, kind: 'access' }))
    expect(got(await stand.tap(ANNA, 'night'))).toMatchObject({ state: 'issued', points: 10_000 })
    expect(await sums()).toEqual({ spendable: 0, held: 0, spent: 10_000 })
  })

  test('[RW25 000-22 004-10] content of members is opened by who bought it, and by nobody else', async () => {
    await stand.give(ANNA, 1000)
    const link = 'https://shop.test/course'
    await stand.publish('course', plain({ kind: 'content', tier: 2, link, points: 300 }))
    const shown = await stand.shelf.list({ account: ANNA, brand: BRAND, room: 'demo', live: 0 })
    expect(JSON.stringify(shown)).not.toContain(link)
    expect(await stand.tap(ANNA, 'course')).toMatchObject({ code: 'reward_locked' })
    stand.rungs.set(ANNA, 2)
    expect(got(await stand.tap(ANNA, 'course'))).toMatchObject({ state: 'issued', link })
  })
})

describe('half points, half cash', () => {
  const doc = plain({ ...fixed(3), points: 1800, cashFen: 990, worthFen: 3000 })

  test('[RW6 002-22] the piece is kept until the shop has the cash, then it is issued', async () => {
    await stand.give(ANNA, 2000)
    await stand.publish('oats', doc)
    const waiting = got(await stand.tap(ANNA, 'oats'))
    expect(waiting).toMatchObject({
      state: 'awaiting_cash',
      points: 1800,
      cashFen: 990,
      cashUntilMs: START_MS + 15 * MINUTE_MS,
    })
    expect(await sums()).toEqual({ spendable: 200, held: 1800, spent: 0 })
    const paying = { account: ANNA, id: waiting.id, order: 'order-1' }
    expect(got(await stand.redemptions.confirmCash(paying)).state).toBe('issued')
    expect(got(await stand.redemptions.confirmCash(paying)).state).toBe('issued')
    const other = await stand.redemptions.confirmCash({ ...paying, order: 'order-2' })
    expect(other).toMatchObject({ code: 'id_conflict', field: 'order' })
    expect(await sums()).toEqual({ spendable: 200, held: 0, spent: 1800 })
  })

  test('[RW6] one order pays one redemption, whichever reward it is of; one that came too late may pay another', async () => {
    await stand.give(ANNA, 9000)
    await stand.publish('oats', doc)
    await stand.publish('eggs', doc)
    const tap = async (reward: string, id: string) =>
      ({ account: ANNA, id: got(await stand.tap(ANNA, reward, { id })).id }) as const
    const first = await tap('oats', 'wish-first')
    const second = await tap('eggs', 'wish-second')
    const pay = (of: typeof first, order: string) => stand.redemptions.confirmCash({ ...of, order })
    expect(got(await pay(first, 'order-1')).state).toBe('issued')
    expect(await pay(second, 'order-1')).toMatchObject({ code: 'id_conflict', field: 'order' })
    expect(got(await pay(first, 'order-1')).state).toBe('issued')
    stand.clock.nowMs += 15 * MINUTE_MS
    expect(await pay(second, 'order-2')).toMatchObject({ code: 'redemption_closed' })
    const third = await tap('oats', 'wish-third')
    expect(got(await pay(third, 'order-2')).state).toBe('issued')
  })

  test('[RW7 C45] without cash in time points and piece go back, once, and late cash is refused', async () => {
    await stand.give(ANNA, 2000)
    await stand.publish('oats', doc)
    const { id } = got(await stand.tap(ANNA, 'oats'))
    stand.clock.nowMs += 15 * MINUTE_MS - 1
    await stand.pass()
    expect(await left()).toBe(2)
    stand.clock.nowMs += 1
    const late = await stand.redemptions.confirmCash({ account: ANNA, id, order: 'order-1' })
    expect(late).toMatchObject({ code: 'redemption_closed' })
    await stand.pass()
    await stand.pass()
    await stand.resolve(ANNA)
    expect(await left()).toBe(3)
    expect(await sums()).toEqual({ spendable: 2000, held: 0, spent: 0 })
    const { redemptions } = await stand.redemptions.list({ account: ANNA })
    expect(redemptions).toMatchObject([{ state: 'cancelled', why: 'cash_late' }])
  })
})

describe('giving back', () => {
  test('[RW8] within its time points and piece return, exactly once', async () => {
    await stand.give(ANNA, 1000)
    await stand.publish('oats', plain({ ...fixed(3), limits: { ever: 1 }, cancelWithinMin: 60 }))
    const { id } = got(await stand.tap(ANNA, 'oats'))
    expect(await stand.tap(ANNA, 'oats', { id: 'wish-again' })).toMatchObject({
      code: 'reward_limit',
    })
    stand.clock.nowMs += 60 * MINUTE_MS - 1
    const backs = await Promise.all(
      Array.from({ length: 5 }, () =>
        stand.redemptions.cancel({ account: ANNA, id, by: 'viewer' }),
      ),
    )
    expect(backs.map((answer) => got(answer).state)).toEqual(Array(5).fill('refunded'))
    expect(await sums()).toEqual({ spendable: 1000, held: 0, spent: 0 })
    expect(await left()).toBe(3)
    // Also the limit counts it no more.
    expect(got(await stand.tap(ANNA, 'oats', { id: 'wish-third' })).state).toBe('issued')
  })

  test('[RW8] afterwards only the shop may', async () => {
    await stand.give(ANNA, 1000)
    await stand.publish('oats', plain({ ...fixed(3), cancelWithinMin: 60 }))
    const { id } = got(await stand.tap(ANNA, 'oats'))
    stand.clock.nowMs += 60 * MINUTE_MS
    const by = (who: 'viewer' | 'shop') => stand.redemptions.cancel({ account: ANNA, id, by: who })
    expect(await by('viewer')).toMatchObject({ code: 'redemption_closed' })
    expect(got(await by('shop')).state).toBe('refunded')
    expect(await sums()).toEqual({ spendable: 1000, held: 0, spent: 0 })
  })

  test('[RW8 W26] points whose month has begun expire where the viewer gives the piece back, and have the grace where the shop does', async () => {
    for (const [by, spendable] of [
      ['viewer', 0],
      ['shop', 500],
    ] as const) {
      await redis.flushall()
      stand.stop()
      stand = await createRewardStand(redis, { partitions: 4 })
      await stand.give(ANNA, 500, { month: WALLET_MONTH + 1 })
      await stand.publish('oats', plain({ ...fixed(3), cancelWithinMin: 43_200 }))
      const { endsAtMs } = monthBounds(stand.clock.nowMs, ZONE)
      stand.clock.nowMs = endsAtMs - MINUTE_MS
      const { id } = got(await stand.tap(ANNA, 'oats'))
      stand.clock.nowMs = endsAtMs
      expect(got(await stand.redemptions.cancel({ account: ANNA, id, by })).state).toBe('refunded')
      expect(await sums(), by).toEqual({ spendable, held: 0, spent: 0 })
    }
  })
})

describe('what was cut off', () => {
  const hold = (id = 'wish-7-oats') =>
    stand.wallets.hold({
      account: ANNA,
      id: `r-${id}`,
      points: 500,
      forMs: HOLD_MS,
      use: 'redemption',
      subject: 'oats',
      at: 1,
    })
  const ref = { reward: 'oats', account: ANNA, id: 'wish-7-oats' }
  const terms = { ...TERMS, timeZone: ZONE }

  test('[RW4] held and nothing taken: the points go back, and a take that comes late is refused', async () => {
    await stand.give(ANNA, 1000)
    await stand.publish('oats', plain(fixed(3)))
    await hold()
    stand.clock.nowMs += HOLD_MS + 1
    await stand.resolve(ANNA)
    expect(await sums()).toEqual({ spendable: 1000, held: 0, spent: 0 })
    const late = await takeReward(redis, ref, { ...terms, nowMs: stand.clock.nowMs })
    expect(late).toEqual({ tag: 'known' })
    expect(await left()).toBe(3)
    expect(await stand.tap(ANNA, 'oats')).toMatchObject({ code: 'redemption_closed' })
  })

  test('[RW4] held and taken: it is paid and issued, by the next pass or by who looks after holds', async () => {
    await stand.give(ANNA, 2000)
    await stand.publish('oats', plain(fixed(3)))
    for (const [id, end] of [
      ['wish-first', () => stand.pass()],
      ['wish-other', () => stand.resolve(ANNA)],
    ] as const) {
      await hold(id)
      await takeReward(redis, { ...ref, id }, { ...terms, nowMs: stand.clock.nowMs })
      stand.clock.nowMs += HOLD_MS + 1
      await end()
      expect((await stand.redemptions.read({ account: ANNA, id }))?.state).toBe('issued')
    }
    expect(await sums()).toEqual({ spendable: 1000, held: 0, spent: 1000 })
    expect(await left()).toBe(1)
  })

  test('[RW4] taken and the hold lost with its shard: the piece comes back', async () => {
    await stand.publish('oats', plain(fixed(3)))
    await takeReward(redis, ref, { ...terms, nowMs: stand.clock.nowMs })
    stand.clock.nowMs += HOLD_MS
    await stand.pass()
    expect(await left()).toBe(3)
    expect(await redis.zcard('ff:{w:oats}:todo')).toBe(0)
  })
})

describe('the shelf', () => {
  const list = async (account = ANNA) => {
    const shown = await stand.shelf.list({ account, brand: BRAND, room: 'demo', live: 0 })
    if (!shown.ok) throw new Error(shown.code)
    return shown.rewards
  }

  test('[RW30] shows what a point brings, and warns outside half and double', async () => {
    await stand.publish('fair', plain({ points: 500, worthFen: 500 }))
    await stand.publish('mean', plain({ points: 501, worthFen: 240 }))
    await stand.publish('much', plain({ points: 502, worthFen: 1100 }))
    expect((await list()).map(({ value }) => value)).toEqual([
      { ratioMilli: 1000 },
      { ratioMilli: 479, warning: 'low' },
      { ratioMilli: 2191, warning: 'high' },
    ])
  })

  test('[RW31 002-24] says why it cannot be taken: tier, lives, limit, stock, time', async () => {
    await stand.give(ANNA, 5000)
    await stand.publish('gold', plain({ points: 501, tier: 3 }))
    await stand.publish('fans', plain({ points: 502, lives: 3 }))
    await stand.publish('once', plain({ points: 503, limits: { ever: 1 } }))
    await stand.publish('gone', plain({ points: 504, ...fixed(0) }))
    await stand.publish('soon', plain({ points: 505, window: { opensAtMs: START_MS + DAY_MS } }))
    await stand.publish('free', plain({ points: 506 }))
    await stand.tap(ANNA, 'once')
    const locks = Object.fromEntries((await list()).map(({ id, lock }) => [id, lock]))
    expect(locks).toEqual({
      gold: { kind: 'tier', rung: 3, label: stand.book.ladder.rungs[3]?.label },
      fans: { kind: 'task', lives: 3, watched: 0 },
      once: { kind: 'limit', per: 'ever' },
      gone: { kind: 'sold_out' },
      soon: { kind: 'not_yet', opensAtMs: START_MS + DAY_MS },
      free: undefined,
    })
    expect(await stand.tap(ANNA, 'gold')).toMatchObject({ code: 'reward_locked' })
    expect(await stand.tap(ANNA, 'fans')).toMatchObject({ code: 'reward_locked' })
    expect(await stand.tap(ANNA, 'soon')).toMatchObject({ code: 'reward_closed' })
    stand.rungs.set(ANNA, 3)
    await redis.sadd(watchedKey(stand.places.slotOf(ANNA), ANNA), 1, 2, 3)
    expect(await stand.tap(ANNA, 'gold')).toMatchObject({ ok: true })
    expect(await stand.tap(ANNA, 'fans')).toMatchObject({ ok: true })
  })

  describe('[RW32 001-10] a lower price from a rung on', () => {
    const GOLD = 3
    const member = { points: 400, rooms: ['demo', 'other'] }
    const gold = () => stand.book.ladder.rungs[GOLD]?.label

    test('[RW32 001-10] in the rooms that are named, shown beside the usual one and paid as it was shown', async () => {
      await stand.give(ANNA, 1000)
      await stand.publish('oats', plain({ points: 500, worthFen: 600, ...fixed(5), member }))
      const [before] = await list()
      const offer = { rung: GOLD, label: gold(), points: 400, cashFen: 0 }
      expect(before).toMatchObject({ cost: { points: 500 }, member: { ...offer, yours: false } })
      expect(before?.usualPoints).toBeUndefined()
      stand.rungs.set(ANNA, GOLD)
      const [shown] = await list()
      expect(shown).toMatchObject({
        cost: { points: 400 },
        usualPoints: 500,
        value: { ratioMilli: 1500 },
        member: { ...offer, yours: true },
      })
      const quoted = { points: 400, cashFen: 0 }
      const other = await stand.tap(ANNA, 'oats', { room: 'third', id: 'wish-third', quoted })
      expect(other).toMatchObject({ ok: false, code: 'price_changed', have: 500 })
      expect(got(await stand.tap(ANNA, 'oats', { quoted })).points).toBe(400)
      expect(await sums()).toEqual({ spendable: 600, held: 0, spent: 400 })
    })

    test('[RW32 001-10] a day pass brings it where the ladder says so; at its end nothing is taken for more than was shown', async () => {
      await stand.give(ANNA, 1000)
      await stand.publish('oats', plain({ points: 500, ...fixed(5), member: { points: 400 } }))
      stand.rungs.set(ANNA, GOLD - 1)
      stand.boosts.set(ANNA, 1)
      expect((await list())[0]).toMatchObject({ cost: { points: 400 }, member: { yours: true } })
      stand.boosts.delete(ANNA)
      const quoted = { points: 400, cashFen: 0 }
      const late = await stand.tap(ANNA, 'oats', { quoted })
      expect(late).toMatchObject({ code: 'price_changed' })
      expect(await sums()).toEqual({ spendable: 1000, held: 0, spent: 0 })
      expect(await left()).toBe(5)
    })

    test('[RW32 RW30] also in cash; of an event and the tier the lower price counts; its value is warned of', async () => {
      await stand.give(ANNA, 2000)
      stand.rungs.set(ANNA, GOLD)
      await stand.publish(
        'oil',
        plain({ points: 600, cashFen: 1000, worthFen: 3000, member: { cashFen: 500 } }),
      )
      const [oil] = await list()
      expect(oil).toMatchObject({
        cost: { points: 600, cashFen: 500 },
        usualCashFen: 1000,
        value: { warning: 'high' },
      })
      const waiting = got(await stand.tap(ANNA, 'oil'))
      expect(waiting).toMatchObject({ state: 'awaiting_cash', points: 600, cashFen: 500 })
    })

    test('[RW32] a price for members that is none is refused', async () => {
      const wrong = (doc: object) => stand.publish('oats', plain(doc))
      expect(await wrong({ member: { points: 501 } })).toMatchObject({ field: 'member.points' })
      expect(await wrong({ member: { cashFen: 1 } })).toMatchObject({ field: 'member.cashFen' })
      expect(await wrong({ member: {} })).toMatchObject({ field: 'member' })
    })
  })

  test('[RW25] who lacks the rung is told which one and how much growth is missing', async () => {
    await stand.give(ANNA, 5000)
    await stand.publish('gold', plain({ tier: 3 }))
    const { growth, label } = stand.book.ladder.rungs[3] ?? {}
    expect(await stand.tap(ANNA, 'gold')).toMatchObject({
      code: 'reward_locked',
      tier: { rung: 3, label, growthMissing: growth },
    })
  })

  test('[RW22 001-11] the top tier comes five minutes earlier', async () => {
    await stand.give(ANNA, 5000)
    await stand.give(BEN, 5000)
    const opensAtMs = START_MS + 5 * MINUTE_MS
    await stand.publish('early', plain({ window: { opensAtMs }, early: {} }))
    const top = stand.book.ladder.rungs.length - 1
    stand.rungs.set(ANNA, top)
    expect(await stand.tap(BEN, 'early')).toMatchObject({ code: 'reward_closed' })
    const [shown] = await list(BEN)
    expect(shown?.lock).toMatchObject({ kind: 'early', rung: top, opensAtMs })
    expect(await stand.tap(ANNA, 'early')).toMatchObject({ ok: true })
    stand.clock.nowMs = opensAtMs
    expect(await stand.tap(BEN, 'early')).toMatchObject({ ok: true })
  })

  test('[RW40] after a gain names the best that can be had', async () => {
    await stand.publish('cheap', plain({ points: 300 }))
    await stand.publish('oats', plain({ points: 1800, worthFen: 1900 }))
    await stand.publish('gold', plain({ points: 2000, tier: 3 }))
    const visitor = { account: ANNA, brand: BRAND, room: 'demo', live: 0 }
    const gain = await stand.shelf.gain(visitor, 200)
    expect(gain).toMatchObject({ points: 200, best: { reward: 'oats', points: 1800 } })
  })
})
