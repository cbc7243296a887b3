import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { must, systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { dies, dyingAfter } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { brandNumber } from '../rooms/index.ts'
import { createWalletStand } from '../wallet/testing.ts'
import { Accounts } from './accounts.ts'
import { Orders, type RefundRequest } from './orders.ts'
import { readAccount } from './read-account.ts'

let redis: Store
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
})

const ACCOUNT = 5

function stand(store = redis) {
  const wallet = createWalletStand(store)
  const options = {
    store,
    partitions: wallet.places,
    clock: { ...systemClock, now: () => wallet.clock.nowMs },
    rulebook: () => ({ version: 1, publishedAtMs: 0, by: 'test', book: wallet.book }),
    journalMax: 1_000_000,
    nowMs: () => wallet.clock.nowMs,
  }
  const accounts = new Accounts({
    ...options,
    shards: { epoch: () => 'e1', indexOfSlot: () => 0 },
    readRoom: async () => undefined,
  })
  return {
    ...wallet,
    accounts,
    orders: new Orders({ ...options, wallets: wallet.wallets }),
    buy: (order: string, amountFen: number, more: { id?: string; account?: number } = {}) =>
      accounts.scoreEvent({
        id: order,
        body: String(amountFen),
        account: ACCOUNT,
        brand: 'acme',
        action: 'purchase',
        units: amountFen,
        order,
        ...more,
      }),
    async state() {
      const slot = wallet.places.slotOf(ACCOUNT)
      const reading = await readAccount(redis, {
        slot,
        account: ACCOUNT,
        live: 0,
        session: { startMs: 0, nonce: 0 },
        timeZone: wallet.book.timeZone,
        aroundMs: wallet.clock.nowMs,
      })
      const { balance, tier } = must(reading, 'an account').state
      return { points: balance.spendable, growth: tier.growth, rung: tier.rung }
    },
  }
}

const ask = (more: Partial<RefundRequest> = {}): RefundRequest => ({
  brand: 'acme',
  order: 'o1',
  id: 'refund-1',
  by: 's1',
  ...more,
})

test('[E8] an order is paid once whatever key it comes with; another amount or viewer is a conflict', async () => {
  const { buy, state } = stand()
  expect(await buy('o1', 10_000)).toMatchObject({ ok: true })
  expect(await buy('o1', 10_000, { id: 'another key' })).toMatchObject({ ok: true, dup: true })
  expect(await state()).toEqual({ points: 100, growth: 120, rung: expect.any(Number) })
  expect(await buy('o1', 20_000)).toMatchObject({ code: 'id_conflict' })
  expect(await buy('o1', 10_000, { account: 6 })).toMatchObject({ code: 'id_conflict' })
})

test('[E8 A12] half a purchase is completed by its repeat, each half credited once', async () => {
  for (let commands = 0; commands < 8; commands++) {
    await redis.flushall()
    const { buy, state } = stand()
    const dying = stand(dyingAfter(redis, commands))
    await dies(dying.buy('o1', 10_000))
    expect(await buy('o1', 10_000)).toMatchObject({ ok: true })
    expect(await state()).toMatchObject({ points: 100, growth: 120 })
  }
})

test('[E9] a refund takes back what the order earned, points and growth, and the rung with it', async () => {
  const { buy, orders, state, imbalance, moved } = stand()
  const before = await state()
  await buy('o1', 100_000)
  expect((await state()).rung).toBeGreaterThan(0)
  expect(await orders.refund(ask())).toEqual({
    ok: true,
    amountFen: 100_000,
    refundedFen: 100_000,
    points: { due: 1000, taken: 1000 },
    growth: { due: 1020, taken: 1020 },
    withholdFen: 0,
  })
  expect(await state()).toEqual(before)
  expect(moved.at(-1)).toMatchObject({ cause: 'revoked', subject: 'o1', by: 's1' })
  expect(await orders.refund(ask())).toMatchObject({ dup: true, points: { taken: 1000 } })
  expect(await orders.refund(ask({ id: 'refund-2' }))).toMatchObject({ code: 'refund_too_much' })
  expect(await imbalance()).toBe(0)
})

