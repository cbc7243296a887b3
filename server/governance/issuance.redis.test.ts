/** The platform's cap, with everything that can happen between it and the processes that pay from it. */

import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { IssuancePolicy } from '../../shared/rulebook/issuance.ts'
import { dayBounds } from '../../shared/time.ts'
import { createLog, must, systemClock } from '../kernel/index.ts'
import { openTestClock, type Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { type Held, Issuance } from './issuance.ts'
import { issuanceKey, issuedKey, salesKey } from './keys.ts'
import { freeIdleLeases, type IssuanceAsk, leaseIssuance } from './lease-issuance.ts'
import { ISSUANCE_LIFE_MS, ISSUANCE_MARGIN_MS } from './limits.ts'
import { countSales, reportSales, salesCounted } from './sales.ts'
import { readIssuance, setBrownout } from './standing.ts'

const ZONE = 'Asia/Shanghai'
const START_MS = Date.UTC(2026, 4, 10, 4)
const TODAY = dayBounds(START_MS, ZONE).day
const KEYS = [issuanceKey, issuedKey, salesKey]
let redis: Store
useRedis(async (server) => {
  openTestClock()
  redis = await server.connect()
})
beforeEach(() => redis.flushall())

const bookWith = (issuance: Partial<IssuancePolicy> = {}) => ({
  issuance: IssuancePolicy.parse({ atCap: 'reject', ...issuance }),
  pointValueFen: 1,
  timeZone: ZONE,
})

/** A call whose answer was lost: it may still arrive, and pays then unless its time is over. */
interface Lost {
  points: number
  untilMs: number
}

/** The slot of the cap, which can be set back to what a crash keeps, and processes that pay from it. */
class Stand {
  nowMs = START_MS
  durableAtMs = 0
  epoch = 1
  loses = false
  /** What the partitions have: points within the cap and beside it. */
  paid = 0
  beside = 0
  lost: Lost[] = []
  readonly book
  #kept: Record<string, string>[] = []
  #asks: IssuanceAsk[] = []

  constructor(issuance: Partial<IssuancePolicy> = {}) {
    this.book = bookWith(issuance)
  }

  /** The cap in points, at two percent. */
  async sell(points: number): Promise<void> {
    await reportSales(redis, { brand: 1, day: TODAY, fen: 50 * points }, this.nowMs)
    await redis.hset(issuanceKey, 'binds', 1)
  }

  issued = async () => this.paid + this.beside

  process(): Issuance {
    return new Issuance({
      store: redis,
      shards: {
        indexOfSlot: () => 0,
        durableAt: () => [this.durableAtMs],
        epoch: () => String(this.epoch),
      },
      rulebook: () => ({ book: this.book }),
      clock: systemClock,
      log: createLog('silent', 'test'),
      issued: this.issued,
      elapsed: () => this.nowMs,
      lease: async (store, ask, at) => {
        this.#asks.push(ask)
        const answer = await leaseIssuance(store, ask, { ...at, nowMs: this.nowMs++ })
        if (this.loses) throw new Error('the answer was lost')
        return answer
      },
    })
  }

  /** What a script does with an allowance: nothing once its time is over. */
  pay({ points, untilMs }: Lost): number {
    if (this.nowMs > untilMs) return 0
    this.paid += points
    return points
  }

  /** A call that was sent before arrives now, once more. */
  async late(pick: number): Promise<void> {
    const ask = this.#asks[pick % Math.max(1, this.#asks.length)]
    const at = { terms: this.book, aroundMs: this.nowMs, nowMs: this.nowMs++ }
    if (ask) await leaseIssuance(redis, ask, at)
  }

  async sync(): Promise<void> {
    this.#kept = await Promise.all(KEYS.map((key) => redis.hgetall(key)))
    this.durableAtMs = this.nowMs++
  }

  /** Whatever came after the last sync is gone, or is not. */
  async crash(isLost: boolean): Promise<void> {
    this.epoch += 1
    this.durableAtMs = 0
    if (!isLost || this.#kept.length === 0) return
    for (const [i, key] of KEYS.entries()) {
      const fields = this.#kept[i] ?? {}
      await redis.del(key)
      if (Object.keys(fields).length > 0) await redis.hset(key, fields)
    }
  }

  free(): Promise<number> {
    return freeIdleLeases(redis, { issued: this.issued, nowMs: this.nowMs })
  }

  /** Longer than a lease lives without a word. */
  outlive(): void {
    this.nowMs += ISSUANCE_LIFE_MS + ISSUANCE_MARGIN_MS + 1
  }

  /** A new process pays as much as it gets. */
  async useUp(): Promise<void> {
    const last = this.process()
    for (let i = 0; i < 40; i++) {
      await last.tick()
      await this.sync()
      const held = last.hold(1000)
      if (held) last.settle(held, this.pay(held))
    }
  }
}

const PROCESSES = 3
const which = fc.nat(PROCESSES - 1)
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('pay' as const),
      which,
      need: fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 400, max: 2500 })),
      share: fc.constantFrom(0, 60, 100, 100),
      unknown: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('tick' as const), which }) },
  { weight: 8, arbitrary: fc.constant({ kind: 'sync' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lost' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('late' as const), pick: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('arrives' as const), pick: fc.nat(9) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('crash' as const), isLost: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('dies' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('leaves' as const), which }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'outlived' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'free' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'sold' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('beside' as const), which }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

async function play(steps: readonly Step[]): Promise<{ stand: Stand; most: number }> {
  await redis.flushall()
  const stand = new Stand()
  let most = 5000
  await stand.sell(most)
  await stand.sync()
  const processes = Array.from({ length: PROCESSES }, () => stand.process())
  const at = (i: number) => must(processes[i], 'a process')
  const lose = async (ask: () => Promise<void>) => {
    stand.loses = true
    await ask()
    stand.loses = false
  }
  const pay = (
    one: Issuance,
    held: Held,
    { share, unknown }: { share: number; unknown: boolean },
  ) => {
    const points = Math.floor((held.points * share) / 100)
    if (unknown) stand.lost.push({ points, untilMs: held.untilMs })
    one.settle(held, unknown ? undefined : stand.pay({ ...held, points }))
  }
  for (const one of steps) {
    stand.nowMs += 50
    switch (one.kind) {
      case 'pay': {
        const held = at(one.which).hold(one.need)
        if (held) pay(at(one.which), held, one)
        break
      }
      case 'tick':
        await at(one.which).tick()
        break
      case 'sync':
        await stand.sync()
        break
      case 'lost':
        await lose(() => at(one.which).tick())
        break
      case 'late':
        await stand.late(one.pick)
        break
      case 'arrives': {
        const [call] = stand.lost.splice(one.pick, 1)
        if (call) stand.pay(call)
        break
      }
      case 'crash':
        await stand.crash(one.isLost)
        break
      case 'dies':
        processes[one.which] = stand.process()
        break
      case 'leaves':
        await at(one.which).close()
        processes[one.which] = stand.process()
        break
      case 'outlived':
        stand.outlive()
        break
      case 'free':
        await stand.free()
        break
      case 'sold':
        most += 700
        await stand.sell(most)
        // A cap that a crash takes back again has not been there.
        await stand.sync()
        break
      case 'beside':
        stand.beside += 300
        at(one.which).beside(300)
        break
    }
    expect(stand.paid).toBeLessThanOrEqual(most)
  }
  for (const one of processes) await one.close()
  return { stand, most }
}

test('[G20 003-27] no order of leases, losses, crashes, deaths and late calls issues more than the cap, and what the dead left is paid in the end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const { stand, most } = await play(steps)
      stand.outlive()
      await stand.free()
      await stand.useUp()
      expect(stand.paid).toBeLessThanOrEqual(most)
      // Points beside the cap that nobody could report count as issued within it.
      expect(stand.paid).toBeGreaterThanOrEqual(most - stand.beside)
    }),
    { numRuns: 100 },
  )
}, 60_000)

