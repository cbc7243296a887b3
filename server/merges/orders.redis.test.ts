import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { DAY_MS } from '../../shared/time.ts'
import { resolveAccount } from '../identity/index.ts'
import { must, systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { dies, dyingAfter } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { brandNumber } from '../rooms/index.ts'
import { Accounts, Orders } from '../scoring/index.ts'
import { formerAccounts, settledIn } from './records.ts'
import { ask, createMergesStand, viewer } from './testing.ts'

let redis: Store
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
})

const NAMES = ['ann', 'ben', 'cat']
const MERGES_MAX = 3

/** Three viewers of a brand who order, spend, send back, and turn out to be one person. */
async function stand() {
  const one = await createMergesStand(redis)
  const options = {
    store: redis,
    partitions: one.places,
    rulebook: () => ({ version: 1, publishedAtMs: 0, by: 'test', book: one.book }),
    journalMax: 1_000_000,
    nowMs: () => one.clock.nowMs,
  }
  const shop = new Accounts({
    ...options,
    formerOf: (account) => formerAccounts(redis, account),
    clock: { ...systemClock, now: () => one.clock.nowMs },
    shards: { epoch: () => 'e1', indexOfSlot: () => 0 },
    readRoom: async () => undefined,
  })
  const ordersOn = (store: Store) =>
    new Orders({
      ...options,
      store,
      wallets: one.walletsOn(store),
      settledIn: (account) => settledIn(store, account),
    })
  const orders = ordersOn(redis)
  const accounts: number[] = []
  for (const name of NAMES) accounts.push(await resolveAccount(one.registry, viewer(name)))
  return {
    ...one,
    accounts,
    ordersOn,
    at: await brandNumber(redis, 'acme'),
    async buy(account: number, order: string, fen: number) {
      const paid = { id: order, order, body: String(fen), account, units: fen } as const
      return shop.scoreEvent({ ...paid, brand: 'acme', action: 'purchase' })
    },
    async refund(order: string, id: string, amountFen?: number) {
      const part = amountFen === undefined ? {} : { amountFen }
      const answer = await orders.refund({ brand: 'acme', by: 's1', order, id, ...part })
      return answer.ok ? answer : undefined
    },
    async sum() {
      const sum = { points: 0, growth: 0 }
      for (const account of accounts) {
        const { balance, growth } = await one.read(account)
        sum.points += balance.spendable
        sum.growth += growth
      }
      return sum
    },
  }
}

test('[MG12] an order of an account that was merged away is taken back from the one that stays', async () => {
  const { buy, refund, merges, accounts, read } = await stand()
  const [from = 0, into = 0] = accounts
  await buy(from, 'o1', 100_000)
  const grown = (await read(from)).growth
  await merges.merge({ ...ask, from, into })
  const half = { points: { due: 500, taken: 500 }, growth: { due: grown / 2, taken: grown / 2 } }
  expect(await refund('o1', 'r1', 50_000)).toMatchObject({ ...half, withholdFen: 0 })
  expect(await read(into)).toMatchObject({ balance: { spendable: 500 }, growth: grown / 2 })
  expect(await refund('o1', 'r2')).toMatchObject({ ...half, withholdFen: 0 })
  expect(await read(into)).toMatchObject({ balance: { spendable: 0 }, growth: 0, rung: 0 })
})

test('[MG12 E8] an order that is reported again after its viewer was merged was credited before; one of somebody else is a conflict', async () => {
  const { buy, merges, accounts, read } = await stand()
  const [from = 0, into = 0, other = 0] = accounts
  await buy(from, 'o1', 100_000)
  const credited = await read(from)
  await merges.merge({ ...ask, from, into })
  expect(await buy(into, 'o1', 100_000)).toMatchObject({
    ...{ ok: true, dup: true, account: { balance: { spendable: credited.balance.spendable } } },
  })
  expect(await read(into)).toMatchObject({ balance: credited.balance, growth: credited.growth })
  expect(await buy(into, 'o1', 90_000)).toMatchObject({ code: 'id_conflict' })
  expect(await buy(other, 'o1', 100_000)).toMatchObject({ code: 'id_conflict' })
})

