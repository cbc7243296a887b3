import { beforeEach, expect, test } from 'vitest'
import type { EconomyDay } from '../../shared/economy.ts'
import { verdictOf } from '../../shared/economy-verdict.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import { DAY_MS, dayBounds } from '../../shared/time.ts'
import { closeDay } from '../economy/index.ts'
import { tallyKey } from '../economy/keys.ts'
import { must } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { type Bench, createBench, NOW } from './bench.testing.ts'

let store: Store
let bench: Bench
useRedis(async (server) => {
  store = await server.connect()
})
beforeEach(async () => {
  await store.flushall()
  bench = await createBench(store)
})

const dayOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / DAY_MS
const FIRST = dayOf('2026-08-01')
const { economy: policy } = Rulebook.parse(PRESETS.live)

/** Days on which the points grow by 400,000 a month and the accounts by 20,000. */
const dayNo = (i: number): EconomyDay => ({
  day: FIRST + i,
  issued: { like: 40_000, purchase: 10_000 },
  spent: { redemption: 30_000, checkout: 10_000 },
  ...{
    refunded: 0,
    expired: 500,
    sessionExpired: 0,
    revoked: 0,
    transferredIn: 0,
    transferredOut: 0,
  },
  stock: { spendable: 3_600_000 + i * 13_333, session: 0, pending: 0, held: 0, frozen: 0 },
  ...{ accounts: 180_000 + i * 667, used: 60_000, members: 90_000, active: 8000, orders: 900 },
  ...{ salesFen: [2_000_000, 500_000, 0, 2_500_000], refundedFen: 0, redemptions: 300 },
  ...{ lives: 1, liveShares: 0.41 },
})

async function close(count: number) {
  const days = Array.from({ length: count }, (_, i) => dayNo(i))
  for (const [i, figures] of days.entries()) {
    const of = { policy, pointValueFen: 1, auditDay: false }
    const live = { live: i + 1, room: 'kitchen', viewers: 100, redeemers: 41, redemptions: 50 }
    await closeDay(store, { figures, verdict: verdictOf(figures, days.slice(0, i), of) }, [
      { ...live, issued: 9000, spent: 8000 },
    ])
  }
}

test('[EC1 EC3 003-39 003-40 003-41 003-26 003-06 003-37] an operator reads the days, what they come to, and the alarm', async () => {
  await close(40)
  const { body } = await bench.ask('/v1/economy?from=2026-08-11&to=2026-09-09')
  expect(body).toMatchObject({
    ok: true,
    figures: { redeemPerIssued: 0.8, valueBack: 0.008, issuedPerSales: 0.01, highTierShare: 0.5 },
    sums: { issued: 1_500_000, spent: 1_200_000, salesFen: 150_000_000, redemptions: 9000 },
    thresholds: { days: 30, warn: 0.1, critical: 0.15, issuedPerSales: 0.03 },
    timeZone: 'Asia/Shanghai',
  })
  expect(body.days).toHaveLength(30)
  expect(body.lives).toHaveLength(30)
  expect(body.lives).toContainEqual(expect.objectContaining({ date: '2026-08-11', redeemers: 41 }))
  const { latest } = body as { latest: { inflation: Record<string, number>; level: string } }
  expect(latest.level).toBe('warn')
  expect(latest.inflation.stock).toBeCloseTo(0.1075, 3)
  expect(latest.inflation.perCapita).toBeCloseTo(0, 2)
  expect(latest.inflation.stockOverUsers).toBeCloseTo(1, 1)
})

test('[EC8] without dates it is the newest 30 days; one that is not closed is missing', async () => {
  expect((await bench.ask('/v1/economy')).body).toMatchObject({ ok: true, days: [], figures: {} })
  await close(3)
  const { body } = await bench.ask('/v1/economy')
  expect(body.days).toMatchObject([
    { date: '2026-08-01' },
    { date: '2026-08-02' },
    { date: '2026-08-03' },
  ])
})

test('[EC10] the running day stands with what was counted so far, and in none of the figures', async () => {
  const { day } = dayBounds(NOW, 'Asia/Shanghai')
  const [one, other] = bench.gate.partitions.slots
  await store.hset(tallyKey(must(one, 'a slot'), day), {
    ...{ 'issued:like': 30, 'issued:purchase': 70, 'spent:checkout': 50, refunded: 5 },
    ...{ 'sales:0': 9900, refundedFen: 900, orders: 2, redemptions: 1 },
  })
  await store.hset(tallyKey(must(other, 'a slot'), day), { 'issued:like': 1 })
  const { body } = await bench.ask('/v1/economy')
  expect(body).toMatchObject({
    today: { issued: 101, spent: 45, salesFen: 9000, orders: 2, redemptions: 1 },
    sums: { issued: 0, spent: 0, salesFen: 0 },
  })
})

test('[EC8] dates that are none, the wrong way round or too far apart are refused by name', async () => {
  const refused = async (query: string) => (await bench.ask(`/v1/economy?${query}`)).body
  expect(await refused('from=2026-08-09&to=2026-08-01')).toMatchObject({ field: 'from' })
  expect(await refused('from=2020-08-09&to=2026-08-01')).toMatchObject({ field: 'to' })
  expect(await refused('from=yesterday')).toMatchObject({ code: 'bad_request', field: 'from' })
})

test('[EC8] only those of the platform read it: another brand of the coalition does not', async () => {
  expect((await bench.ask('/v1/economy', { kid: 's9' })).body).toMatchObject({ code: 'forbidden' })
  expect((await bench.ask('/v1/economy', { kid: 'none' })).status).toBe(401)
})
