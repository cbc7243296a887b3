import { beforeEach, describe, expect, test } from 'vitest'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { endedKey, markEnded, sweepSession } from '../wallet/index.ts'
import { ANNA, createWalletStand, held, holding } from '../wallet/testing.ts'
import { act, createBench, START_MS } from './bench.testing.ts'

/** Session points come from scoring and are spent by wallets: what the rules of the wallet say of them is shown here. */

let redis: Store
let stand: ReturnType<typeof createWalletStand>
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  stand = createWalletStand(redis)
})

const sums = () => stand.sums()

describe('session points', () => {
  const likesPaySession = PRESETS.live.earn.map((rule) =>
    rule.action === 'like' ? { ...rule, bucket: 'session' as const, points: 100 } : rule,
  )
  /** Ten likes in the live of the bench pay 1,000 session points. */
  async function earnSession() {
    const bench = createBench(redis, { earn: likesPaySession })
    stand.clock.nowMs = START_MS
    await bench.one(START_MS, { account: ANNA, actions: [act(1, 'like', { units: 10 })] })
    expect(await sums()).toMatchObject({ session: 1000 })
    const slot = stand.places.slotOf(ANNA)
    return {
      live: bench.room.live,
      async end() {
        await markEnded(redis, slot, bench.room.live)
        const sweep = { slot, live: bench.room.live, journalMax: 1000, nowMs: stand.clock.nowMs }
        expect(await sweepSession(redis, sweep, [ANNA])).toMatchObject({
          tag: 'swept',
          unreadable: 0,
        })
      },
    }
  }

  test('[W17 002-32] they pay only in their live, in full or before others', async () => {
    const { live } = await earnSession()
    await stand.give(ANNA, 500)
    expect(await stand.wallets.hold(holding(501, { live: 8 }))).toMatchObject({
      code: 'points_short',
      have: 500,
    })
    expect(await stand.wallets.hold(holding(1001, { live, pay: 'session' }))).toMatchObject({
      have: 1000,
    })
    const { hold } = held(await stand.wallets.hold(holding(1200, { live })))
    expect(hold.lots.map(({ bucket, points }) => [bucket, points])).toEqual([
      ['session', 1000],
      ['spendable', 200],
    ])
  })

  test('[W18] a hold from before the end stays capturable; voided after it, its session points expire', async () => {
    const { live, end } = await earnSession()
    held(await stand.wallets.hold(holding(400, { live })))
    held(await stand.wallets.hold(holding(500, { live, id: 'h2' })))
    await end()
    expect(await sums()).toMatchObject({ session: 0, held: 900, expired: 100 })
    held(await stand.wallets.capture({ account: ANNA, id: 'h1', points: 300 }))
    held(await stand.wallets.void({ account: ANNA, id: 'h2' }))
    expect(await sums()).toMatchObject({ session: 0, held: 0, spent: 300, expired: 700 })
    expect(await stand.wallets.hold(holding(1, { live, id: 'h3' }))).toMatchObject({
      code: 'points_short',
    })
    expect(await stand.imbalance()).toBe(0)
  })

  test('[W19] nor do they outlive their live by a refund, however much later', async () => {
    const { live, end } = await earnSession()
    held(await stand.wallets.hold(holding(400, { live })))
    held(await stand.wallets.capture({ account: ANNA, id: 'h1' }))
    await end()
    // By now the partition has forgotten that the live has ended.
    await redis.del(endedKey(stand.places.slotOf(ANNA)))
    stand.clock.nowMs += 50 * 3_600_000
    held(await stand.wallets.refund({ account: ANNA, id: 'h1', refundId: 'r1' }))
    expect(await sums()).toMatchObject({ session: 0, spendable: 0, spent: 0, expired: 1000 })
  })

  test('[W19] in a live that goes on for days they come back, by a refund and where nobody captured them', async () => {
    const { live, end } = await earnSession()
    stand.running.add(live)
    held(await stand.wallets.hold(holding(400, { live })))
    held(await stand.wallets.capture({ account: ANNA, id: 'h1' }))
    held(await stand.wallets.hold(holding(100, { live, id: 'h2' })))
    stand.clock.nowMs += 50 * 3_600_000
    held(await stand.wallets.refund({ account: ANNA, id: 'h1', refundId: 'r1', points: 300 }))
    held(await stand.wallets.void({ account: ANNA, id: 'h2', lapsed: true }))
    expect(await sums()).toMatchObject({ session: 900, held: 0, spent: 100, expired: 0 })
    // It has ended where the partition says so, whatever its room says.
    await end()
    held(await stand.wallets.refund({ account: ANNA, id: 'h1', refundId: 'r2' }))
    expect(await sums()).toMatchObject({ session: 0, spent: 0, expired: 1000 })
    expect(await stand.imbalance()).toBe(0)
  })

  test('[W20] frozen ones come back while the live runs and expire with it', async () => {
    const { end } = await earnSession()
    const freeze = (id: string, freeze: boolean) =>
      stand.wallets.freeze({ account: ANNA, id, freeze, by: 'ops' })
    held(await freeze('f1', true))
    expect(await sums()).toMatchObject({ session: 0, frozen: 1000 })
    held(await freeze('f2', false))
    expect(await sums()).toMatchObject({ session: 1000, frozen: 0 })
    held(await freeze('f3', true))
    await end()
    expect(await sums()).toMatchObject({ session: 0, frozen: 0, expired: 1000 })
  })
})
