import { afterEach, beforeEach, expect, test } from 'vitest'
import { MINUTE_MS } from '../../shared/time.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { HOLD_MS } from './limits.ts'
import { BRAND, createRewardStand, plain, type RewardStand } from './testing.ts'

let redis: Store
let stand: RewardStand
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  stand = await createRewardStand(redis, { partitions: 4 })
  await stand.give(ANNA, 2000)
  await stand.give(BEN, 2000)
})
afterEach(() => stand.stop())

const ANNA = 7
/** Whom Anna becomes. */
const BEN = 8
const merge = () => stand.former.set(BEN, [ANNA])
const wish = (id: string) => ({ account: BEN, id })

test('[RW34] after a merge the redemptions of both are one list, newest first, page by page', async () => {
  await stand.publish('oats', plain({ points: 1 }))
  for (let i = 0; i < 30; i++) {
    await stand.tap(i % 3 === 0 ? ANNA : BEN, 'oats', { id: `wish-000${i}` })
    stand.clock.nowMs += 1000
  }
  merge()
  const first = await stand.redemptions.list({ account: BEN })
  const rest = await stand.redemptions.list({ account: BEN, before: first.next ?? '' })
  const ids = [...first.redemptions, ...rest.redemptions].map(({ id }) => id)
  expect(ids).toEqual(Array.from({ length: 30 }, (_, i) => `wish-000${29 - i}`))
  expect(rest.next).toBeUndefined()
  expect((await stand.redemptions.list({ account: ANNA })).redemptions).toHaveLength(10)
})

test('[RW34] what was redeemed before a merge is paid in cash and given back after it, to the lots that paid', async () => {
  await stand.publish('oats', plain({ cashFen: 990, cashWithinMin: 30, worthFen: 1500 }))
  for (const id of ['wish-paid', 'wish-late']) await stand.tap(ANNA, 'oats', { id })
  merge()
  const paid = await stand.redemptions.confirmCash({ ...wish('wish-paid'), order: 'SO-1' })
  expect(paid).toMatchObject({ ok: true, redemption: { state: 'issued' } })
  const cancelled = await stand.redemptions.cancel({ ...wish('wish-late'), by: 'viewer' })
  expect(cancelled).toMatchObject({ ok: true, redemption: { state: 'cancelled' } })
  const refunded = await stand.redemptions.cancel({ ...wish('wish-paid'), by: 'shop' })
  expect(refunded).toMatchObject({ ok: true, redemption: { state: 'refunded' } })
  expect((await stand.wallets.readRecord(ANNA)).wallet.lots).toMatchObject([{ points: 2000 }])
  expect(await stand.redemptions.read(wish('wish-none'))).toBeUndefined()
  expect(await stand.imbalance()).toBe(0)
})

test('[RW34 RW2] a tap that comes again after a merge is the redemption of before, not a second one', async () => {
  await stand.publish('oats', plain({ stock: { kind: 'fixed', pieces: 5 } }))
  await stand.publish('eggs', plain())
  const id = 'wish-twice'
  await stand.tap(ANNA, 'oats', { id })
  merge()
  expect(await stand.tap(BEN, 'oats', { id })).toMatchObject({
    redemption: { state: 'issued', id },
  })
  expect(await stand.tap(BEN, 'eggs', { id })).toMatchObject({ code: 'id_conflict' })
  expect(await stand.totals()).toMatchObject({ spent: 500, held: 0 })
})

test('[RW20 RW34] a limit is of the person: what any of three accounts took before they became one counts, until they are parted', async () => {
  const CLEO = 9
  await stand.give(CLEO, 2000)
  for (const limits of [{ ever: 3 }, { perDay: 3 }, { perWeek: 3 }]) {
    const reward = `oats-${Object.keys(limits)[0]}`
    const tap = (account: number, no: number) =>
      stand.tap(account, reward, { id: `wish-${reward}-${no}` })
    await stand.publish(reward, plain({ points: 10, limits, cancelWithinMin: 60 }))
    stand.former.clear()
    for (const account of [ANNA, CLEO]) expect((await tap(account, account)).ok).toBe(true)
    stand.former.set(BEN, [ANNA, CLEO])
    const visitor = { account: BEN, brand: BRAND, room: 'demo', live: 0 }
    const shown = await stand.shelf.list(visitor)
    expect(shown.ok && shown.rewards.find(({ id }) => id === reward)).toMatchObject({
      mine: { taken: 2, max: 3 },
    })
    const [one, other] = await Promise.all([tap(BEN, 1), tap(BEN, 2)])
    expect([one.ok, other.ok].filter(Boolean)).toHaveLength(1)
    expect(await tap(BEN, 3)).toMatchObject({ code: 'reward_limit' })
    // What comes back may be taken again.
    const back = { id: `wish-${reward}-${ANNA}`, account: BEN, by: 'viewer' as const }
    expect((await stand.redemptions.cancel(back)).ok).toBe(true)
    expect((await tap(BEN, 4)).ok).toBe(true)
    expect(await tap(BEN, 5)).toMatchObject({ code: 'reward_limit' })
    stand.former.clear()
    expect((await tap(BEN, 6)).ok).toBe(true)
  }
})

test('[RW34 RW4] a tap that a merge cut off before anything was taken is answered as one that was cut off', async () => {
  await stand.publish('oats', plain())
  const id = 'wish-cut-off'
  await stand.wallets.hold({
    account: ANNA,
    id: `r-${id}`,
    points: 500,
    forMs: HOLD_MS,
    use: 'redemption',
    subject: 'oats',
    at: 1,
  })
  merge()
  expect(await stand.tap(BEN, 'oats', { id })).toMatchObject({ ok: false, code: 'busy' })
  stand.clock.nowMs += MINUTE_MS
  await stand.resolve(ANNA)
  expect(await stand.tap(BEN, 'oats', { id })).toMatchObject({ code: 'redemption_closed' })
  expect(await stand.totals()).toMatchObject({ spendable: 4000, held: 0 })
})
