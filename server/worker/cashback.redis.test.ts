import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { Rulebook, type RulebookInput } from '../../shared/rulebook/schema.ts'
import { DAY_MS } from '../../shared/time.ts'
import { createLog, must, systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { Died, dyingAfter } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { Accounts, Cashback, Orders, readAccount } from '../scoring/index.ts'
import { createWalletStand } from '../wallet/testing.ts'
import { createOverdue } from './overdue.ts'

const ACCOUNT = 5
const CASHBACK = { perMille: 20, afterDays: 7 }

let redis: Store
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
})

type Policy = NonNullable<RulebookInput['cashback']>

function stand(policy: Policy | null = CASHBACK) {
  const wallet = createWalletStand(redis)
  const state = { version: 1, policy }
  const book = () =>
    Rulebook.parse({ ...wallet.book, ...(state.policy && { cashback: state.policy }) })
  const on = (store: Store) => {
    const wallets = wallet.walletsOn(store)
    const options = {
      ...{ store, wallets, partitions: wallet.places, journalMax: 1_000_000 },
      clock: { ...systemClock, now: () => wallet.clock.nowMs },
      rulebook: () => ({
        ...{ version: state.version, publishedAtMs: 0, by: 'test', book: book() },
      }),
      nowMs: () => wallet.clock.nowMs,
    }
    const cashback = new Cashback(options)
    const orders = new Orders(options)
    const shards = { epoch: () => 'e1', indexOfSlot: () => 0 }
    const accounts = new Accounts({ ...options, cashback, shards, readRoom: async () => undefined })
    const overdue = createOverdue({
      ...options,
      log: createLog('silent', 'test'),
      resolvers: { pending: (hold) => cashback.resolve(hold) },
    })
    return {
      buy: (order: string, amountFen: number, category?: string) =>
        accounts.scoreEvent({
          ...{ id: order, body: `${amountFen}`, account: ACCOUNT, brand: 'acme', order, category },
          ...{ action: 'purchase', units: amountFen },
        }),
      refund: (id: string, amountFen?: number, order = 'o1') =>
        orders.refund({
          ...{ brand: 'acme', order, id, by: 's1' },
          ...(amountFen !== undefined && { amountFen }),
        }),
      overdue: () => overdue(wallet.places.slotOf(ACCOUNT)),
    }
  }
  return {
    ...wallet,
    ...on(redis),
    on,
    /** Another book is published. */
    publish(next: Policy | null) {
      state.policy = next
      state.version++
    },
    async has() {
      const reading = await readAccount(redis, {
        ...{ slot: wallet.places.slotOf(ACCOUNT), account: ACCOUNT, live: 0 },
        session: { startMs: 0, nonce: 0 },
        ...{ timeZone: wallet.book.timeZone, aroundMs: wallet.clock.nowMs },
      })
      const { spendable, pending } = must(reading, 'an account').state.balance
      return { spendable, pending }
    },
    wait(days: number) {
      wallet.clock.nowMs += days * DAY_MS + 1
    },
  }
}

test('[E15 004-07] part of what an order cost comes back, less what it earned, pending until it cannot be sent back', async () => {
  const { buy, has, wait, overdue, moved, imbalance } = stand()
  // 100 yuan: 100 points by the rule, and 2 % are 200.
  const bought = await buy('o1', 10_000)
  const cashback = { points: 100, dueAtMs: expect.any(Number) }
  expect(bought).toMatchObject({ ok: true, cashback, account: { balance: { pending: 100 } } })
  expect(await buy('o1', 10_000)).toMatchObject({ ok: true, dup: true, cashback })
  expect(await has()).toEqual({ spendable: 100, pending: 100 })
  wait(6)
  expect(await overdue()).toBe(0)
  wait(1)
  expect(await overdue()).toBe(1)
  expect(await overdue()).toBe(0)
  expect(await has()).toEqual({ spendable: 200, pending: 0 })
  expect(moved.map(({ cause, subject }) => [cause, subject])).toEqual([
    ['pending', 'o1'],
    ['due', 'o1'],
  ])
  expect(await imbalance()).toBe(0)
})

