import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { WalletPolicy } from '../../shared/rulebook/wallet.ts'
import { systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { createRoom, startLive } from '../rooms/index.ts'
import { START_MS } from '../scoring/bench.testing.ts'
import { readHistory } from '../scoring/index.ts'
import { sweptKey } from '../wallet/index.ts'
import { createMonths } from './months.ts'
import { createOverdue, type Resolvers } from './overdue.ts'
import { createStand, likes, type Stand, silent, until } from './worker.testing.ts'

let redis: Store
let stand: Stand
let nowMs = START_MS
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  nowMs = START_MS
  stand = createStand(redis)
  stand.deps.nowMs = () => nowMs
})
afterEach(() => stand.clean())

const ANNA = 2
const slot = () => stand.bench.places.slotOf(ANNA)
const give = (points: number, month = 0) =>
  stand.deps.wallets.issue({
    account: ANNA,
    id: `give-${month}`,
    cause: 'adjusted',
    lots: [{ issuer: 1, points, month }],
  })
const hold = (id: string, use: 'checkout' | 'redemption' = 'checkout') =>
  stand.deps.wallets.hold({ account: ANNA, id, points: 10, forMs: 1000, use, at: 1 })
const overdue = (resolvers: Resolvers = {}) =>
  createOverdue({
    store: redis,
    wallets: stand.deps.wallets,
    resolvers,
    clock: { ...systemClock, now: () => nowMs },
    log: silent,
  })
const sums = async () => (await stand.audit())[0]?.walked

describe('overdue holds', () => {
  test('[J24] what nobody captured in time goes back by itself, and only then', async () => {
    await give(100)
    await hold('h1')
    expect(await overdue()(slot())).toBe(0)
    nowMs += 1001
    await hold('h2')
    expect(await overdue()(slot())).toBe(1)
    expect(await sums()).toMatchObject({ spendable: 90, held: 10 })
    expect(await overdue()(slot())).toBe(0)
  })

  test('[J25] where another slot decided, the hold follows it: captured, voided, or asked again later', async () => {
    await give(100)
    for (const id of ['taken', 'refused', 'unknown']) await hold(id, 'redemption')
    nowMs += 1001
    const verdicts = { taken: 'capture', refused: 'void', unknown: 'later' } as const
    const run = overdue({
      redemption: async ({ id }) => verdicts[id as keyof typeof verdicts],
    })
    expect(await run(slot())).toBe(2)
    expect(await sums()).toMatchObject({ spendable: 80, held: 10, spent: 10 })
    expect(await run(slot())).toBe(0)
    expect((await stand.audit()).flatMap(({ problems }) => problems)).toEqual([])
  })

  test('[J25] a resolver that fails holds up nobody else', async () => {
    await give(100)
    await hold('bad', 'redemption')
    await hold('good')
    nowMs += 1001
    const run = overdue({
      redemption: async () => {
        throw new Error('the other slot is away')
      },
    })
    expect(await run(slot())).toBe(1)
    expect(await sums()).toMatchObject({ spendable: 90, held: 10 })
  })
})

