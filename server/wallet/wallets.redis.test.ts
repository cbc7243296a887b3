import { beforeEach, describe, expect, test } from 'vitest'
import { changeOf } from '../../shared/ledger.ts'
import { MAX_POINTS } from '../../shared/points.ts'
import { DAY_MS } from '../../shared/time.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { readNotes } from './notes.ts'
import { ANNA, createWalletStand, held, holding, WALLET_MONTH } from './testing.ts'

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

describe('freezing', () => {
  test('[W12 002-43] a frozen account spends nothing and loses nothing; the reason is kept', async () => {
    await stand.give(ANNA, 300)
    const frozen = { account: ANNA, id: 'f1', freeze: true, by: 'ops', note: 'looks like a bot' }
    expect(await stand.wallets.freeze(frozen)).toMatchObject({
      ok: true,
      entry: { cause: 'frozen', by: 'ops' },
    })
    expect(await stand.wallets.freeze({ ...frozen, id: 'f2' })).toMatchObject({
      ok: true,
      dup: true,
    })
    expect(await sums()).toMatchObject({ spendable: 0, frozen: 300 })
    expect(await stand.wallets.hold(holding(100))).toMatchObject({ code: 'account_frozen' })
    expect(
      (
        await readNotes(redis, { slot: stand.places.slotOf(ANNA), account: ANNA }, [{ ref: 'f1' }])
      ).get('f1'),
    ).toBe('looks like a bot')
    await stand.give(ANNA, 50, { id: 'late' })
    expect(await sums()).toMatchObject({ spendable: 0, frozen: 350 })
    held(await stand.wallets.freeze({ account: ANNA, id: 'f3', freeze: false, by: 'ops' }))
    expect(await sums()).toMatchObject({ spendable: 350, frozen: 0 })
    expect(await stand.imbalance()).toBe(0)
  })

  test('[W13] a hold from before may be captured; what comes back to a frozen account is frozen', async () => {
    await stand.give(ANNA, 300)
    await stand.wallets.hold(holding(200))
    await stand.wallets.freeze({ account: ANNA, id: 'f1', freeze: true, by: 'ops' })
    held(await stand.wallets.capture({ account: ANNA, id: 'h1', points: 150 }))
    expect(await sums()).toMatchObject({ spendable: 0, frozen: 150, spent: 150, held: 0 })
  })
})

describe('what comes back to a frozen account where there is no grace', () => {
  test('[W13] waits with the month it had, also where that has begun; what becomes of it is decided when it is let go on', async () => {
    stand = createWalletStand(redis, { wallet: { refundGraceMonths: 0 } })
    const { wallets, clock } = stand
    await stand.give(ANNA, 300, { month: WALLET_MONTH + 1 })
    for (const id of ['h1', 'h2']) held(await wallets.hold(holding(100, { id })))
    held(await wallets.capture({ account: ANNA, id: 'h1' }))
    held(await wallets.freeze({ account: ANNA, id: 'f1', freeze: true, by: 'ops' }))
    clock.nowMs += 45 * DAY_MS
    held(await wallets.refund({ account: ANNA, id: 'h1', refundId: 'back' }))
    held(await wallets.void({ account: ANNA, id: 'h2', lapsed: true }))
    expect(await sums()).toMatchObject({ frozen: 300, expired: 0, held: 0, spent: 0 })
    // The operator gives grace before the account goes on.
    stand = createWalletStand(redis, { wallet: { refundGraceMonths: 2 } })
    stand.clock.nowMs = clock.nowMs
    held(await stand.wallets.freeze({ account: ANNA, id: 'f2', freeze: false, by: 'ops' }))
    expect(await sums()).toMatchObject({ frozen: 0, spendable: 300, expired: 0 })
    expect(await stand.imbalance()).toBe(0)
  })
})

