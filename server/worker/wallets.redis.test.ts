import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { startRedis, type TestRedis } from '../redis/testing.ts'
import { START_MS } from '../scoring/bench.testing.ts'
import { readHistory } from '../scoring/index.ts'
import { createMonths } from './months.ts'
import { createOverdue, type Resolvers } from './overdue.ts'
import { createStand, likes, type Stand, silent } from './worker.testing.ts'

let server: TestRedis
let redis: Store
let stand: Stand
let nowMs = START_MS
beforeAll(async () => {
  server = await startRedis()
  redis = await server.connect()
})
afterAll(() => server.stop())
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
})
