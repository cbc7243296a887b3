import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatAccount, parseAccount } from '../../shared/ids.ts'
import { monthBounds } from '../../shared/time.ts'
import { must, systemClock } from '../kernel/index.ts'
import { loadScripts, type Store } from '../redis/index.ts'
import { Died, dyingAt } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { expire } from './expire.ts'
import { Gifts } from './gifts.ts'
import { listOverdue } from './overdue.ts'
import { createWalletStand, WALLET_MONTH } from './testing.ts'
import { type Lot, WalletModel } from './wallet.model.ts'

let redis: Store
useRedis(async (server) => {
  redis = await server.connect()
  // A script that Redis does not know yet is two calls, and the deaths below are counted in calls.
  await loadScripts(redis)
})

const ANNA = 7
const BEN = 9
const HOUR = 3_600_000
const seed = Number(process.env.FANFARE_SEED ?? Date.now() % 1_000_000)

/** A brand has the numbers 1, its rooms 4 and 2, and 3 is the host of both. */
const SPOTS = {
  anywhere: { at: 1, issuers: [] },
  shop: { at: 1 },
  kitchen: { at: 1, local: [4, 3] },
  garden: { at: 1, local: [2, 3] },
} as const
const poolOf = (where: keyof typeof SPOTS): readonly number[] => {
  const spot = SPOTS[where]
  return 'issuers' in spot ? [] : 'local' in spot ? [...spot.local, spot.at] : [spot.at]
}

type Step =
  | { do: 'spread'; points: number }
  | { do: 'renew'; points: number; where: Exclude<keyof typeof SPOTS, 'anywhere'> }
  | { do: 'month'; ms: number }
  | { do: 'give'; issuer: number; months: number; points: number }
  | { do: 'promise'; id: number; points: number }
  | { do: 'hold'; id: number; points: number; hours: number; where: keyof typeof SPOTS }
  | { do: 'capture'; id: number; part: number }
  | { do: 'void'; id: number }
  | { do: 'refund'; id: number; part: number; no: number }
  | { do: 'take'; points: number; no: number }
  | { do: 'freeze'; on: boolean }
  | { do: 'expire' }
  | { do: 'pass'; hours: number }

const id = fc.nat(7)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('give' as const),
      issuer: fc.integer({ min: 1, max: 4 }),
      months: fc.constantFrom(0, 1, 2, 3, 9),
      points: fc.integer({ min: 1, max: 500 }),
    }),
  },
  // As many lots as there can be, and more.
  fc.record({ do: fc.constant('spread' as const), points: fc.integer({ min: 1, max: 9 }) }),
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('renew' as const),
      points: fc.integer({ min: 1, max: 600 }),
      where: fc.constantFrom('shop', 'kitchen', 'garden'),
    }),
  },
  // The last moment of a month, the first of the next, and one after it.
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('month' as const), ms: fc.constantFrom(-1, 0, 1) }),
  },
  fc.record({ do: fc.constant('promise' as const), id, points: fc.integer({ min: 1, max: 100 }) }),
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      id,
      points: fc.integer({ min: 1, max: 600 }),
      hours: fc.constantFrom(1, 48, 2000),
      where: fc.constantFrom('anywhere', 'shop', 'kitchen', 'garden'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('capture' as const),
      id,
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  fc.record({ do: fc.constant('void' as const), id }),
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('refund' as const),
      id,
      part: fc.double({ min: 0, max: 1, noNaN: true }),
      no: fc.nat(3),
    }),
  },
  fc.record({
    do: fc.constant('take' as const),
    points: fc.integer({ min: 1, max: 300 }),
    no: fc.nat(3),
  }),
  fc.record({ do: fc.constant('freeze' as const), on: fc.boolean() }),
  fc.record({ do: fc.constant('expire' as const) }),
  fc.record({ do: fc.constant('pass' as const), hours: fc.constantFrom(1, 2, 200, 800) }),
)

/** Points that are put aside for longer than they last, and come back at least in part. */
const outlived = fc
  .record({ id, points: fc.integer({ min: 1, max: 500 }), part: fc.constantFrom(0, 0.5) })
  .map(({ id, points, part }): Step[] => [
    { do: 'give', issuer: 1, months: 1, points },
    { do: 'hold', id, points, hours: 2000, where: 'shop' },
    { do: 'month', ms: 0 },
    part === 0 ? { do: 'void', id } : { do: 'capture', id, part },
  ])
