import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { must, systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { dies, dyingAfter } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { brandNumber } from '../rooms/index.ts'
import { createWalletStand } from '../wallet/testing.ts'
import { Accounts } from './accounts.ts'
import { platformContext } from './compile.ts'
import { grantTask } from './grant-task.ts'
import { Orders, type RefundRequest } from './orders.ts'
import { readAccount } from './read-account.ts'
import type { ReadRoom } from './read-room.ts'

let redis: Store
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
})

const ACCOUNT = 5

function stand(store = redis, readRoom: ReadRoom = async () => undefined) {
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
    readRoom,
  })
  return {
    ...wallet,
    accounts,
    orders: new Orders({ ...options, wallets: wallet.wallets }),
    buy: (
      order: string,
      amountFen: number,
      more: { id?: string; account?: number; room?: string } = {},
    ) =>
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

describe('a place in a task that an order reached', () => {
  const LIVE = 7
  const ROOM = 'r1'
  const TASK = { task: 3, points: 200, growth: 10 }
  const endless = { startsAtMs: 0, endsAtMs: 2 ** 47 }

  function ordered() {
    const all = stand(redis, async () => ({
      ...platformContext(1, all.book, await brandNumber(redis, 'acme')),
      ...{ live: LIVE, payers: new Set<number>() },
      tasks: [
        {
          ...{ ...TASK, ...endless, action: 'order', goal: 1, quota: 50 },
          title: { zh: '前 50 单', en: 'The first 50' },
        },
      ],
    }))
    const paid = async (rank: number) =>
      grantTask(redis, {
        slot: all.places.slotOf(ACCOUNT),
        ...{ account: ACCOUNT, live: LIVE, timeZone: all.book.timeZone },
        issuer: await brandNumber(redis, 'acme'),
        place: { ...TASK, rank },
        published: { version: 1, publishedAtMs: 0, by: 'test', book: all.book },
        journalMax: 1_000_000,
        aroundMs: all.clock.nowMs,
        nowMs: all.clock.nowMs,
      })
    return { ...all, paid }
  }

  test('[E24] is taken back with the order', async () => {
    const { buy, paid, orders, state, imbalance } = ordered()
    const before = await state()
    await buy('o1', 10_000, { room: ROOM })
    expect(await paid(1)).toMatchObject({ tag: 'applied' })
    expect(await paid(1)).toMatchObject({ tag: 'replayed' })
    expect(await state()).toMatchObject({ points: 300, growth: 130 })
    expect(await orders.refund(ask())).toMatchObject({
      points: { due: 300, taken: 300 },
      growth: { due: 130, taken: 130 },
    })
    expect(await state()).toEqual(before)
    expect(await imbalance()).toBe(0)
  })

  test('[E24] is not paid where the order was given back first', async () => {
    const { buy, paid, orders, state } = ordered()
    const before = await state()
    await buy('o1', 10_000, { room: ROOM })
    await orders.refund(ask())
    expect(await paid(1)).toMatchObject({
      tag: 'applied',
      entry: { receipts: [{ reason: 'task_full', points: 0 }] },
      state: { tasks: [{ task: 3, state: 'full' }] },
    })
    expect(await state()).toEqual(before)
  })

  test('[E24] is paid for the part that is kept, and no more is taken back for the rest', async () => {
    const { buy, paid, orders, state } = ordered()
    const before = await state()
    await buy('o1', 10_000, { room: ROOM })
    await orders.refund(ask({ amountFen: 7500 }))
    await paid(1)
    expect(await state()).toMatchObject({ points: 25 + 50 })
    await orders.refund(ask({ id: 'refund-2' }))
    expect(await state()).toEqual(before)
  })

  test('[E24] that another order reached stays', async () => {
    const { buy, paid, orders, state } = ordered()
    await buy('o1', 10_000, { room: ROOM })
    await buy('o2', 10_000, { room: ROOM })
    await paid(1)
    await orders.refund(ask({ order: 'o2' }))
    expect(await state()).toMatchObject({ points: 300 })
  })
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

test('[E9 A12] an order that was sent back whole before its report came to its end earns nothing by being reported again', async () => {
  let sentBack = 0
  for (let commands = 0; commands < 10; commands++) {
    await redis.flushall()
    const { buy, orders, state, imbalance } = stand()
    const before = await state()
    await dies(stand(dyingAfter(redis, commands)).buy('o1', 10_000))
    const refunded = await orders.refund(ask())
    expect(await buy('o1', 10_000)).toMatchObject({ ok: true })
    if (refunded.ok) {
      sentBack++
      expect(await state()).toEqual(before)
    } else expect(await state()).toMatchObject({ points: 100, growth: 120 })
    expect(await imbalance()).toBe(0)
  }
  expect(sentBack).toBeGreaterThan(1)
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

test('[E10 E22] whatever the parts, they keep back together what the whole would: nothing is lost by rounding', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        fen: fc.integer({ min: 1, max: 60 }),
        per: fc.integer({ min: 1, max: 20 }),
        pays: fc.constantFrom(1, 3, 10),
        pointValueFen: fc.constantFrom(1, 3),
        factor: fc.constantFrom(0.5, 1, 1.25, 1.5, 2),
        spent: fc.integer({ min: 0, max: 100 }),
      }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }),
      async ({ fen, per, pays, pointValueFen, factor, spent }, parts) => {
        const sumOf = async (cuts: readonly number[]) => {
          await redis.flushall()
          const { buy, orders, wallets, state, book } = stand()
          const rule = book.earn.find(({ action }) => action === 'purchase')
          Object.assign(must(rule, 'a rule of purchases'), { per, points: pays })
          book.pointValueFen = pointValueFen
          book.redemption.factor = factor
          await buy('o1', fen)
          const { points } = await state()
          if (spent > 0 && points > 0) {
            const at = await brandNumber(redis, 'acme')
            const hold = { account: ACCOUNT, id: 'h', points: Math.ceil((points * spent) / 100) }
            await wallets.hold({ ...hold, forMs: 1000, use: 'checkout', at })
            await wallets.capture({ account: ACCOUNT, id: 'h' })
          }
          const there = (await state()).points
          const sum = { due: 0, taken: 0, withholdFen: 0 }
          for (const [i, amountFen] of cuts.entries()) {
            const asked = i < cuts.length - 1 ? { amountFen } : {}
            const part = await orders.refund(ask({ id: `part-${i}`, ...asked }))
            if (!part.ok) throw new Error(part.code)
            sum.due += part.points.due
            sum.taken += part.points.taken
            sum.withholdFen += part.withholdFen
            expect(part.withholdFen).toBeLessThanOrEqual(part.amountFen)
          }
          return { sum, points, there }
        }
        const cuts: number[] = []
        for (const part of parts) if (cuts.reduce((a, b) => a + b, 0) + part < fen) cuts.push(part)
        const { sum, points, there } = await sumOf([...cuts, 0])
        expect(sum.due).toBe(points)
        expect(sum.taken).toBe(there)
        // 1 point is worth `pointValueFen / factor` fen; rounded down once, for all that is missing.
        const worth = Math.floor(((points - there) * pointValueFen) / factor + 1e-9)
        if ((points * pointValueFen) / factor <= fen) expect(sum.withholdFen).toBe(worth)
        else expect(sum.withholdFen).toBeLessThanOrEqual(Math.min(fen, worth))
        if (there === 0) expect(sum.withholdFen).toBe(Math.min(fen, worth))
      },
    ),
    { numRuns: 60 },
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
