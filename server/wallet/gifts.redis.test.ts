import { beforeEach, expect, test } from 'vitest'
import { formatAccount } from '../../shared/ids.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/time.ts'
import { systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { Died, dyingAt, losingMasters } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { Gifts } from './gifts.ts'
import { ANNA, createWalletStand } from './testing.ts'

const BEN = 8
const CLEO = 9
const CAP = 1000

let redis: Store
useRedis(async (server) => {
  redis = await server.connect()
  // Redis learns its scripts, so that those of a process that dies can be counted.
  const one = stand()
  await one.give(ANNA, 10)
  await one.gifts.give(gift('to-begin-with', 1))
})
beforeEach(() => redis.flushall())

function stand({ feeBps = 0 } = {}) {
  const transfer = {
    kind: 'allowWithin' as const,
    dailyCap: CAP,
    perPairCap: CAP,
    minTier: 0,
    minAccountAgeDays: 0,
    feeBps,
    coolOffHours: 0,
  }
  const one = createWalletStand(redis, { partitions: 8, wallet: { transfer } })
  const masters = losingMasters(redis)
  const giftsOn = (store: Store) =>
    new Gifts({
      store,
      partitions: one.places,
      rulebook: () => ({ version: 1, publishedAtMs: 0, by: 'test', book: one.book }),
      clock: systemClock,
      wallets: one.walletsOn(store),

      certain: masters.certain,
      nowMs: () => one.clock.nowMs,
    })
  const gifts = giftsOn(redis)
  /** What the worker does with holds whose deadline has passed. */
  async function sweep(): Promise<void> {
    one.clock.nowMs += MINUTE_MS + 1
    for (const hold of await one.wallets.openHolds(ANNA)) {
      const of = { account: ANNA, id: hold.id }
      if (hold.use === 'transfer') await gifts.finish({ ...hold, account: ANNA })
      else await one.wallets.void({ ...of, lapsed: true })
    }
  }
  return { ...one, masters, giftsOn, gifts, sweep }
}

const gift = (id: string, points: number, to = BEN) => ({
  ...{ id, points, to, from: ANNA, at: 1, by: '', rung: 0, ageDays: 0 },
})

test('[W22] an id is one gift: what was counted for it lets no larger one and no other friend through', async () => {
  const one = stand()
  await one.give(ANNA, 5000)
  // Counted, and then the process dies before anything is held.
  await expect(one.giftsOn(dyingAt(redis, 2, false)).give(gift('g', 1))).rejects.toThrow(Died)
  expect(await one.gifts.give(gift('g', 5000))).toMatchObject({ code: 'id_conflict' })
  expect(await one.gifts.give(gift('g', 1, CLEO))).toMatchObject({ code: 'id_conflict' })
  expect(await one.gifts.give(gift('g', 1))).toMatchObject({ ok: true })
  expect(await one.totals()).toMatchObject({ transferredIn: 1, transferredOut: 1 })
})

test('[W22] what was counted on one day and given up on the next frees nothing of the next', async () => {
  const one = stand()
  await one.give(ANNA, 950)
  one.clock.nowMs += 12 * HOUR_MS - 1
  // Refused for want of points, but the process dies before that is counted no more.
  await expect(one.giftsOn(dyingAt(redis, 3, false)).give(gift('late', CAP))).rejects.toThrow(Died)
  one.clock.nowMs += 2
  expect(await one.gifts.give(gift('first', 900))).toMatchObject({ ok: true })
  expect(await one.gifts.give(gift('late', CAP))).toMatchObject({ code: 'points_short' })
  await one.give(ANNA, 5000)
  expect(await one.gifts.give(gift('more', 101))).toMatchObject({ code: 'gift_limit', have: 100 })
  one.clock.nowMs += DAY_MS
  expect(await one.gifts.give(gift('late', CAP))).toMatchObject({ ok: true })
})

test('[W22] a gift that was begun is on its terms, whatever is published before it is repeated: no fee that was not told, no refusal, nothing twice', async () => {
  const changes = [
    { feeBps: 500 },
    { feeBps: 0 },
    { kind: 'deny' },
    { minTier: 3 },
    { dailyCap: 1, perPairCap: 1 },
  ]
  for (const feeBps of [0, 1000])
    for (const change of changes)
      for (let script = 1; script <= 8; script++) {
        await redis.flushall()
        const one = stand({ feeBps })
        await one.give(ANNA, 1000)
        const dying = one.giftsOn(dyingAt(redis, script, true))
        await dying.give(gift('g', 300)).catch(() => undefined)
        const why = `${JSON.stringify(change)}, script ${script}, fee ${feeBps}`
        const isHeld = (await one.wallets.readHold({ account: ANNA, id: 'g' })) !== undefined
        Object.assign(one.book.wallet.transfer, change)
        const again = await one.gifts.give(gift('g', 300))
        const fee = (300 * feeBps) / 10_000
        if (isHeld) {
          expect(again, why).toEqual({ ok: true, dup: true, fee })
          expect(await one.gifts.give(gift('g', 301)), why).toMatchObject({ code: 'id_conflict' })
        }
        await one.sweep()
        await one.sweep()
        const { spent, transferredIn, spendable } = await one.totals()
        const took = again.ok ? again.fee : 0
        expect({ spent, transferredIn, spendable }, why).toEqual({
          ...{ spent: took, transferredIn: again.ok ? 300 : 0, spendable: 1000 - took },
        })
        expect(await one.imbalance()).toBe(0)
      }
})

test('[W24] whichever master comes back without its newest data, at whichever step, a gift is in one account and never in two or none', async () => {
  for (const feeBps of [0, 1000])
    for (let script = 1; script <= 8; script++)
      for (const loses of [ANNA, BEN]) {
        await redis.flushall()
        const one = stand({ feeBps })
        const slotOf = (account: number) => one.places.slotOf(account)
        expect(slotOf(ANNA)).not.toBe(slotOf(BEN))
        await one.give(ANNA, 1000)
        for (const account of [ANNA, BEN]) await one.masters.certain({ slot: slotOf(account) })
        const answered = await one
          .giftsOn(dyingAt(redis, script, true))
          .give(gift('g', 300))
          .then(({ ok }) => ok)
          .catch(() => false)
        await one.masters.lose(slotOf(loses))
        await one.sweep()
        const why = `script ${script}, ${formatAccount(loses)} loses, fee ${feeBps}`
        const pointsOf = async (account: number) =>
          (await one.wallets.readRecord(account)).wallet.lots.reduce((all, l) => all + l.points, 0)
        const got = await pointsOf(BEN)
        const fee = got > 0 ? (300 * feeBps) / 10_000 : 0
        expect(await pointsOf(ANNA), why).toBe(1000 - got - fee)
        if (answered) expect(got, why).toBe(300)
        const { transferredIn, transferredOut, held } = await one.totals()
        expect({ transferredIn, transferredOut, held }, why).toEqual({
          ...{ transferredIn: got, transferredOut: got, held: 0 },
        })
      }
})
