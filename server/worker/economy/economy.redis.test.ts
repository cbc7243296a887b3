import { Registry } from 'prom-client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { verdictOf } from '../../../shared/economy-verdict.ts'
import type { RulebookInput } from '../../../shared/rulebook/schema.ts'
import { dayBounds } from '../../../shared/time.ts'
import { closeDay, readDays, readLives } from '../../economy/index.ts'
import { readIssuance } from '../../governance/index.ts'
import { must, systemClock } from '../../kernel/index.ts'
import type { Store } from '../../redis/index.ts'
import { Died, dies, dyingAfter } from '../../redis/testing.ts'
import { useRedis } from '../../redis/use-redis.testing.ts'
import { brandNumber } from '../../rooms/index.ts'
import { act, START_MS } from '../../scoring/bench.testing.ts'
import { Accounts, Orders, readJournal } from '../../scoring/index.ts'
import { sumTotals } from '../../wallet/index.ts'
import { addWebhook } from '../../webhooks/index.ts'
import { ZERO } from '../element.ts'
import { readAfter } from '../journal.ts'
import { plainReading } from '../reading.ts'
import { readSegments } from '../segment-file.ts'
import { createStand, type Stand, silent } from '../worker.testing.ts'
import type { EconomyAlarm } from './alarms.ts'
import { createClosing } from './closing.ts'
import { economyConsumer } from './consumer.ts'
import { cutIssuance } from './cut-issuance.ts'
import { economyMetrics } from './metrics.ts'
import { tellingPlatform } from './tell.ts'

const HOUR_MS = 3_600_000
const NEXT_DAY_MS = START_MS + 24 * HOUR_MS
/** Ten minutes after the second day has ended in Shanghai. */
const OVER_MS = NEXT_DAY_MS + 12 * HOUR_MS + 600_000
const ZONE = 'Asia/Shanghai'
const DAY = dayBounds(START_MS, ZONE).day
const LIVE = 7

let redis: Store
let stand: Stand
let nowMs = START_MS
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  nowMs = START_MS
  told = []
  stand = createStand(redis)
  stand.deps.nowMs = () => nowMs
})
afterEach(() => stand.clean())

async function withEconomy(economy: RulebookInput['economy']) {
  await stand.clean()
  stand = createStand(redis, { book: { economy } })
  stand.deps.nowMs = () => nowMs
}

function merchant() {
  const { deps, bench } = stand
  const options = {
    ...{ store: redis, partitions: bench.places, clock: systemClock, journalMax: 20_000 },
    rulebook: deps.rulebook,
    nowMs: () => nowMs,
  }
  const accounts = new Accounts({
    ...options,
    shards: { epoch: () => 'e1', indexOfSlot: () => 0 },
    readRoom: async () => undefined,
  })
  const orders = new Orders({ ...options, wallets: deps.wallets })
  const report = async (account: number, id: string, amountFen?: number) => {
    const what =
      amountFen === undefined
        ? { action: 'register' as const, units: 1 }
        : { action: 'purchase' as const, units: amountFen, order: id }
    const scored = await accounts.scoreEvent({ id, body: id, account, brand: 'acme', ...what })
    expect(scored.ok).toBe(true)
  }
  return { orders, report }
}

let seq = 0
const likes = (accounts: readonly number[]) =>
  stand.bench.score(
    nowMs,
    accounts.map((account) => ({ account, actions: [act(++seq, 'like', { units: 5 })] })),
  )
const redeem = async (account: number, id: string) => {
  const of = { account, id, points: 10, forMs: 60_000, use: 'redemption' as const, at: 1 }
  const issuers = [1, await brandNumber(redis, 'acme')]
  expect(await stand.deps.wallets.hold({ ...of, live: LIVE, issuers })).toMatchObject({ ok: true })
  expect(await stand.deps.wallets.capture({ account, id })).toMatchObject({ ok: true })
}