const history = fc
  .array(
    fc.oneof(
      { weight: 12, arbitrary: step.map((one) => [one]) },
      { weight: 1, arbitrary: outlived },
    ),
    { maxLength: 40, size: 'max' },
  )
  .map((parts) => parts.flat())

/** Histories that came to it, of all. */
const reached = { lapsed: 0, renewedAtEnd: 0, merged: 0 }

test('[W21 W7] any history of operations leaves what the rules say, in every bucket, and balances', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.constantFrom(0, 1), async (steps, grace) => {
      await redis.flushall()
      const stand = createWalletStand(redis, {
        wallet: {
          refundGraceMonths: grace,
          renewal: 'spend',
          expiry: { kind: 'rolling', months: 12 },
        },
      })
      const { wallets, clock, book } = stand
      const model = new WalletModel(grace)
      const done = new Set<string>()
      const month = () => monthBounds(clock.nowMs, book.timeZone).month
      async function lotsNow(): Promise<Lot[]> {
        const { wallet } = await wallets.readRecord(ANNA)
        return wallet.lots.map(({ bucket, issuer, month, points }) => ({
          ...{ place: bucket, issuer, points },
          month: month || Number.POSITIVE_INFINITY,
        }))
      }
      const once = (name: string) => !done.has(name) && Boolean(done.add(name))

      for (const [i, s] of steps.entries()) {
        switch (s.do) {
          case 'give': {
            const until = s.months === 0 ? 0 : month() + s.months
            await stand.give(ANNA, s.points, { id: `give-${i}`, issuer: s.issuer, month: until })
            model.give(s.issuer, until === 0 ? Number.POSITIVE_INFINITY : until, s.points)
            break
          }
          case 'spread': {
            const lots = []
            for (let ahead = 1; ahead <= 9; ahead++)
              for (let issuer = 1; issuer <= 4; issuer++)
                lots.push({ issuer, points: s.points, month: month() + ahead })
            for (const [part, some] of [lots.slice(0, 18), lots.slice(18)].entries()) {
              const of = { account: ANNA, id: `spread-${i}-${part}`, cause: 'adjusted' as const }
              expect((await wallets.issue({ ...of, lots: some })).ok).toBe(true)
              for (const lot of some) model.give(lot.issuer, lot.month, lot.points)
              model.merge(await lotsNow())
            }
            break
          }
          case 'renew': {
            const { points, where } = s
            const renewing = { account: ANNA, id: `renew-${i}`, points, ...SPOTS[where] }
            expect((await wallets.renew(renewing)).ok).toBe(true)
            expect((await wallets.renew(renewing)).ok).toBe(true)
            model.renew(points, { month: month(), lastsMonths: 12, pool: poolOf(where) })
            break
          }
          case 'month':
            clock.nowMs = monthBounds(clock.nowMs, book.timeZone).endsAtMs + s.ms
            break
          case 'promise': {
            if (!once(`hold ${s.id}`)) break
            const lots = [{ issuer: 1, points: s.points, month: 0 }]
            const pendingMs = 100 * HOUR
            const answer = await wallets.issue({
              account: ANNA,
              id: `h${s.id}`,
              cause: 'adjusted',
              lots,
              pendingMs,
            })
            expect(answer.ok).toBe(true)
            model.promise(`h${s.id}`, s.points, clock.nowMs + pendingMs)
            break
          }
          case 'hold': {
            if (done.has(`hold ${s.id}`)) break
            const answer = await wallets.hold({
              account: ANNA,
              id: `h${s.id}`,
              points: s.points,
              forMs: s.hours * HOUR,
              use: 'checkout',
              ...SPOTS[s.where],
            })
            const expected = model.hold(`h${s.id}`, s.points, {
              month: month(),
              untilMs: clock.nowMs + s.hours * HOUR,
              pool: poolOf(s.where),
            })
            expect(answer).toMatchObject(expected)
            if (answer.ok) done.add(`hold ${s.id}`)
            break
          }
          case 'capture': {
            const known = await wallets.readHold({ account: ANNA, id: `h${s.id}` })
            const points = Math.max(1, Math.floor((known?.points ?? 1) * s.part))
            const op = `capture-${i}`
            const answer = await wallets.capture({ account: ANNA, id: `h${s.id}`, points, op })
            const now = { month: month(), ms: clock.nowMs }
            expect(answer.ok).toBe(model.capture(`h${s.id}`, points, now))
            if (answer.ok)
              expect(
                await wallets.capture({ account: ANNA, id: `h${s.id}`, points, op }),
              ).toMatchObject({ dup: true })
            break
          }
          case 'void': {
            const answer = await wallets.void({ account: ANNA, id: `h${s.id}`, op: `void-${i}` })
            expect(answer.ok).toBe(model.void(`h${s.id}`, month()))
            break
          }
          case 'refund': {
            const known = await wallets.readHold({ account: ANNA, id: `h${s.id}` })
            const points = Math.max(1, Math.floor((known?.captured ?? 1) * s.part))
            const refund = { account: ANNA, id: `h${s.id}`, refundId: `refund-${i}`, points }
            expect((await wallets.refund(refund)).ok).toBe(
              model.refund(`h${s.id}`, points, month()),
            )
            break
          }
          case 'take': {
            const take = { account: ANNA, id: `take-${i}`, points: s.points, partial: true }
            await wallets.take(take)
            expect(await wallets.take(take)).toMatchObject({ ok: true, dup: true })
            model.take(s.points)
            break
          }
          case 'freeze':
            await wallets.freeze({ account: ANNA, id: `freeze-${i}`, freeze: s.on, by: 'ops' })
            model.freeze(s.on, month())
            break
          case 'expire': {
            const slot = stand.places.slotOf(ANNA)
            const of = {
              slot,
              timeZone: book.timeZone,
              journalMax: 1e6,
              aroundMs: clock.nowMs,
              nowMs: clock.nowMs,
            }
            await expire(redis, of, [ANNA])
            model.expire(month())
            break
          }
          case 'pass':
            clock.nowMs += s.hours * HOUR
            break
          default:
            s satisfies never
        }
        model.merge(await lotsNow())
        const totals = await stand.totals()
        for (const place of [
          'spendable',
          'held',
          'frozen',
          'pending',
          'spent',
          'expired',
          'revoked',
        ] as const)
          expect(totals[place], `${place} after step ${i}`).toBe(model.sum(place))
        expect(await stand.imbalance()).toBe(0)
        // [W7] Whatever was done to them, points stay whose they were.
        const { wallet } = await wallets.readRecord(ANNA)
        const owed = new Map<number, number>()
        for (const { bucket, issuer, points } of wallet.lots)
          if (bucket === 'spendable') owed.set(issuer, (owed.get(issuer) ?? 0) + points)
        expect(owed, `issuers after step ${i}`).toEqual(model.owed())
      }
      expect(WALLET_MONTH).toBeLessThanOrEqual(month())
      for (const what of ['lapsed', 'renewedAtEnd', 'merged'] as const)
        if (model.reached[what] > 0) reached[what]++
    }),
    { seed, numRuns: 120 },
  )
  // What a generator of histories does not reach it does not show.
  for (const [what, histories] of Object.entries(reached))
    expect(histories, `${what}, ${JSON.stringify(reached)}`).toBeGreaterThan(3)
})