describe('lots', () => {
  test('[W25] more issuers than a record can count are not written: what was there stays', async () => {
    const of = (from: number, count: number) =>
      stand.wallets.issue({
        account: ANNA,
        id: `issuers-${from}`,
        cause: 'adjusted',
        lots: Array.from({ length: count }, (_, i) => ({ issuer: from + i, points: 1, month: 0 })),
      })
    held(await of(1, 200))
    await expect(of(201, 100)).rejects.toThrow('more lots than its record can count')
    held(await of(301, 55))
    expect((await stand.wallets.readRecord(ANNA)).wallet.lots).toHaveLength(255)
    expect(await sums()).toMatchObject({ spendable: 255 })
    expect(await stand.imbalance()).toBe(0)
  })
})

describe('bounds', () => {
  test('[W25] an account takes in points up to the largest amount, to the point; what would pass it is not written', async () => {
    await stand.give(ANNA, MAX_POINTS - 1)
    const all = { points: MAX_POINTS - 1 }
    held(await stand.wallets.hold(holding(all.points)))
    held(await stand.wallets.capture({ account: ANNA, id: 'h1' }))
    await expect(stand.give(ANNA, 2)).rejects.toThrow('more points than its record can count')
    await stand.give(ANNA, 1)
    held(await stand.wallets.refund({ account: ANNA, id: 'h1', refundId: 'r1', ...all }))
    expect(await sums()).toMatchObject({ spendable: MAX_POINTS, spent: 0 })
    expect((await stand.wallets.readRecord(ANNA)).wallet).toMatchObject({ issued: MAX_POINTS })
    expect(await stand.imbalance()).toBe(0)
  })
})