/** Two days of everything that moves points, over both partitions; answers what there was at the end of each. */
async function twoDays() {
  const { orders, report } = merchant()
  const ends: number[] = []
  const end = async () => {
    const { spendable, session, pending, held, frozen } = await sumTotals(redis, stand.bench.places)
    ends.push(spendable + session + pending + held + frozen)
  }
  await likes([2, 4, 6])
  await likes([3, 5])
  await report(2, 'reg-2')
  await report(2, 'o1', 500_000)
  await report(3, 'o2', 20_000)
  await redeem(2, 'h1')
  await end()
  nowMs = NEXT_DAY_MS
  await likes([4, 8])
  await report(5, 'reg-5')
  await report(5, 'o3', 30_000)
  await redeem(2, 'h2')
  await redeem(5, 'h3')
  const { deps } = stand
  await deps.wallets.refund({ account: 5, id: 'h3', refundId: 'r1' })
  await orders.refund({ brand: 'acme', order: 'o2', id: 'back', amountFen: 5000, by: 's1' })
  await deps.wallets.take({ account: 4, id: 't1', points: 1, partial: true, by: 's1' })
  await end()
  return ends
}

/** The same from the archive, element by element, with nothing of what counts them. */
function archived(day: number) {
  const sums = { issued: 0, spent: 0, refunded: 0, revoked: 0, fen: 0, active: new Set<number>() }
  const accounts = new Set<number>()
  for (const partition of [0, 1])
    for (const { bytes } of readSegments(stand.dataDir, partition)) {
      const { atMs, entries, ledger, kept } = readJournal(bytes)
      const of = dayBounds(atMs, ZONE).day
      for (const { account } of [...entries, ...ledger]) if (of <= day) accounts.add(account)
      if (of !== day) continue
      for (const { account, receipts } of entries) {
        sums.active.add(account)
        for (const { points } of receipts) sums.issued += points
      }
      for (const { from, to, points } of ledger.flatMap(({ moves }) => moves)) {
        if (from === 'issued') sums.issued += points
        if (to === 'spent') sums.spent += points
        if (from === 'spent') sums.refunded += points
        if (to === 'revoked') sums.revoked += points
      }
      for (const [name, value] of kept.flatMap(({ fields }) => fields))
        if (name === 'fen') sums.fen += Number(value)
    }
  return { ...sums, active: sums.active.size, accounts: accounts.size }
}

/** What was told, as often as it was. */
let told: EconomyAlarm[] = []
const closing = (store = redis) =>
  createClosing({
    ...stand.deps,
    ...{ store, log: silent, roomOf: async () => 'kitchen', nowMs: () => OVER_MS },
    onAlarm: async (alarm) => void told.push(alarm),
  })
const total = (of: Record<string, number> | number[]) =>
  Object.values(of).reduce((sum, n) => sum + n, 0)
const both = () => readDays(redis, { from: DAY, to: DAY + 1 })

async function holdsAsArchived(ends: readonly number[]) {
  const days = await both()
  expect(days.map(({ figures }) => figures.day)).toEqual([DAY, DAY + 1])
  for (const [i, { figures }] of days.entries()) {
    const { issued, spent, refunded, revoked, fen, ...there } = archived(figures.day)
    expect(figures).toMatchObject({ refunded, revoked, ...there })
    expect([total(figures.issued), total(figures.spent)]).toEqual([issued, spent])
    expect(total(figures.salesFen)).toBe(fen)
    expect(total({ ...figures.stock })).toBe(ends[i])
  }
}

test('[EC5 EC6 001-35 002-06 002-25 003-37] closed days are what archive and accounts say, to the point', async () => {
  const ends = await twoDays()
  await stand.worker()
  await stand.worker()
  await stand.drained()
  await closing()()
  await holdsAsArchived(ends)
  const [first, second] = (await both()).map(({ figures }) => figures)
  expect(first).toMatchObject({ accounts: 5, used: 1, members: 1, orders: 2, redemptions: 1 })
  // By the rung that the buyer had come to with the order.
  expect(first?.salesFen).toEqual([0, 0, 20_000, 500_000])
  expect(second).toMatchObject({ accounts: 6, used: 2, members: 2, orders: 1, refundedFen: 5000 })
  expect(second).toMatchObject({ issued: { like: expect.any(Number) }, spent: { redemption: 20 } })
})