const gift = fc.record({
  forth: fc.boolean(),
  points: fc.integer({ min: 1, max: 400 }),
  /** Script at which the process dies, if it does. */
  dies: fc.option(fc.record({ at: fc.nat(7), seen: fc.boolean() }), { nil: undefined }),
  repeats: fc.boolean(),
  sweeps: fc.boolean(),
})

test('[W22 seeds 700007 800004] a gift that was given up for want of points stays so when it is repeated', async () => {
  await redis.flushall()
  const transfer = {
    kind: 'allowWithin' as const,
    dailyCap: 5000,
    perPairCap: 5000,
    minTier: 0,
    minAccountAgeDays: 0,
    feeBps: 1000,
    coolOffHours: 0,
  }
  const stand = createWalletStand(redis, { wallet: { transfer } })
  const giftsOn = (store: Store) =>
    new Gifts({
      store,
      partitions: stand.places,
      rulebook: () => ({ version: 1, publishedAtMs: 0, by: 'test', book: stand.book }),
      clock: systemClock,
      wallets: stand.walletsOn(store),
      nowMs: () => stand.clock.nowMs,
    })
  await stand.give(ANNA, 236)
  // 215 and a fee of 22 are one point too many; with the fee given back 215 would fit.
  const gift = { id: 'g', from: ANNA, to: BEN, points: 215, at: 1, by: '', rung: 0, ageDays: 0 }
  await expect(giftsOn(dyingAt(redis, 5, false)).give(gift)).rejects.toThrow(Died)
  expect(await giftsOn(redis).give(gift)).toMatchObject({ code: 'hold_closed' })
  expect(await stand.totals()).toMatchObject({ spendable: 236, held: 0, transferredIn: 0 })
})