describe('months', () => {
  const months = () =>
    createMonths({ ...stand.deps, clock: { ...systemClock, now: () => nowMs } })(slot())

  test('[J26 002-52] points expire when their month begins, once, with an entry; others stay', async () => {
    // May 2026 is month 316; these lots end with May, June, and never.
    await give(100, 317)
    await give(200, 318)
    await give(400)
    await months()
    expect(await sums()).toMatchObject({ spendable: 700, expired: 0 })
    nowMs = Date.UTC(2026, 5, 1, 3)
    await months()
    expect(await sums()).toMatchObject({ spendable: 600, expired: 100 })
    nowMs = Date.UTC(2026, 8, 1)
    await months()
    expect(await sums()).toMatchObject({ spendable: 400, expired: 300 })
    expect((await stand.audit()).flatMap(({ problems }) => problems)).toEqual([])
  })

  test('[J27] 30 days before, whoever has such points is told how many and until when, once', async () => {
    await give(100, 317)
    await likes(stand, [4], { seq: 1 })
    await months()
    expect((await stand.audit())[0]?.elements).toBe(2)
    nowMs += 86_400_000
    await months()
    await months()
    const worker = await stand.worker()
    await stand.drained()
    await worker.stop()
    const { lines } = await readHistory(redis, { slot: slot(), account: ANNA, limit: 10 })
    const told = lines.filter((line) => line.kind === 'moved' && line.entry.cause === 'expiring')
    expect(told).toMatchObject([{ entry: { subject: '100', untilMs: Date.UTC(2026, 4, 31, 16) } }])
    const other = await readHistory(redis, { slot: slot(), account: 4, limit: 10 })
    expect(other.lines.every((line) => line.kind === 'receipt')).toBe(true)
    expect((await stand.audit()).flatMap(({ problems }) => problems)).toEqual([])
  })

  test('[J27a 003-38] when the burn week begins, whoever loses points at its end is told, once for account and month', async () => {
    await give(100, 317)
    const published = stand.deps.rulebook()
    const wallet = WalletPolicy.parse({ noticeDays: 1, burnWeek: { days: 7 } })
    stand.deps.rulebook = () => ({ ...published, book: { ...published.book, wallet } })
    nowMs = Date.UTC(2026, 4, 24, 15, 59, 59, 999)
    await months()
    expect((await stand.audit())[0]?.elements).toBe(1)
    nowMs += 1
    await months()
    // A worker that died before it noted the month goes through all accounts again.
    await redis.hdel(sweptKey(slot()), 'burning')
    await months()
    nowMs += 86_400_000
    await redis.hdel(sweptKey(slot()), 'burning')
    await months()
    const worker = await stand.worker()
    await stand.drained()
    await worker.stop()
    const { lines } = await readHistory(redis, { slot: slot(), account: ANNA, limit: 10 })
    const told = lines.filter((line) => line.kind === 'moved' && line.entry.cause === 'burn_week')
    expect(told).toMatchObject([{ entry: { subject: '100', untilMs: Date.UTC(2026, 4, 31, 16) } }])
    expect((await stand.audit()).flatMap(({ problems }) => problems)).toEqual([])
  })
})

test('[J28] a redemption that races the end of the live happens wholly or not at all', async () => {
  const book = {
    earn: PRESETS.live.earn.map((rule) =>
      rule.action === 'like' ? { ...rule, bucket: 'session' as const, points: 100 } : rule,
    ),
  }
  await stand.clean()
  stand = createStand(redis, { book })
  await createRoom(redis, {
    id: 'r',
    name: 'Room',
    brand: 'demo',
    timeZone: 'UTC',
    nowMs: START_MS,
  })
  const live = await startLive(redis, { room: 'r', nowMs: START_MS })
  if (!live.ok) throw new Error(live.code)
  stand.bench.room.live = live.live.no
  const viewers = Array.from({ length: 120 }, (_, i) => i + 2)
  for (const parity of [0, 1])
    for (let from = 0; from < 60; from += 30)
      await likes(stand, viewers.filter((viewer) => viewer % 2 === parity).slice(from, from + 30), {
        seq: 1,
        units: 1,
      })
  const worker = await stand.worker()
  const { wallets } = stand.deps

  /** Holds 60 of the 100 session points and captures them; answers whether both were done. */
  const redeem = async (account: number): Promise<boolean> => {
    const wanted = {
      account,
      id: 'r1',
      points: 60,
      forMs: 60_000,
      use: 'redemption' as const,
      at: 1,
    }
    const held = await wallets.hold({ ...wanted, live: live.live.no, pay: 'session' })
    if (!held.ok) {
      expect(held.code).toBe('points_short')
      return false
    }
    return (await wallets.capture(wanted)).ok
  }
  const redeemed: Promise<boolean>[] = []
  for (const [i, viewer] of viewers.entries()) {
    redeemed.push(redeem(viewer))
    if (i === 40) void worker.endLive('r')
    if (i % 4 === 0) await redeemed[i]
  }
  const done = (await Promise.all(redeemed)).filter(Boolean).length
  await until('all is swept', async () =>
    (await stand.audit()).every(({ counters }) => counters.session === 0),
  )
  await stand.drained()
  const audits = await stand.audit()
  expect(audits.flatMap(({ problems }) => problems)).toEqual([])
  const sum = (of: 'spent' | 'expired' | 'held') =>
    audits.reduce((total, { counters }) => total + counters[of], 0)
  expect(sum('spent')).toBe(60 * done)
  expect(sum('expired')).toBe(100 * viewers.length - 60 * done)
  expect(sum('held')).toBe(0)
  // The race was one: some came before the end and some after it.
  expect(done).toBeGreaterThan(0)
  expect(done).toBeLessThan(viewers.length)
})