test('[EC7 002-33] a live has its viewers and who of them redeemed, each once, by day', async () => {
  await twoDays()
  await stand.worker()
  await stand.drained()
  await closing()()
  const lives = await readLives(redis, { from: DAY, to: DAY + 1 })
  expect(lives).toMatchObject([
    { day: DAY, live: LIVE, room: 'kitchen', viewers: 5, redeemers: 1, redemptions: 1, spent: 10 },
    { day: DAY + 1, viewers: 2, redeemers: 2, redemptions: 2, spent: 20 },
  ])
  expect((await both()).map(({ figures }) => figures.liveShares)).toEqual([1 / 5, 2 / 2])
})

test('[EC6 EC9 002-54] whichever step of closing is its last, the next worker closes each day once, with the same figures', async () => {
  await withEconomy({ issuedPerSales: 0 })
  const ends = await twoDays()
  await stand.worker()
  await stand.drained()
  let died = 0
  for (let calls = 0; ; calls++) {
    const end = await closing(dyingAfter(redis, calls))().catch((error: unknown) => {
      if (!(error instanceof Died)) throw error
      died++
      return error
    })
    if (!end) break
  }
  expect(died).toBeGreaterThan(10)
  await holdsAsArchived(ends)
  await Promise.all([closing()(), closing()()])
  await holdsAsArchived(ends)
  // Told at least once, and never again once that was remembered.
  const alarm = { kind: 'incentives', date: '2026-05-01', level: 'warn', was: 'ok' }
  expect(told.length).toBeGreaterThan(0)
  for (const one of told) expect(one).toMatchObject(alarm)
  told = []
  await closing()()
  expect(told).toEqual([])
})

test('[EC5] an element is counted once, whoever else has the partition and wherever the process before died', async () => {
  await twoDays()
  const place = { index: 0, slot: stand.bench.places.slotOf(2) }
  const all = await readAfter(redis, place.slot, { after: ZERO, limit: 1000 })
  const consumer = (store = redis) =>
    economyConsumer({
      ...stand.deps,
      store,
      clock: systemClock,
      log: silent,
      reading: plainReading,
    })
  const [first, second] = [consumer(), consumer()]
  for (const one of [first, second]) await one.open?.(place, ZERO)
  expect(await first.handle(place, all.slice(0, 3))).toBe(3)
  await second.handle(place, all.slice(0, 4))
  expect(await second.handle(place, all.slice(0, 4))).toBe(4)
  await first.handle(place, all.slice(3))
  for (let calls = 0; calls < 8; calls++) {
    const dying = consumer(dyingAfter(redis, calls))
    await dying.open?.(place, ZERO)
    await dies(dying.handle(place, all))
  }
  expect(await first.handle(place, all)).toBe(all.length)
  // The rest by real workers, over which nothing of this may come twice.
  await stand.worker()
  await stand.drained()
  await closing()()
  for (const { figures } of await both())
    expect(total(figures.issued)).toBe(archived(figures.day).issued)
})

test('[EC6] a day is not closed before all of it is counted, and not before it is over', async () => {
  await twoDays()
  await closing()()
  expect(await both()).toEqual([])
  await stand.worker()
  await stand.drained()
  const early = createClosing({
    ...stand.deps,
    ...{ log: silent, roomOf: async () => undefined, nowMs: () => NEXT_DAY_MS },
  })
  await early()
  expect((await both()).map(({ figures }) => figures.day)).toEqual([DAY])
})

/** Days before the first one on which there were so many points. */
async function closedBefore(points: number, days: number) {
  const { economy: policy } = stand.bench.book
  const [like] = await both()
  for (let day = DAY - days; day < DAY; day++) {
    const figures = {
      ...{ day, issued: {}, spent: {}, refunded: 0, expired: 0, sessionExpired: 0, revoked: 0 },
      ...{ transferredIn: 0, transferredOut: 0, accounts: 5, used: 0, members: 0, active: 0 },
      ...{
        orders: 0,
        salesFen: [1_000_000],
        refundedFen: 0,
        redemptions: 0,
        lives: 0,
        liveShares: 0,
      },
      stock: { spendable: points, session: 0, pending: 0, held: 0, frozen: 0 },
    }
    const of = { policy, pointValueFen: 1, auditDay: false }
    await closeDay(redis, { figures, verdict: verdictOf(figures, [], of) }, [])
  }
  expect(like).toBeUndefined()
}

