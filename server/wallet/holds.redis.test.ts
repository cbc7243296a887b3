import { beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS } from '../../shared/time.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { holdKey } from './keys.ts'
import { ANNA, createWalletStand, held, holding, WALLET_MONTH } from './testing.ts'

/** As scoring keeps them; a stranger to this module. */
const ORDER_KEPT_DAYS = 365

let redis: Store
let stand: ReturnType<typeof createWalletStand>
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  stand = createWalletStand(redis)
})

const sums = () => stand.sums()

describe('holds', () => {
  test('[W1 002-26] held points are out of the balance, captured ones spent, the rest comes back', async () => {
    await stand.give(ANNA, 1000)
    const { hold } = held(await stand.wallets.hold(holding(800)))
    expect(hold).toMatchObject({ state: 'open', points: 800, untilMs: stand.clock.nowMs + 60_000 })
    expect(await sums()).toMatchObject({ spendable: 200, held: 800 })
    const captured = held(await stand.wallets.capture({ account: ANNA, id: 'h1', points: 500 }))
    expect(captured.hold).toMatchObject({ state: 'captured', captured: 500 })
    expect(await sums()).toMatchObject({ spendable: 500, held: 0, spent: 500 })
    expect(await stand.imbalance()).toBe(0)
  })

  test('[W2] the same id is one hold; with other input it is a conflict', async () => {
    await stand.give(ANNA, 1000)
    await stand.wallets.hold(holding(800))
    expect(await stand.wallets.hold(holding(800))).toMatchObject({ ok: true, dup: true })
    expect(await stand.wallets.hold(holding(801))).toMatchObject({ code: 'id_conflict' })
    expect(await sums()).toMatchObject({ spendable: 200, held: 800 })
  })

  test('[W3] more than there is is refused, and says what there is', async () => {
    await stand.give(ANNA, 1000)
    expect(await stand.wallets.hold(holding(1001))).toMatchObject({
      code: 'points_short',
      have: 1000,
    })
    expect(await sums()).toMatchObject({ spendable: 1000, held: 0 })
  })

  test('[W4] after the deadline it cannot be captured, except by who decided before; the points go back', async () => {
    await stand.give(ANNA, 1000)
    await stand.wallets.hold(holding(600))
    stand.clock.nowMs += 60_001
    expect(await stand.wallets.capture({ account: ANNA, id: 'h1' })).toMatchObject({
      code: 'hold_expired',
    })
    held(await stand.wallets.void({ account: ANNA, id: 'h1', lapsed: true }))
    expect(await sums()).toMatchObject({ spendable: 1000, held: 0 })
    expect(stand.moved.at(-1)).toMatchObject({ cause: 'lapsed', ref: 'h1' })

    await stand.wallets.hold(holding(600, { id: 'h2' }))
    stand.clock.nowMs += 60_001
    held(await stand.wallets.capture({ account: ANNA, id: 'h2', late: true }))
    expect(await sums()).toMatchObject({ spendable: 400, spent: 600 })
  })

  test('[W5] a hold is settled once: a repeat is a repeat, another operation finds it closed', async () => {
    await stand.give(ANNA, 1000)
    await stand.wallets.hold(holding(600))
    const done = { account: ANNA, id: 'h1', op: 'order-1' }
    held(await stand.wallets.capture(done))
    expect(await stand.wallets.capture(done)).toMatchObject({ ok: true, dup: true })
    expect(await stand.wallets.capture({ ...done, op: 'order-2' })).toMatchObject({
      code: 'hold_closed',
    })
    expect(await stand.wallets.void(done)).toMatchObject({ code: 'hold_closed' })
    expect(await stand.wallets.void({ account: ANNA, id: 'never' })).toMatchObject({
      code: 'hold_not_found',
    })
    expect(await sums()).toMatchObject({ spendable: 400, spent: 600 })
  })

  test('[W6] what expires first pays first, or as the policy says', async () => {
    for (const wallet of [{}, { spendOrder: 'ownBrandFirst' as const }]) {
      await redis.flushall()
      stand = createWalletStand(redis, { wallet })
      await stand.give(ANNA, 100, { issuer: 1, month: WALLET_MONTH + 9 })
      await stand.give(ANNA, 100, { issuer: 2, month: WALLET_MONTH + 3 })
      await stand.give(ANNA, 100, { issuer: 1 })
      const { hold } = held(await stand.wallets.hold(holding(250)))
      expect(hold.lots.map(({ issuer, month, points }) => [issuer, month, points])).toEqual(
        wallet.spendOrder
          ? [
              [1, WALLET_MONTH + 9, 100],
              [1, 0, 100],
              [2, WALLET_MONTH + 3, 50],
            ]
          : [
              [2, WALLET_MONTH + 3, 100],
              [1, WALLET_MONTH + 9, 100],
              [1, 0, 50],
            ],
      )
    }
  })

  test('[W7] only points of the brands that take part may pay', async () => {
    await stand.give(ANNA, 100, { issuer: 1 })
    await stand.give(ANNA, 100, { issuer: 2 })
    await stand.give(ANNA, 100, { issuer: 3 })
    const of = { issuers: [1, 3] }
    expect(await stand.wallets.hold(holding(250, of))).toMatchObject({
      ...{ code: 'points_elsewhere', have: 200, elsewhere: 100 },
    })
    expect(await stand.wallets.hold(holding(301, of))).toMatchObject({
      ...{ code: 'points_short', have: 200 },
    })
    const { hold } = held(await stand.wallets.hold(holding(150, { issuers: [1, 3] })))
    expect(hold.lots.map((lot) => lot.issuer)).toEqual([1, 3])
  })

  test('[W7 002-36] by default those of the brand itself; in a coalition those of all its brands', async () => {
    const have = async (at: number, wallet: object) => {
      await redis.flushall()
      stand = createWalletStand(redis, { wallet })
      for (const issuer of [1, 2, 3]) await stand.give(ANNA, 100, { issuer })
      const { issuers: _, ...own } = holding(1000, { at })
      return stand.wallets.hold(own)
    }
    const coalition = { pool: 'coalition' as const, coalition: ['brand-1', 'brand-3'] }
    expect(await have(1, {})).toMatchObject({ code: 'points_short', have: 100 })
    expect(await have(3, coalition)).toMatchObject({ code: 'points_short', have: 200 })
    expect(await have(2, coalition)).toMatchObject({ code: 'points_short', have: 100 })
  })

  test('[W7] in a room those of the room, of its host and of the brand pay, the narrowest first', async () => {
    const [BRAND, ROOM, HOST, OTHER_ROOM] = [9, 4, 7, 5]
    for (const issuer of [BRAND, HOST, ROOM, OTHER_ROOM]) await stand.give(ANNA, 100, { issuer })
    const { issuers: _, ...own } = holding(250, { at: BRAND, local: [ROOM, HOST] })
    expect(await stand.wallets.payable({ ...own, live: 0 })).toBe(300)
    const { hold } = held(await stand.wallets.hold(own))
    expect(hold.lots.map(({ issuer, points }) => [issuer, points])).toEqual([
      [ROOM, 100],
      [HOST, 100],
      [BRAND, 50],
    ])
    const elsewhere = { ...own, id: 'h2', local: [OTHER_ROOM], points: 151 }
    expect(await stand.wallets.hold(elsewhere)).toMatchObject({ code: 'points_short', have: 150 })
    held(await stand.wallets.hold({ ...elsewhere, points: 150 }))
    held(await stand.wallets.void({ account: ANNA, id: 'h1' }))
    // Outside its rooms only what is good at the whole brand pays.
    const { local: _l, ...shop } = elsewhere
    expect(await stand.wallets.hold({ ...shop, id: 'h3', points: 60 })).toMatchObject({
      ...{ code: 'points_elsewhere', have: 50, elsewhere: 200 },
    })
  })

  test('[W6 W7] where the own brand pays first, its rooms do before other brands', async () => {
    const coalition = ['brand-9', 'brand-3']
    stand = createWalletStand(redis, {
      wallet: { pool: 'coalition', coalition, spendOrder: 'ownBrandFirst' },
    })
    for (const issuer of [3, 9, 4]) await stand.give(ANNA, 100, { issuer, month: issuer + 400 })
    const { issuers: _, ...own } = holding(250, { at: 9, local: [4] })
    const { hold } = held(await stand.wallets.hold(own))
    expect(hold.lots.map(({ issuer }) => issuer)).toEqual([4, 9, 3])
  })

  test('[W7] how far points reach was settled when they were earned: the pool of now narrows and widens nothing', async () => {
    const [BRAND, ROOM] = [9, 4]
    for (const pool of ['brand', 'room', 'host'] as const) {
      await redis.flushall()
      stand = createWalletStand(redis, { wallet: { pool } })
      for (const issuer of [BRAND, ROOM]) await stand.give(ANNA, 100, { issuer })
      const payable = (local: number[]) =>
        stand.wallets.payable({ account: ANNA, at: BRAND, local, live: 0 })
      expect(await payable([ROOM])).toBe(200)
      expect(await payable([])).toBe(100)
    }
  })

  test('[W8] points whose month has come pay nothing, also before the sweep has seen them', async () => {
    await stand.give(ANNA, 100, { month: WALLET_MONTH + 1 })
    expect(await stand.wallets.hold(holding(100))).toMatchObject({ ok: true })
    held(await stand.wallets.void({ account: ANNA, id: 'h1' }))
    stand.clock.nowMs = Date.UTC(2026, 4, 31, 15, 59, 59)
    expect(await stand.wallets.hold(holding(100, { id: 'h2' }))).toMatchObject({ ok: true })
    held(await stand.wallets.void({ account: ANNA, id: 'h2' }))
    stand.clock.nowMs = Date.UTC(2026, 4, 31, 16)
    expect(await stand.wallets.hold(holding(100, { id: 'h3' }))).toMatchObject({
      code: 'points_short',
      have: 0,
    })
  })

  test('[W9] an account has at most 50 open holds', async () => {
    await stand.give(ANNA, 1000)
    for (let i = 0; i < 50; i++) held(await stand.wallets.hold(holding(1, { id: `h${i}` })))
    expect(await stand.wallets.hold(holding(1, { id: 'h50' }))).toMatchObject({
      code: 'too_many_holds',
    })
    held(await stand.wallets.void({ account: ANNA, id: 'h7' }))
    held(await stand.wallets.hold(holding(1, { id: 'h50' })))
  })
})