describe('the cap', () => {
  test('[G21] a call without an answer may arrive after its process left: what it held is not free before its life is over', async () => {
    const stand = new Stand()
    await stand.sell(1000)
    const one = stand.process()
    await one.tick()
    await stand.sync()
    const held = must(one.hold(400), 'an allowance')
    one.settle(held, undefined)
    await one.close()
    expect(await stand.free()).toBe(0)
    expect(stand.pay(held)).toBe(400)
    stand.outlive()
    await stand.free()
    await stand.useUp()
    expect(stand.paid).toBe(1000)
  })

  test('[G22 003-28] it is in money: a thousand million yuan of sales are twenty million yuan of points', async () => {
    const stand = new Stand()
    await reportSales(redis, { brand: 1, day: TODAY, fen: 100_000_000_000 }, stand.nowMs)
    const read = (pointValueFen: number) =>
      readIssuance(redis, { ...stand.book, pointValueFen }, stand.nowMs)
    expect(await read(1)).toMatchObject({ salesFen: 1e11, cap: 2_000_000_000 })
    expect(await read(4)).toMatchObject({ cap: 500_000_000 })
  })

  test('[G22 003-03] the ratio is a setting; script and reader agree on the cap to the point', async () => {
    for (const [ratio, fen] of [
      [0.01, 123_456_789],
      [0.03, 99_999],
      [0.0123, 987_654_321_012_345],
    ] as const) {
      await redis.flushall()
      const stand = new Stand({ ratio })
      await reportSales(redis, { brand: 1, day: TODAY, fen }, stand.nowMs)
      await redis.hset(issuanceKey, 'binds', 1)
      const one = stand.process()
      await one.tick()
      const bps = BigInt(Math.round(ratio * 10_000))
      const cap = Number((BigInt(fen) * bps) / 10_000n)
      expect(one.standing?.most).toBe(cap)
      expect((await readIssuance(redis, stand.book, stand.nowMs)).cap).toBe(cap)
    }
  })

  test('[G23] until sales are reported nothing binds, and what is paid counts', async () => {
    const stand = new Stand()
    const one = stand.process()
    await one.tick()
    const held = must(one.hold(1_000_000), 'an allowance')
    expect(one.binds).toBe(false)
    one.settle(held, 900)
    await one.tick()
    expect(await readIssuance(redis, stand.book, stand.nowMs)).toMatchObject({
      cap: undefined,
      used: 900,
    })
    // Bound from the report on, but nothing is refused before everybody has heard of it.
    const { bindsAtMs } = await reportSales(redis, { brand: 1, day: TODAY, fen: 0 }, stand.nowMs)
    await one.tick()
    expect(one).toMatchObject({ binds: true, standing: { most: undefined } })
    stand.nowMs = bindsAtMs
    await one.tick()
    expect(one.standing).toMatchObject({ most: 0, used: 900 })
  })

  test('[G22] sales and points of a day leave the rolling period after 365 days, and the year with the year', async () => {
    const stand = new Stand()
    await stand.sell(5000)
    const one = stand.process()
    await one.tick()
    await stand.sync()
    one.settle(must(one.hold(100), 'an allowance'), 100)
    await one.tick()
    const at = (days: number, period: IssuancePolicy['period']) =>
      readIssuance(redis, bookWith({ period }), START_MS + days * 86_400_000)
    expect(await at(364, 'rolling')).toMatchObject({ salesFen: 250_000, used: 100 })
    expect(await at(365, 'rolling')).toMatchObject({ salesFen: 0, used: 0 })
    expect(await at(235, 'year')).toMatchObject({ salesFen: 250_000, used: 100 })
    expect(await at(236, 'year')).toMatchObject({ salesFen: 0, used: 0 })
  })

  test('[G22] a lease counts the period from its first day on, and forgets what counts in no period', async () => {
    const stand = new Stand()
    await stand.sell(5000)
    const one = stand.process()
    await one.tick()
    const daysAgo = { 364: 10, 365: 200, 731: 3000, 732: 40_000 }
    const fields = Object.entries(daysAgo).map(([ago, points]) => [TODAY - Number(ago), points])
    await redis.hset(issuedKey, Object.fromEntries(fields))
    await redis.hset(salesKey, TODAY - 364, 50_000, TODAY - 365, 700_000)
    await one.tick()
    expect(one.standing).toMatchObject({ used: 10, most: 6000 })
    const kept = await redis.hkeys(issuedKey)
    expect(kept.map((day) => TODAY - Number(day)).sort((a, b) => a - b)).toEqual([364, 365, 731])
  })

  test('[G24] a report replaces the one before; orders count once, however often they are told', async () => {
    const stand = new Stand()
    const sales = async () => (await readIssuance(redis, stand.book, stand.nowMs)).salesFen
    const report = (brand: number, fen: number) => reportSales(redis, { brand, day: TODAY, fen })
    await report(1, 500)
    await report(2, 70)
    expect(await report(1, 300)).toMatchObject({ wasFen: 500 })
    expect(await sales()).toBe(370)
    const count = (after: string, upto: string, fen: number) =>
      countSales(redis, { partition: 3, after, upto, fenByDay: new Map([[TODAY, fen]]) })
    expect(await count('', '5-0', 1000)).toBe('5-0')
    expect(await count('', '6-0', 1000)).toBe('5-0')
    expect(await count('5-0', '6-0', -200)).toBe('6-0')
    expect(await sales()).toBe(1170)
    expect(await salesCounted(redis, 3)).toBe('6-0')
  })

  test('[G25 003-42] the brown-out follows use and whoever sets it; the higher level holds', async () => {
    const stand = new Stand({ atCap: 'brownout' })
    await stand.sell(1000)
    const one = stand.process()
    const pay = async (points: number) => {
      for (let held: Held | undefined; !held; ) {
        await one.tick()
        await stand.sync()
        held = one.hold(points)
        if (held) one.settle(held, points)
      }
      await one.tick()
    }
    await pay(799)
    expect(one.brownout).toEqual({ level: 0, factor: 1000 })
    await pay(1)
    expect(one.brownout).toEqual({ level: 1, factor: 700 })
    const set = { by: 'mei', why: 'inflation of 12 %', atMs: stand.nowMs }
    await setBrownout(redis, { source: 'alarm', level: 3, ...set })
    await setBrownout(redis, { source: 'operator', level: 2, ...set })
    await one.tick()
    expect(one.brownout).toEqual({ level: 3, factor: 200 })
    await setBrownout(redis, { source: 'alarm', level: 0, ...set })
    await one.tick()
    expect(one.brownout).toEqual({ level: 2, factor: 400 })
    expect(await readIssuance(redis, stand.book, stand.nowMs)).toMatchObject({
      level: 2,
      factor: 400,
      set: [
        { source: 'operator', level: 2, by: 'mei', why: 'inflation of 12 %' },
        { source: 'alarm', level: 0 },
      ],
    })
  })
})
