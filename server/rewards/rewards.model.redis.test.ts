/**
 * Random histories of two viewers, a shop and the worker's passes, in which the process may die before or after any
 * call to Redis. The model below is written from SPEC.md: it says what each answer must be while nothing is uncertain,
 * and what must be true of points and pieces when everything has come to rest.
 */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MINUTE_MS } from '../../shared/time.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { Wallets } from '../wallet/index.ts'
import { HOLD_MS } from './limits.ts'
import { Redemptions } from './redemptions.ts'
import { moveStock, readStates } from './stock.ts'
import { BRAND, createRewardStand, plain, type RewardStand, ZONE } from './testing.ts'

let redis: Store
useRedis(async (server) => {
  redis = await server.connect()
})

const VIEWERS = [1, 2]
const START_POINTS = 1500
const PIECES = 3
const PER_VIEWER = 2
const OATS = 500
const OIL = 400
const CASH_MS = 15 * MINUTE_MS
const CANCEL_MS = 60 * MINUTE_MS
/** Wishes 0 to 2 are for oats, wish 3 for oil, which asks for cash as well. */
const WISHES = 4
const rewardOf = (wish: number) => (wish < 3 ? 'oats' : 'oil')
const priceOf = (wish: number) => (wish < 3 ? OATS : OIL)
const idOf = (viewer: number, wish: number) => `wish-${viewer}-${wish}-id`

type Crash = { at: number; when: 'before' | 'after' } | undefined
interface Act {
  kind: 'tap' | 'cancel' | 'cash'
  viewer: number
  wish: number
  crash: Crash
}
type Step = Act | { kind: 'sell' } | { kind: 'sweep' } | { kind: 'wait'; ms: number }

const crash = fc.option(
  fc.record({ at: fc.nat(14), when: fc.constantFrom('before' as const, 'after' as const) }),
  { nil: undefined, freq: 2 },
)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('tap' as const, 'tap' as const, 'cancel' as const, 'cash' as const),
      viewer: fc.constantFrom(...VIEWERS),
      wish: fc.nat(WISHES - 1),
      crash,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('sell' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('sweep' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.constantFrom(1000, HOLD_MS + 1, CASH_MS - 1, CASH_MS, CANCEL_MS),
    }),
  },
)

/** Redis as a process sees it that dies at its n-th call. */
function mortal(of: NonNullable<Crash>): Store {
  let calls = 0
  let dead = false
  return new Proxy(redis, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return async (...args: unknown[]) => {
        if (dead) throw new Error('dead')
        const last = calls++ === of.at
        if (last) dead = true
        if (last && of.when === 'before') throw new Error('died before')
        const answer: unknown = await value.apply(target, args)
        if (last) throw new Error('died after')
        return answer
      }
    },
  })
}

interface WishModel {
  /** `cut`: the points are put aside and nothing is taken yet, as RW4 leaves it where cash is asked for. */
  state: 'none' | 'cut' | 'issued' | 'awaiting' | 'back' | 'failed' | 'unsure'
  atMs: number
}

class Model {
  readonly wishes = new Map<string, WishModel>()
  sold = 0

  of(viewer: number, wish: number): WishModel {
    const key = `${viewer} ${wish}`
    const found = this.wishes.get(key) ?? { state: 'none' as const, atMs: 0 }
    this.wishes.set(key, found)
    return found
  }

  get unsure(): boolean {
    return [...this.wishes.values()].some(({ state }) => state === 'unsure')
  }

  taken(reward: string, viewer?: number): number {
    let count = 0
    for (const [key, { state }] of this.wishes) {
      const [who, wish] = key.split(' ').map(Number)
      if (viewer !== undefined && who !== viewer) continue
      if (rewardOf(wish ?? 0) !== reward) continue
      if (state === 'issued' || state === 'awaiting') count++
    }
    return count
  }

  points(viewer: number): number {
    let points = START_POINTS - OATS * this.taken('oats', viewer) - OIL * this.taken('oil', viewer)
    for (let wish = 0; wish < WISHES; wish++)
      if (this.of(viewer, wish).state === 'cut') points -= priceOf(wish)
    return points
  }