test('[E9] nothing is taken that is not there, and the answer says what is missing and what to withhold', async () => {
  const { buy, orders, wallets, state, book } = stand()
  await buy('o1', 100_000)
  await wallets.hold({
    account: ACCOUNT,
    id: 'h1',
    points: 700,
    forMs: 1000,
    use: 'checkout',
    at: await brandNumber(redis, 'acme'),
  })
  await wallets.capture({ account: ACCOUNT, id: 'h1' })
  const refunded = { points: { due: 1000, taken: 300 }, withholdFen: 700 }
  expect(await orders.refund(ask())).toMatchObject(refunded)
  expect((await state()).points).toBe(0)
  // Whatever a point is worth by then, what the merchant was told to withhold stays what it was.
  book.pointValueFen = 2
  expect(await orders.refund(ask())).toMatchObject({ dup: true, ...refunded })
})

test('[E22] what is missing is worth what the viewer could pay with it, by the own ratio', async () => {
  const { buy, wallets, book, places, clock } = stand()
  const own = structuredClone(book)
  own.redemption.factor = 0.5
  const published = (of: typeof book) => ({ version: 1, publishedAtMs: 0, by: 'test', book: of })
  const orders = new Orders({
    store: redis,
    partitions: places,
    wallets,
    rulebook: () => published(book),
    playing: { of: (account) => published(account === ACCOUNT ? own : book) },
    journalMax: 1_000_000,
    nowMs: () => clock.nowMs,
  })
  const at = await brandNumber(redis, 'acme')
  const spent = async (account: number, order: string) => {
    await buy(order, 100_000, { account })
    await wallets.hold({ account, id: 'h', points: 700, forMs: 1000, use: 'checkout', at })
    await wallets.capture({ account, id: 'h' })
    return orders.refund(ask({ order }))
  }
  expect(await spent(ACCOUNT, 'o1')).toMatchObject({ withholdFen: 1400 })
  book.redemption.factor = 2
  expect(await spent(ACCOUNT + 1, 'o2')).toMatchObject({ withholdFen: 350 })
})

