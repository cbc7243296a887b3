import { beforeEach, expect, test } from 'vitest'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import { systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { createWalletStand } from '../wallet/testing.ts'
import { Packs } from './packs.ts'

let redis: Store
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(() => redis.flushall())

const ANNA = 7
const gift = { id: 'coupon', label: { zh: '券', en: 'Coupon' } }
const [first, ...others] = PRESETS.live.ladder.rungs
const book = Rulebook.parse({
  ...PRESETS.live,
  ladder: {
    ...PRESETS.live.ladder,
    rungs: [
      { ...first, privileges: [{ kind: 'newcomer_pack', points: 50, gifts: [gift] }] },
      ...others,
    ],
  },
})

function stand() {
  const wallet = createWalletStand(redis, { partitions: 2 })
  const given: string[] = []
  let broken = false
  const packs = new Packs({
    store: redis,
    partitions: wallet.places,
    clock: systemClock,
    rulebook: () => ({ version: 1, publishedAtMs: 0, by: 'test', book }),
    pepper: Buffer.alloc(32, 1),
    wallets: wallet.wallets,
    goods: {
      async give({ id, reward }) {
        if (broken) throw new Error('the reward cannot be given now')
        if (!given.includes(`${reward} ${id}`)) given.push(`${reward} ${id}`)
        return 'given'
      },
    },
    nowMs: () => wallet.clock.nowMs,
  })
  const visit = (rung = 0) =>
    packs.arrived({ account: ANNA, rung, brandNo: 1, issuer: 1, birthday: undefined })
  const pass = () => packs.pass(wallet.places.slotOf(ANNA))
  return { ...wallet, packs, given, visit, pass, set: (now: boolean) => (broken = now) }
}

test('[TI3 004-04] a pack is given once, however many devices come in at once', async () => {
  const { visit, given, totals, imbalance } = stand()
  await Promise.all([visit(), visit(), visit()])
  expect(await visit()).toEqual([])
  expect(await totals()).toMatchObject({ issued: 50, spendable: 50 })
  expect(given).toHaveLength(1)
  expect(await imbalance()).toBe(0)
})

test('[TI5] cut off between points and voucher, the worker gives the rest, and nothing twice', async () => {
  const { visit, pass, given, totals, clock, set } = stand()
  set(true)
  await expect(visit()).rejects.toThrow('cannot be given now')
  expect(await totals()).toMatchObject({ issued: 50 })
  set(false)
  expect(await pass()).toBe(0)
  clock.nowMs += 6000
  expect(await pass()).toBe(1)
  expect(given).toHaveLength(1)
  // What was noted counts, whatever the tier is by now.
  expect(await visit(4)).toEqual([])
  expect(await pass()).toBe(0)
  expect(await totals()).toMatchObject({ issued: 50 })
})