describe('refunds', () => {
  test('[W10] a refund goes back to the lots it came from, what lasts longest first, never more than was spent', async () => {
    await stand.give(ANNA, 100, { month: WALLET_MONTH + 3 })
    await stand.give(ANNA, 100, { month: WALLET_MONTH + 9 })
    await stand.wallets.hold(holding(150))
    held(await stand.wallets.capture({ account: ANNA, id: 'h1' }))
    const refund = (refundId: string, points?: number) =>
      stand.wallets.refund({ account: ANNA, id: 'h1', refundId, ...(points && { points }) })
    const first = held(await refund('r1', 60))
    expect(first.hold.refunded).toBe(60)
    expect(stand.moved.at(-1)?.moves.map(({ toMonth, points }) => [toMonth, points])).toEqual([
      [WALLET_MONTH + 9, 50],
      [WALLET_MONTH + 3, 10],
    ])
    expect(await refund('r1', 60)).toMatchObject({ ok: true, dup: true })
    expect(await refund('r1', 61)).toMatchObject({ code: 'id_conflict' })
    expect(await refund('r2', 91)).toMatchObject({ code: 'points_short', have: 90 })
    held(await refund('r2'))
    expect(await refund('r3')).toMatchObject({ code: 'points_short', have: 0 })
    expect(await sums()).toMatchObject({ spendable: 200, spent: 0 })
  })

  test('[W10] what was captured can come back for longer than an order can be refunded', async () => {
    await stand.give(ANNA, 100)
    const keptDays = async (id: string) =>
      (await redis.pttl(holdKey(stand.places.slotOf(ANNA), ANNA, id))) / DAY_MS
    for (const id of ['spent', 'back']) held(await stand.wallets.hold(holding(10, { id })))
    held(await stand.wallets.capture({ account: ANNA, id: 'spent' }))
    held(await stand.wallets.void({ account: ANNA, id: 'back' }))
    expect(await keptDays('spent')).toBeGreaterThan(ORDER_KEPT_DAYS)
    expect(await keptDays('back')).toBeLessThan(91)
  })

  test('[W11] what would have expired meanwhile comes back with the declared grace, or expires where there is none', async () => {
    for (const [refundGraceMonths, spendable, expired] of [
      [1, 100, 0],
      [0, 0, 100],
    ] as const) {
      await redis.flushall()
      stand = createWalletStand(redis, { wallet: { refundGraceMonths } })
      await stand.give(ANNA, 100, { month: WALLET_MONTH + 1 })
      await stand.wallets.hold(holding(100))
      held(await stand.wallets.capture({ account: ANNA, id: 'h1' }))
      stand.clock.nowMs = Date.UTC(2026, 8, 3)
      held(await stand.wallets.refund({ account: ANNA, id: 'h1', refundId: 'r1' }))
      expect(await sums()).toMatchObject({ spendable, expired, spent: 0 })
      if (spendable > 0) expect(stand.moved.at(-1)?.moves[0]?.toMonth).toBe(WALLET_MONTH + 4 + 2)
    }
  })

  test('[W26] what was only put aside keeps its month: no holding over the end of it makes points last longer', async () => {
    const { wallets } = stand
    const endings = {
      void: () => wallets.void({ account: ANNA, id: 'void' }),
      lapse: () => wallets.void({ account: ANNA, id: 'lapse', lapsed: true }),
      rest: () => wallets.capture({ account: ANNA, id: 'rest', points: 40, late: true }),
    }
    await stand.give(ANNA, 300, { month: WALLET_MONTH + 1 })
    await stand.give(ANNA, 30, { month: WALLET_MONTH + 9 })
    for (const id of Object.keys(endings)) held(await wallets.hold(holding(110, { id })))
    stand.clock.nowMs = Date.UTC(2026, 5, 1)
    for (const end of Object.values(endings)) held(await end())
    expect(await sums()).toMatchObject({ spendable: 30, expired: 260, spent: 40, held: 0 })
    expect(await stand.imbalance()).toBe(0)
  })

  test('[W26] who gives back what was spent by a change of mind has the month that it had', async () => {
    await stand.give(ANNA, 100, { month: WALLET_MONTH + 1 })
    held(await stand.wallets.hold(holding(100)))
    held(await stand.wallets.capture({ account: ANNA, id: 'h1' }))
    stand.clock.nowMs = Date.UTC(2026, 5, 1)
    const back = { account: ANNA, id: 'h1', refundId: 'r1', changedMind: true }
    held(await stand.wallets.refund(back))
    expect(await sums()).toMatchObject({ spendable: 0, expired: 100, spent: 0 })
    expect(await stand.imbalance()).toBe(0)
  })

  test('[W11 W26] what a rulebook that changes under a hold says is asked when the points come back', async () => {
    await stand.give(ANNA, 200, { month: WALLET_MONTH + 1 })
    held(await stand.wallets.hold(holding(200)))
    held(await stand.wallets.capture({ account: ANNA, id: 'h1' }))
    for (const [refundGraceMonths, id] of [
      [3, 'r1'],
      [0, 'r2'],
    ] as const) {
      stand = createWalletStand(redis, { wallet: { refundGraceMonths } })
      stand.clock.nowMs = Date.UTC(2026, 5, 1)
      held(await stand.wallets.refund({ account: ANNA, id: 'h1', refundId: id, points: 100 }))
    }
    expect(await sums()).toMatchObject({ spendable: 100, expired: 100, spent: 0 })
    expect(await stand.imbalance()).toBe(0)
  })
})