describe('giving and taking', () => {
  test('[W14] an operator takes what lasts longest first, at most what is there, once per id', async () => {
    await stand.give(ANNA, 100, { month: WALLET_MONTH + 3 })
    await stand.give(ANNA, 100)
    const take = { account: ANNA, id: 't1', points: 150, by: 'ops', note: 'paid twice' }
    const { entry } = held(await stand.wallets.take(take))
    expect(entry.moves.map(({ month, points }) => [month, points])).toEqual([
      [0, 100],
      [WALLET_MONTH + 3, 50],
    ])
    expect(await stand.wallets.take(take)).toMatchObject({ ok: true, dup: true })
    expect(await stand.wallets.take({ ...take, id: 't2' })).toMatchObject({
      code: 'points_short',
      have: 50,
    })
    const part = held(await stand.wallets.take({ ...take, id: 't3', partial: true }))
    expect(changeOf(part.entry, 'spendable')).toBe(-50)
    expect(await sums()).toMatchObject({ spendable: 0, revoked: 200 })
  })

  test('[W15] pending points are seen and cannot be spent until they are due; dropped, they are gone', async () => {
    const promise = (id: string) =>
      stand.wallets.issue({
        account: ANNA,
        id,
        cause: 'adjusted',
        lots: [{ issuer: 1, points: 50 }],
        pendingMs: 1000,
        subject: 'invite',
      })
    held(await promise('i1'))
    held(await promise('i2'))
    expect(await sums()).toMatchObject({ pending: 100, spendable: 0 })
    expect(await stand.wallets.hold(holding(1))).toMatchObject({ code: 'points_short', have: 0 })
    held(await stand.wallets.capture({ account: ANNA, id: 'i1' }))
    expect(stand.moved.at(-1)).toMatchObject({ cause: 'due', subject: 'invite' })
    // What became due was not spent, so it cannot come back.
    const back = await stand.wallets.refund({ account: ANNA, id: 'i1', refundId: 'r1' })
    expect(back).toMatchObject({ code: 'hold_closed' })
    held(await stand.wallets.void({ account: ANNA, id: 'i2' }))
    expect(await sums()).toMatchObject({ pending: 0, spendable: 50, revoked: 50 })
    expect(await stand.imbalance()).toBe(0)
  })

  test('[W12 W15] what is due while the account is frozen waits with it, also where its month has begun', async () => {
    const { wallets, clock } = stand
    const promise = { account: ANNA, id: 'p1' }
    held(
      await wallets.issue({
        ...promise,
        lots: [{ issuer: 1, points: 100, month: WALLET_MONTH + 1 }],
        cause: 'prize',
        pendingMs: 90 * DAY_MS,
      }),
    )
    held(await wallets.freeze({ account: ANNA, id: 'f1', freeze: true, by: 'op', note: 'odd' }))
    clock.nowMs += 45 * DAY_MS
    held(await wallets.capture(promise))
    expect(await sums()).toMatchObject({ pending: 0, frozen: 100, expired: 0 })
    held(await wallets.freeze({ account: ANNA, id: 'f2', freeze: false, by: 'op', note: 'fine' }))
    // With the grace of the rulebook, as everything that a freeze kept from being used.
    expect(await sums()).toMatchObject({ frozen: 0, spendable: 100, expired: 0 })
  })

  test('[W16 003-32] spending renews what would expire first, where the rulebook says so', async () => {
    stand = createWalletStand(redis, {
      wallet: { renewal: 'spend', expiry: { kind: 'rolling', months: 12 } },
    })
    await stand.give(ANNA, 100, { month: WALLET_MONTH + 2 })
    await stand.give(ANNA, 100, { month: WALLET_MONTH + 5 })
    await stand.give(ANNA, 100, { month: WALLET_MONTH + 1, issuer: 2 })
    const renewing = { account: ANNA, id: 'order-9', points: 130, at: 1 }
    const { entry } = held(await stand.wallets.renew(renewing))
    expect(entry?.moves.map(({ month, toMonth, points }) => [month, toMonth, points])).toEqual([
      [WALLET_MONTH + 2, WALLET_MONTH + 13, 100],
      [WALLET_MONTH + 5, WALLET_MONTH + 13, 30],
    ])
    expect(await stand.wallets.renew(renewing)).toMatchObject({ ok: true, dup: true })
    expect(await sums()).toMatchObject({ spendable: 300 })
  })

  test('[W16] who is frozen and pays all the same has the points renewed that were frozen, but no session points', async () => {
    stand = createWalletStand(redis, {
      wallet: { renewal: 'spend', expiry: { kind: 'rolling', months: 12 } },
    })
    await stand.give(ANNA, 100, { month: WALLET_MONTH + 2 })
    held(await stand.wallets.freeze({ account: ANNA, id: 'f1', freeze: true, by: 'ops' }))
    const renewing = { account: ANNA, id: 'order-9', points: 130, at: 1, subject: 'SO-9' }
    const { entry } = held(await stand.wallets.renew(renewing))
    expect(entry?.moves).toMatchObject([{ from: 'frozen', to: 'frozen', points: 100 }])
    held(await stand.wallets.freeze({ account: ANNA, id: 'f2', freeze: false, by: 'ops' }))
    expect((await stand.wallets.readRecord(ANNA)).wallet.lots).toMatchObject([
      { bucket: 'spendable', month: WALLET_MONTH + 13, points: 100 },
    ])
    expect(await stand.imbalance()).toBe(0)
  })

  test('[W16] the id of a purchase is of its points', async () => {
    stand = createWalletStand(redis, {
      wallet: { renewal: 'spend', expiry: { kind: 'rolling', months: 12 } },
    })
    await stand.give(ANNA, 100, { month: WALLET_MONTH + 2 })
    const renewing = { account: ANNA, id: 'order-9', points: 10, at: 1, subject: 'SO-9' }
    const { entry } = held(await stand.wallets.renew(renewing))
    expect(await stand.wallets.renew({ ...renewing, points: 11 })).toMatchObject({
      code: 'id_conflict',
    })
    expect(await stand.wallets.renew(renewing)).toMatchObject({ dup: true, entry })
  })

  test('[W16] what another brand owes is not renewed by money it never saw', async () => {
    stand = createWalletStand(redis, {
      wallet: { renewal: 'spend', expiry: { kind: 'rolling', months: 12 } },
    })
    await stand.give(ANNA, 100, { month: WALLET_MONTH + 2, issuer: 2 })
    expect(await stand.wallets.renew({ account: ANNA, id: 'o1', points: 50, at: 1 })).toEqual({
      ok: true,
    })
    const { entry } = held(
      await stand.wallets.renew({ account: ANNA, id: 'o2', points: 50, at: 2 }),
    )
    expect(entry?.moves).toMatchObject([{ month: WALLET_MONTH + 2, points: 50 }])
  })
})