test('[E15] least order, most points, parts of categories, and both where the rulebook says so', async () => {
  const categories = [
    { category: 'snacks', perMille: 100 },
    { category: 'gold', perMille: 0 },
  ]
  const policy = { ...CASHBACK, withEarned: 'beside', categories, minFen: 5000, maxPoints: 900 }
  const { buy } = stand(policy as Policy)
  const back = async (order: string, fen: number, category?: string) => {
    const bought = await buy(order, fen, category)
    return bought.ok ? (bought.cashback?.points ?? 0) : bought.code
  }
  expect(await back('small', 4999)).toBe(0)
  expect(await back('plain', 5000)).toBe(100)
  expect(await back('other', 5000, 'tea')).toBe(100)
  expect(await back('snacks', 5000, 'snacks')).toBe(500)
  expect(await back('gold', 90_000, 'gold')).toBe(0)
  expect(await back('large', 500_000)).toBe(900)
})

test('[E16] a book that came after an order promises nothing for it; what was promised stays', async () => {
  const { buy, publish, has, wait, overdue } = stand(null)
  await buy('before', 10_000)
  publish(CASHBACK)
  const again = await buy('before', 10_000)
  expect(again).not.toHaveProperty('cashback')
  await buy('o1', 10_000)
  publish(null)
  wait(7)
  await overdue()
  expect(await has()).toEqual({ spendable: 300, pending: 0 })
})

test('[E17 004-07] a whole refund drops what is pending at once; a part lowers what comes, and takes back what came', async () => {
  const { buy, refund, has, wait, overdue, imbalance } = stand()
  await buy('o1', 10_000)
  expect(await refund('r1')).toMatchObject({ points: { due: 100, taken: 100 } })
  expect(await has()).toEqual({ spendable: 0, pending: 0 })

  await buy('o2', 10_000)
  expect(await refund('r1', 2000, 'o2')).toMatchObject({ points: { due: 20, taken: 20 } })
  wait(7)
  await overdue()
  expect(await has()).toEqual({ spendable: 80 + 80, pending: 0 })
  // Half of what is left: of what it earned and of what came back.
  expect(await refund('r2', 4000, 'o2')).toMatchObject({ points: { due: 80, taken: 80 } })
  expect(await refund('r2', 4000, 'o2')).toMatchObject({ dup: true, points: { due: 80 } })
  expect(await has()).toEqual({ spendable: 80, pending: 0 })
  expect(await refund('r3', undefined, 'o2')).toMatchObject({ points: { taken: 80 } })
  expect(await has()).toEqual({ spendable: 0, pending: 0 })
  expect(await imbalance()).toBe(0)
})

test('[E17] refunds at any time, together with what becomes due, with a death anywhere: what is left is what the money left earns', async () => {
  const step = fc.record({
    fen: fc.integer({ min: 1, max: 6000 }),
    waits: fc.integer({ min: 0, max: 5 }),
    /** After so many commands the process dies; then it is asked again. */
    dies: fc.integer({ min: 0, max: 25 }),
    due: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 100, max: 20_000 }),
      fc.array(step, { minLength: 1, maxLength: 5 }),
      async (amountFen, steps) => {
        await redis.flushall()
        const all = stand()
        const dying = async (dies: number, run: (of: ReturnType<typeof all.on>) => unknown) => {
          try {
            await run(all.on(dyingAfter(redis, dies)))
          } catch (error) {
            if (!(error instanceof Died)) throw error
          }
        }
        await dying(steps[0]?.dies ?? 0, (of) => of.buy('o1', amountFen))
        const bought = await all.buy('o1', amountFen)
        const cash = bought.ok ? (bought.cashback?.points ?? 0) : 0
        expect(cash).toBe(Math.floor(amountFen / 50) - Math.floor(amountFen / 100))
        let left = amountFen
        for (const [i, { fen, waits, dies, due }] of steps.entries()) {
          all.wait(waits)
          const part = Math.min(fen, left)
          if (part > 0) {
            await dying(dies, (of) =>
              Promise.all([of.refund(`r${i}`, part), due ? of.overdue() : undefined]),
            )
            const both = [all.refund(`r${i}`, part), all.overdue()] as const
            const [refunded] = await Promise.all(both)
            expect(refunded).toMatchObject({ ok: true, amountFen: part })
            left -= part
          }
        }
        all.wait(8)
        await all.overdue()
        const earned = Math.floor(amountFen / 100)
        const kept = (points: number) => Math.floor((points * left) / amountFen)
        expect(await all.has()).toEqual({ spendable: kept(earned) + kept(cash), pending: 0 })
        expect(await all.imbalance()).toBe(0)
      },
    ),
    { numRuns: 12 },
  )
}, 60_000)