test('[W22] a gift happens wholly or not at all, whatever dies between any two of its steps', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(gift, { maxLength: 8 }),
      fc.constantFrom(0, 1000),
      async (gifts, feeBps) => {
        await redis.flushall()
        const stand = createWalletStand(redis, {
          partitions: 2,
          wallet: {
            transfer: {
              kind: 'allowWithin',
              dailyCap: 5000,
              perPairCap: 5000,
              minTier: 0,
              minAccountAgeDays: 0,
              feeBps,
              coolOffHours: 0,
            },
          },
        })
        const giftsOn = (store: Store) =>
          new Gifts({
            store,
            partitions: stand.places,
            rulebook: () => ({ version: 1, publishedAtMs: 0, by: 'test', book: stand.book }),
            clock: systemClock,
            wallets: stand.walletsOn(store),
            nowMs: () => stand.clock.nowMs,
          })
        const whole = giftsOn(redis)
        await stand.give(ANNA, 1000, { month: WALLET_MONTH + 5 })
        await stand.give(BEN, 1000, { issuer: 2 })

        /** What the worker does with holds whose deadline has passed. */
        async function sweep(): Promise<void> {
          stand.clock.nowMs += 31_000
          for (const slot of stand.places.slots) {
            const of = { untilMs: stand.clock.nowMs, from: 0, limit: 100 }
            for (const { account: text, id: hold } of await listOverdue(redis, slot, of)) {
              const account = must(parseAccount(text), 'an account')
              const open = must(await stand.wallets.readHold({ account, id: hold }), 'a hold')
              const ended =
                open.use === 'transfer'
                  ? await whole.finish({ ...open, account })
                  : await stand.wallets.void({ account, id: hold, lapsed: true })
              expect(ended.ok).toBe(true)
            }
          }
        }

        const expected: Record<number, number> = { [ANNA]: 1000, [BEN]: 1000 }
        for (const [i, { forth, points, dies, repeats, sweeps }] of gifts.entries()) {
          const [from, to] = forth ? [ANNA, BEN] : [BEN, ANNA]
          const wanted = { id: `gift-${i}`, from, to, points, at: 1, by: '', rung: 0, ageDays: 0 }
          // Brands are one pool here: what one got from the other can be given back.
          let given: boolean | undefined
          try {
            const by = dies ? giftsOn(dyingAt(redis, dies.at + 1, dies.seen)) : whole
            given = (await by.give({ ...wanted, at: from === ANNA ? 1 : 2 })).ok
          } catch {
            given = undefined
          }
          if (given === undefined && repeats)
            given = (await whole.give({ ...wanted, at: from === ANNA ? 1 : 2 })).ok
          if (sweeps || given === undefined) {
            await sweep()
            await sweep()
          }
          const hold = await stand.wallets.readHold({ account: from, id: wanted.id })
          const happened = hold?.state === 'captured'
          if (given !== undefined) expect(happened).toBe(given)
          if (!happened) continue
          expected[to] = must(expected[to], 'a balance') + points
          expected[from] =
            must(expected[from], 'a balance') - points - Math.ceil((points * feeBps) / 10_000)
        }
        await sweep()
        await sweep()
        const totals = await stand.totals()
        expect(totals.held).toBe(0)
        expect(totals.transferredIn).toBe(totals.transferredOut)
        expect(await stand.imbalance()).toBe(0)
        for (const account of [ANNA, BEN]) {
          const { wallet } = await stand.wallets.readRecord(account)
          const points = wallet.lots.reduce((sum, lot) => sum + lot.points, 0)
          expect(points, formatAccount(account)).toBe(expected[account])
        }
      },
    ),
    { seed, numRuns: 100 },
  )
})