test('[E9] no order of holds, captures and refunds leaves points that nobody paid for', async () => {
  const step = fc.record({
    what: fc.constantFrom('buy', 'hold', 'capture', 'void', 'giveBack', 'refund', 'refundPart'),
    which: fc.nat(3),
    size: fc.integer({ min: 1, max: 40_000 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      await redis.flushall()
      const { buy, orders, wallets, state, imbalance } = stand()
      const at = await brandNumber(redis, 'acme')
      const bought: string[] = []
      const held: string[] = []
      let withheld = 0
      const refund = async (order: string, id: string, amountFen?: number) => {
        const asked = ask({ order, id, ...(amountFen !== undefined && { amountFen }) })
        const answer = await orders.refund(asked)
        if (answer.ok) withheld += answer.withholdFen
      }
      for (const [i, { what, which, size }] of steps.entries()) {
        const order = bought[which % bought.length]
        const hold = held[which % held.length]
        if (what === 'buy') {
          await buy(`o${i}`, 100 + size)
          bought.push(`o${i}`)
        } else if (what === 'hold') {
          const points = 1 + Math.trunc(size / 100)
          const asked = { account: ACCOUNT, id: `h${i}`, points, forMs: 60_000, at }
          if ((await wallets.hold({ ...asked, use: 'checkout' })).ok) held.push(`h${i}`)
        } else if (hold !== undefined && what === 'capture')
          await wallets.capture({ account: ACCOUNT, id: hold })
        else if (hold !== undefined && what === 'void')
          await wallets.void({ account: ACCOUNT, id: hold })
        else if (hold !== undefined && what === 'giveBack')
          await wallets.refund({ account: ACCOUNT, id: hold, refundId: `back-${i}` })
        else if (order !== undefined && what === 'refundPart')
          await refund(order, `part-${i}`, 1 + (size % 100))
        else if (order !== undefined && what === 'refund') await refund(order, `all-${i}`)
      }
      // Everything goes back in the end: goods, and what was bought with the points.
      for (const order of bought) await refund(order, 'last')
      for (const id of held) {
        await wallets.void({ account: ACCOUNT, id })
        await wallets.refund({ account: ACCOUNT, id, refundId: 'last' })
      }
      expect(await imbalance()).toBe(0)
      expect((await state()).points).toBe(withheld)
    }),
    { numRuns: 40 },
  )
})

test('[E23] whether growth goes with a refund is what the order was told, for each part of it', async () => {
  for (const told of ['keep', 'take'] as const) {
    await redis.flushall()
    const { buy, orders, state, book } = stand()
    const { refund } = book.purchase
    refund.growth = told
    await buy('o1', 10_000)
    const { growth } = await state()
    await orders.refund(ask({ amountFen: 5000 }))
    refund.growth = told === 'keep' ? 'take' : 'keep'
    const due = told === 'keep' ? 0 : growth / 2
    expect(await orders.refund(ask({ id: 'rest' }))).toMatchObject({ growth: { due, taken: due } })
    expect((await state()).growth).toBe(told === 'keep' ? growth : 0)
  }
})

test("[E9] only points of the order's own brand are taken", async () => {
  const { buy, orders, give, state } = stand()
  await buy('o1', 10_000)
  const own = await brandNumber(redis, 'acme')
  await give(ACCOUNT, 500, { issuer: own + 1 })
  await orders.refund(ask())
  expect((await state()).points).toBe(500)
})

test('[E9] an order nobody reported is not found, nor is one of another brand', async () => {
  const { buy, orders } = stand()
  await buy('o1', 10_000)
  for (const more of [{ order: 'o2' }, { brand: 'other' }])
    expect(await orders.refund(ask(more))).toMatchObject({ code: 'not_found' })
})

test('[E10] parts add up to the whole, in any order, together and repeated', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 100, max: 99_999 }),
      fc.array(fc.integer({ min: 1, max: 40_000 }), { minLength: 1, maxLength: 6 }),
      async (amountFen, parts) => {
        await redis.flushall()
        const { buy, orders, state } = stand()
        const before = await state()
        await buy('o1', amountFen)
        const asked = parts.flatMap((fen, i) => {
          const one = ask({ id: `part-${i}`, amountFen: fen })
          return [one, one]
        })
        const answers = await Promise.all(asked.map((one) => orders.refund(one)))
        const paid = answers.filter((answer, i) => answer.ok && i % 2 === 0)
        const sum = paid.reduce((all, answer) => all + (answer.ok ? answer.amountFen : 0), 0)
        expect(sum).toBeLessThanOrEqual(amountFen)
        // Whatever was refused, the rest can still be refunded, and then nothing of the order is left.
        if (sum < amountFen)
          expect(await orders.refund(ask({ id: 'rest' }))).toMatchObject({ ok: true })
        expect(await state()).toEqual(before)
      },
    ),
    { numRuns: 25 },
  )
})

test('[E10] a process that dies between any two steps leaves a refund that is finished by the next call', async () => {
  for (let commands = 0; commands < 18; commands++) {
    await redis.flushall()
    const { buy, orders, state, imbalance } = stand()
    const before = await state()
    await buy('o1', 100_000)
    const dying = stand(dyingAfter(redis, commands))
    const first = await dies(dying.orders.refund(ask({ amountFen: 40_000 })))
    // The server asks again under another id, because it never learnt what became of the first.
    const rest = await orders.refund(ask({ id: 'refund-2' }))
    expect(rest).toMatchObject({ ok: true, refundedFen: 100_000 })
    expect(await state()).toEqual(before)
    expect(await imbalance()).toBe(0)
    if (first) expect(first).toMatchObject({ amountFen: 40_000 })
  }
})