  /** What a tap must answer, while nothing is unsure. */
  tap(viewer: number, wish: number): string {
    const { state } = this.of(viewer, wish)
    if (state === 'issued') return 'issued'
    if (state === 'awaiting') return 'awaiting_cash'
    if (state === 'back') return 'back'
    if (state === 'failed') return 'refused'
    if (state === 'cut') return 'awaiting_cash'
    const reward = rewardOf(wish)
    if (reward === 'oats') {
      if (this.taken('oats', viewer) >= PER_VIEWER) return 'reward_limit'
      if (this.taken('oats') + this.sold >= PIECES) return 'sold_out'
    }
    if (this.points(viewer) < priceOf(wish)) return 'points_short'
    return reward === 'oil' ? 'awaiting_cash' : 'issued'
  }
}

/** One history. */
class Run {
  readonly model = new Model()
  readonly stand: RewardStand

  constructor(stand: RewardStand) {
    this.stand = stand
  }

  now = () => this.stand.clock.nowMs

  process(dies: Crash): Redemptions {
    const store = dies ? mortal(dies) : redis
    const { parts, places, book } = this.stand
    const wallet = new Wallets({
      store,
      partitions: places,
      clock: parts.clock,
      rulebook: () => ({ version: 1, publishedAtMs: 0, by: 'test', book }),
      journalMax: 1_000_000,
      numbersOf: async (brands) => brands.map(() => 1),
      nowMs: this.now,
    })
    return new Redemptions({ ...parts, store, wallet }, this.stand.shelf)
  }

  async step(one: Step): Promise<void> {
    if (one.kind === 'wait') this.stand.clock.nowMs += one.ms
    else if (one.kind === 'sweep') await this.sweep()
    else if (one.kind === 'sell') await this.sell()
    else await this.act(one)
  }

  async sell(): Promise<void> {
    const id = `sale-${this.model.sold}`
    const answer = await moveStock(redis, {
      reward: 'oats',
      id,
      pieces: -1,
      nowMs: this.now(),
      timeZone: ZONE,
    })
    if (!this.model.unsure)
      expect(answer.ok).toBe(this.model.taken('oats') + this.model.sold < PIECES)
    if (answer.ok) this.model.sold++
  }

  async act(one: Act): Promise<void> {
    const { viewer, wish, kind } = one
    const process = this.process(one.crash)
    const id = idOf(viewer, wish)
    const asked =
      kind === 'tap'
        ? process.redeem({
            account: viewer,
            brand: BRAND,
            room: 'demo',
            live: 0,
            id,
            reward: rewardOf(wish),
          })
        : kind === 'cancel'
          ? process.cancel({ account: viewer, id, by: 'viewer' })
          : process.confirmCash({ account: viewer, id, order: `order-${viewer}-${wish}` })
    const answer = await asked.catch(() => undefined)
    const known = this.model.of(viewer, wish)
    const wasSure = !this.model.unsure
    if (!answer || one.crash) {
      // Whoever died may have done it or not; the passes decide, and the model learns from them.
      known.state = 'unsure'
      return
    }
    const said = answer.ok ? answer.redemption.state : answer.code
    if (wasSure) this.judge(one, said)
    this.learn(known, said)
  }

  judge({ kind, viewer, wish }: Act, said: string): void {
    const { state, atMs } = this.model.of(viewer, wish)
    if (kind === 'tap') {
      const due = this.model.tap(viewer, wish)
      if (due === 'refused')
        expect(['redemption_closed', 'sold_out', 'reward_limit']).toContain(said)
      else if (due === 'back')
        expect(['cancelled', 'refunded', 'redemption_closed']).toContain(said)
      // A tap on what waits for cash finds it overdue by itself.
      else if (due === 'awaiting_cash' && state === 'awaiting' && this.now() >= atMs + CASH_MS)
        expect(said).toBe('cancelled')
      else expect(said).toBe(due)
    }
    if (kind === 'cash' && state === 'awaiting')
      expect(said).toBe(this.now() < atMs + CASH_MS ? 'issued' : 'redemption_closed')
    if (kind === 'cancel' && state === 'awaiting') expect(said).toBe('cancelled')
    if (kind === 'cancel' && state === 'none') expect(said).toBe('not_found')
  }