test('[MG12 E10] a refund that was noted before its account was merged or parted, and is taken after, is taken from where all is', async () => {
  for (const parted of [false, true])
    for (let commands = 0; commands < 24; commands++) {
      await redis.flushall()
      const { buy, ordersOn, refund, merges, accounts, read, sum, imbalance } = await stand()
      const [from = 0, into = 0] = accounts
      await buy(from, 'o1', 100_000)
      const first = parted ? await merges.merge({ ...ask, from, into }) : undefined
      const half = { brand: 'acme', by: 's1', order: 'o1', id: 'r1', amountFen: 50_000 }
      await dies(ordersOn(dyingAfter(redis, commands)).refund(half))
      if (first?.ok) await merges.undo('acme', first.merge)
      else await merges.merge({ ...ask, from, into })
      expect(await refund('o1', 'r2')).toMatchObject({ refundedFen: 100_000 })
      const again = await refund('o1', 'r1', 50_000)
      // What was not taken yet may be finished now, or is the rest that the second refund is of.
      const all = again ? [again.points.taken, again.withholdFen] : [500, 0]
      expect(all, `dead after ${commands}`).toEqual([500, 0])
      expect(await sum()).toEqual({ points: 0, growth: 0 })
      expect((await read(from)).rung + (await read(into)).rung).toBe(0)
      expect(await imbalance()).toBe(0)
    }
})

const who = fc.nat(NAMES.length - 1)
const which = fc.nat(3)
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ do: fc.constant('buy' as const), who, fen: fc.integer({ min: 100, max: 40_000 }) },
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ do: fc.constant('hold' as const), who, points: fc.integer({ min: 1, max: 300 }) },
    }),
  },
  fc.record({ do: fc.constantFrom('capture' as const, 'void' as const), which }),
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ do: fc.constant('refund' as const), which, fen: fc.integer({ min: 1, max: 9000 }) },
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('merge' as const), who, into: who }) },
  fc.record({ do: fc.constant('undo' as const), which }),
  fc.record({ do: fc.constant('pass' as const) }),
)

test('[MG12 E9] whoever merges, parts, spends and sends back in whatever order has no points and no growth that nobody paid for', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 25, size: 'max' }),
      async (steps) => {
        await redis.flushall()
        const { buy, refund, sum, merges, wallets, accounts, at, clock, ...one } = await stand()
        const bought: string[] = []
        const held: { account: number; id: string }[] = []
        const merged: string[] = []
        const told = { earned: 0, taken: 0, withheldFen: 0 }
        const accountOf = (who: number) => must(accounts[who], 'an account')
        const sendBack = async (order: string, id: string, fen?: number) => {
          const answer = await refund(order, id, fen)
          if (!answer || answer.dup) return
          told.taken += answer.growth.taken
          told.withheldFen += answer.withholdFen
        }
        for (const [i, s] of steps.entries()) {
          switch (s.do) {
            case 'buy': {
              const before = (await sum()).growth
              await buy(await settledIn(redis, accountOf(s.who)), `o${i}`, s.fen)
              told.earned += (await sum()).growth - before
              bought.push(`o${i}`)
              break
            }
            case 'hold': {
              const account = await settledIn(redis, accountOf(s.who))
              const asked = { account, id: `h${i}`, points: s.points, forMs: 60 * DAY_MS, at }
              if ((await wallets.hold({ ...asked, use: 'checkout' })).ok)
                held.push({ account, id: `h${i}` })
              break
            }
            case 'capture':
            case 'void': {
              const hold = held[s.which]
              if (hold) await wallets[s.do](hold)
              break
            }
            case 'refund': {
              const order = bought[s.which]
              if (order !== undefined) await sendBack(order, `r${i}`, s.fen)
              break
            }
            case 'merge': {
              if (merged.length >= MERGES_MAX) break
              const pair = { from: accountOf(s.who), into: accountOf(s.into) }
              const answer = await merges.merge({ ...ask, key: `m${i}`, ...pair })
              if (answer.ok) merged.push(answer.merge)
              break
            }
            case 'undo': {
              const merge = merged[s.which]
              if (merge !== undefined) await merges.undo('acme', merge)
              break
            }
            case 'pass':
              clock.nowMs += DAY_MS
              await merges.pass()
              break
            default:
              s satisfies never
          }
          expect(await one.imbalance(), `after step ${i}`).toBe(0)
        }
        // Everything goes back in the end: goods, and what was bought with the points.
        for (const order of bought) await sendBack(order, 'last')
        for (const hold of held) {
          await wallets.void(hold)
          await wallets.refund({ ...hold, refundId: 'last' })
        }
        const left = await sum()
        expect(left.points).toBe(told.withheldFen)
        expect(left.growth).toBe(told.earned - told.taken)
        expect(await one.imbalance()).toBe(0)
      },
    ),
    { numRuns: 30 },
  )
}, 300_000)
