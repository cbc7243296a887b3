/** Leases of a budget, with everything that can happen between a room and its gateways. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BudgetPolicy } from '../../shared/rulebook/budget.ts'
import { budgetKey, type LeaseAsk, leaseBudget, readBudget } from '../governance/index.ts'
import { openTestClock, type Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { createRoom, startLive } from '../rooms/index.ts'
import { RoomBudget } from './room-budget.ts'

const ROOM = 'r1'
let redis: Store
let live: number
useRedis(async (server) => {
  openTestClock()
  redis = await server.connect()
  await createRoom(redis, { id: ROOM, name: 'Room', brand: 'b', timeZone: 'UTC' })
  const started = await startLive(redis, { room: ROOM })
  if (!started.ok) throw new Error(started.code)
  live = started.live.no
})

/** A room's slot that can be set back to what a crash keeps, and gateways that pay from it. */
class Stand {
  readonly policy: BudgetPolicy
  nowMs = Date.now() + 1_000_000
  durableAtMs = 0
  epoch = 1
  #kept: Record<string, string> = {}
  #asks: LeaseAsk[] = []
  #gateways = 0
  #flying: Promise<unknown>[] = []
  loses = false
  paid = 0

  constructor(points: number) {
    this.policy = { points, atCap: 'clamp' }
  }

  /** A new one, or one that was started anew under its number. */
  gateway(number?: number): RoomBudget {
    const gateway = number ?? ++this.#gateways
    return new RoomBudget(
      {
        lease: (part) => {
          const ask = { ...part, room: ROOM, live, gateway, nowMs: this.nowMs++ }
          this.#asks.push(ask)
          const answer = leaseBudget(redis, ask).then((lease) => {
            if (this.loses) throw new Error('the answer was lost')
            return lease
          })
          this.#flying = [answer]
          return answer
        },
        durableAtMs: () => this.durableAtMs,
        epoch: () => String(this.epoch),
        elapsedMs: () => this.nowMs,
      },
      () => this.policy,
    )
  }

  async arrived(): Promise<void> {
    await Promise.allSettled(this.#flying)
  }

  /** A call that was sent before arrives now, once more. */
  async late(pick: number): Promise<void> {
    const ask = this.#asks[pick % Math.max(1, this.#asks.length)]
    if (ask) await leaseBudget(redis, { ...ask, nowMs: this.nowMs++ })
  }

  async sync(): Promise<void> {
    this.#kept = await redis.hgetall(budgetKey(ROOM))
    this.durableAtMs = this.nowMs++
  }

  /** Whatever came after the last sync is gone, or is not. */
  async crash(isLost: boolean): Promise<void> {
    this.epoch += 1
    this.durableAtMs = 0
    if (!isLost) return
    await redis.del(budgetKey(ROOM))
    if (Object.keys(this.#kept).length > 0) await redis.hset(budgetKey(ROOM), this.#kept)
  }
}

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('pay' as const),
      gateway: fc.nat(2),
      need: fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 400, max: 1500 })),
      share: fc.constantFrom(0, 60, 100, 100),
      unknown: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('tick' as const), gateway: fc.nat(2) }) },
  { weight: 8, arbitrary: fc.constant({ kind: 'sync' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lost' as const), gateway: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('late' as const), pick: fc.nat(50) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('crash' as const), isLost: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('kill' as const),
      gateway: fc.nat(2),
      same: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const), gateway: fc.nat(2) }) },
)

test('[G12 C43] no order of leases, losses, late calls, crashes and deaths pays more than the budget', async () => {
  let exhausted = 0
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1000, max: 4000 })),
      fc.array(step, { minLength: 20, maxLength: 150, size: 'max' }),
      async (points, steps) => {
        await redis.del(budgetKey(ROOM))
        const stand = new Stand(points)
        const gateways = [stand.gateway(), stand.gateway(), stand.gateway()]
        const of = (i: number) => gateways[i] ?? stand.gateway()
        for (const s of steps) {
          if (s.kind === 'pay') {
            const held = of(s.gateway).hold(s.need)
            if (held !== undefined) {
              const paid = Math.floor((held * s.share) / 100)
              stand.paid += paid
              of(s.gateway).settle(held, s.unknown ? undefined : paid)
              if (held < s.need) exhausted += 1
            }
            // A lease that was asked for on the way arrives before the next step.
            await stand.arrived()
          } else if (s.kind === 'tick') await of(s.gateway).tick()
          else if (s.kind === 'sync') await stand.sync()
          else if (s.kind === 'late') await stand.late(s.pick)
          else if (s.kind === 'crash') await stand.crash(s.isLost)
          else if (s.kind === 'kill')
            gateways[s.gateway] = stand.gateway(s.same ? s.gateway + 1 : undefined)
          else if (s.kind === 'close') {
            await of(s.gateway).close()
            gateways[s.gateway] = stand.gateway()
          } else {
            stand.loses = true
            await of(s.gateway)
              .tick()
              .catch(() => undefined)
            stand.loses = false
          }
          expect(stand.paid).toBeLessThanOrEqual(points)
        }
      },
    ),
    { numRuns: 150 },
  )
  // The bound was really met.
  expect(exhausted).toBeGreaterThan(100)
})

test('[G13] what nobody else leased is paid to the last point, and what is given back is paid elsewhere', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5000 }),
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 }),
      async (points, needs) => {
        await redis.del(budgetKey(ROOM))
        const stand = new Stand(points)
        const [first, second] = [stand.gateway(), stand.gateway()]
        const pay = async (gateway: RoomBudget, need: number) => {
          for (let i = 0; i < 20; i++) {
            const held = gateway.hold(need)
            await gateway.tick()
            await stand.sync()
            if (held === undefined) continue
            gateway.settle(held, held)
            stand.paid += held
            return held
          }
          throw new Error('nothing was leased')
        }
        for (const need of needs) await pay(first, need)
        await first.close()
        for (let i = 0; i < 100 && stand.paid < points; i++) await pay(second, 250)
        expect(stand.paid).toBe(points)
        expect(await pay(second, 1)).toBe(0)
        await second.tick()
        expect(await readBudget(redis, ROOM)).toEqual({ live, leased: points, paid: points })
      },
    ),
    { numRuns: 40 },
  )
})

test('[G13] who wants less than it holds keeps what it holds: its answer may be lost', async () => {
  await redis.del(budgetKey(ROOM))
  const ask = { room: ROOM, live, most: 1000, gateway: 1, incarnation: 'i1', need: 0, paid: 0 }
  const first = await leaseBudget(redis, { ...ask, sequence: 1, leased: 0, want: 100 })
  expect(first).toMatchObject({ leased: 100 })
  const second = await leaseBudget(redis, { ...ask, sequence: 2, leased: 100, want: 10 })
  expect(second).toMatchObject({ leased: 100, left: 900 })
})

test('[G13] a budget that was raised pays again', async () => {
  await redis.del(budgetKey(ROOM))
  const stand = new Stand(10)
  const gateway = stand.gateway()
  const hold = async (need: number) => {
    for (let i = 0; i < 20; i++) {
      const held = gateway.hold(need)
      await gateway.tick()
      await stand.sync()
      if (held !== undefined) return held
    }
    return undefined
  }
  expect(await hold(25)).toBe(10)
  gateway.settle(10)
  stand.policy.points = 30
  await gateway.tick()
  await stand.sync()
  expect(await hold(25)).toBe(20)
})