  learn(known: WishModel, said: string): void {
    if (said === 'issued') known.state = 'issued'
    else if (said === 'awaiting_cash') {
      if (known.state !== 'awaiting') known.atMs = this.now()
      known.state = 'awaiting'
    } else if (said === 'cancelled' || said === 'refunded') known.state = 'back'
    else if (known.state === 'unsure') known.state = 'unsure'
  }

  /** Until nothing is on its way: what a worker does, with the overdue holds of everybody. */
  async sweep(): Promise<void> {
    this.stand.clock.nowMs += HOLD_MS + 1
    for (let i = 0; i < 3; i++) {
      await this.stand.pass()
      for (const viewer of VIEWERS) await this.stand.resolve(viewer)
    }
    await this.read()
  }

  /** What became of each wish; no wish that was paid and not given back may be anything but issued. */
  async read(): Promise<void> {
    for (const viewer of VIEWERS) {
      for (let wish = 0; wish < WISHES; wish++) {
        const known = this.model.of(viewer, wish)
        const found = await this.stand.redemptions.read({ account: viewer, id: idOf(viewer, wish) })
        const state = found?.state
        if (known.state === 'issued') expect(state).toBe('issued')
        if (known.state === 'back') expect(['cancelled', 'refunded']).toContain(state)
        if (state === 'issued') known.state = 'issued'
        else if (state === 'awaiting_cash') {
          known.state = 'awaiting'
          known.atMs = found?.atMs ?? 0
        } else if (state === 'cancelled' || state === 'refunded') known.state = 'back'
        else if (known.state === 'unsure' || known.state === 'cut' || state === 'failed')
          known.state = await this.heldAs(viewer, wish)
        expect(['holding', 'cancelling', 'refunding']).not.toContain(state)
      }
    }
  }

  /** What the points of a wish say that took nothing. */
  async heldAs(viewer: number, wish: number): Promise<'none' | 'cut' | 'failed'> {
    const id = `r-${idOf(viewer, wish)}`
    const hold = await this.stand.wallets.readHold({ account: viewer, id })
    if (hold?.state !== 'open') return hold ? 'failed' : 'none'
    expect(rewardOf(wish)).toBe('oil')
    expect(this.now()).toBeLessThanOrEqual(hold.untilMs)
    return 'cut'
  }

  /** [RW3, RW4, RW8, RW10, RW20] Points and pieces, when everything is at rest. */
  async check(): Promise<void> {
    this.stand.clock.nowMs += CASH_MS + MINUTE_MS
    await this.sweep()
    await this.sweep()
    expect(await this.stand.imbalance()).toBe(0)
    const { spendable, held } = await this.stand.totals()
    expect(held).toBe(0)
    expect(spendable).toBe(VIEWERS.reduce((sum, viewer) => sum + this.model.points(viewer), 0))
    const [oats] = await readStates(redis, ['oats'], { atMs: this.now(), timeZone: ZONE })
    expect(oats?.left).toBe(PIECES - this.model.sold - this.model.taken('oats'))
    for (const viewer of VIEWERS)
      expect(this.model.taken('oats', viewer)).toBeLessThanOrEqual(PER_VIEWER)
    for (const reward of ['oats', 'oil']) expect(await redis.zcard(`ff:{w:${reward}}:todo`)).toBe(0)
  }
}

test('[RW4 RW8 RW10 002-26] whatever two viewers, a shop and crashes do, points and pieces add up', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
      await redis.flushall()
      const stand = await createRewardStand(redis, { partitions: 2 })
      try {
        const oats = { stock: { kind: 'fixed' as const, pieces: PIECES }, limits: { ever: 2 } }
        await stand.publish('oats', plain({ ...oats, points: OATS, delivery: 'code' }))
        await stand.publish('oil', plain({ points: OIL, cashFen: 100, cashWithinMin: 15 }))
        for (const viewer of VIEWERS) await stand.give(viewer, START_POINTS)
        const run = new Run(stand)
        for (const one of steps) await run.step(one)
        await run.check()
      } finally {
        stand.stop()
      }
    }),
    { numRuns: Number(process.env.FANFARE_MODEL_RUNS ?? 60) },
  )
}, 120_000)