test.each([
  [1.111, 'warn'],
  [1.2, 'critical'],
])(
  '[EC9 003-01 003-41] points that grew to %f of a month ago are %s, and the platform is told once',
  async (growth, level) => {
    const added = await addWebhook(redis, {
      brand: 'acme',
      url: 'https://shop.test/hook',
      events: ['economy.alarm'],
    })
    if (!added.ok) throw new Error(added.code)
    const ends = await twoDays()
    await closedBefore(Math.round((ends[0] ?? 0) / growth), 30)
    await stand.worker()
    await stand.drained()
    const tell = tellingPlatform(redis, { brand: 'acme', nowMs: () => OVER_MS })
    const options = { ...stand.deps, log: silent, roomOf: async () => undefined, onAlarm: tell }
    for (let i = 0; i < 3; i++) await createClosing({ ...options, nowMs: () => NEXT_DAY_MS })()
    const bodies = await redis.hvals(`ff:{cfg}:hook-bodies:${added.webhook.id}`)
    const deliveries = bodies.map((text) => JSON.parse(text) as { data: EconomyAlarm })
    expect(deliveries).toMatchObject([
      { type: 'economy.alarm', data: { kind: 'inflation', date: '2026-05-01', level, was: 'ok' } },
    ])
    const { data } = must(deliveries[0], 'a delivery')
    expect(data.kind === 'inflation' && data.value).toBeCloseTo(growth - 1, 3)
  },
)

test('[EC11 G25 003-42] inflation cuts what is issued at once where the rulebook says so, and lets it go when it is over', async () => {
  const ends = await twoDays()
  await closedBefore(Math.round((ends[0] ?? 0) / 1.2), 30)
  await stand.worker()
  await stand.drained()
  const { book } = stand.bench
  const standing = () => readIssuance(redis, book, OVER_MS)
  const close = (byAlarm: boolean, atMs: number) =>
    createClosing({
      ...stand.deps,
      ...{ log: silent, roomOf: async () => undefined, nowMs: () => atMs },
      onDay: (day) => cutIssuance(redis, day, { byAlarm, nowMs: atMs }),
    })()
  await close(true, NEXT_DAY_MS)
  const set = [{ source: 'alarm', level: 2, by: 'inflation', why: 'inflation of 20 %, stock' }]
  expect(await standing()).toMatchObject({ level: 2, factor: 400, set })
  const [first] = await both()
  const { verdict } = must(first, 'the first day')
  const over = { verdict: { ...verdict, level: 'ok' as const } }
  await cutIssuance(redis, over, { byAlarm: true, nowMs: OVER_MS })
  expect(await standing()).toMatchObject({ level: 0, factor: 1000 })
  await cutIssuance(redis, { verdict }, { byAlarm: true, nowMs: OVER_MS })
  expect(await standing()).toMatchObject({ level: 2 })
  // Switched off, the next day ends it.
  await close(false, OVER_MS)
  expect(await standing()).toMatchObject({ level: 0, factor: 1000 })
})

test('[EC4 EC9 003-36] on the day before the month of the audit too many points are told, with a burn week to propose', async () => {
  await withEconomy({ audit: { month: 5, maxPoints: 1 } })
  nowMs = START_MS - 24 * HOUR_MS
  await likes([2, 4])
  await stand.worker()
  await stand.drained()
  await closing()()
  const burn = { points: expect.any(Number), days: 7, factor: 0.5 }
  expect(told).toMatchObject([{ kind: 'audit', date: '2026-04-30', audit: { limit: 1, burn } }])
})

test('[EC9] the worker tells Prometheus how the newest day stands, and how many days wait', async () => {
  await twoDays()
  const registry = new Registry()
  const metrics = economyMetrics(registry)
  const look = () =>
    createClosing({
      ...stand.deps,
      ...{ log: silent, roomOf: async () => undefined, nowMs: () => OVER_MS, show: metrics.show },
    })()
  await look()
  expect(await registry.metrics()).not.toMatch(/^fanfare_economy_\S+ \d/m)
  await stand.worker()
  await stand.drained()
  await look()
  const text = await registry.metrics()
  expect(text).toContain('fanfare_economy_unclosed_days 0')
  expect(text).toContain('fanfare_economy_alarm_level{kind="inflation"} 0')
  expect(text).toMatch(/fanfare_economy_stock_points [1-9]/)
  metrics.remove()
  expect(await registry.metrics()).not.toContain('economy')
})
