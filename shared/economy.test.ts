import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type EconomyDay,
  figuresOf,
  heldOn,
  inflationOf,
  openingOf,
  stockGrowth,
  sumDays,
} from './economy.ts'
import { alarmedOn, levelOf, verdictOf } from './economy-verdict.ts'
import { EconomyPolicy } from './rulebook/economy.ts'

const NOW = { points: 20_000_000, users: 1_000_000 }
const BEFORE = { points: 18_000_000, users: 900_000 }
const policy = EconomyPolicy.parse({})

const day = (no: number, more: Partial<EconomyDay> = {}): EconomyDay => ({
  day: no,
  issued: {},
  spent: {},
  ...{
    refunded: 0,
    expired: 0,
    sessionExpired: 0,
    revoked: 0,
    transferredIn: 0,
    transferredOut: 0,
  },
  stock: { spendable: 0, session: 0, pending: 0, held: 0, frozen: 0 },
  ...{ accounts: 0, used: 0, members: 0, active: 0, orders: 0, salesFen: [], refundedFen: 0 },
  ...{ redemptions: 0, lives: 0, liveShares: 0 },
  ...more,
})
const withStock = (no: number, { points, users }: typeof NOW, more: Partial<EconomyDay> = {}) =>
  day(no, {
    stock: { spendable: points, session: 0, pending: 0, held: 0, frozen: 0 },
    accounts: users,
    ...more,
  })
const judge = (last: EconomyDay, earlier: EconomyDay[], of: Partial<EconomyPolicy> = {}) =>
  verdictOf(last, earlier, { policy: { ...policy, ...of }, pointValueFen: 1, auditDay: false })

describe('inflation', () => {
  test("[EC1 003-39 003-40 003-41] the source's example is 11.1 % of stock, 0 % per capita, and grows as fast as the users", () => {
    const { stock, perCapita, stockOverUsers } = inflationOf(NOW, BEFORE)
    expect(stock).toBeCloseTo(0.111, 3)
    expect(perCapita).toBe(0)
    expect(stockOverUsers).toBeCloseTo(1, 10)
  })

  test('[EC1 003-41 003-01] the chosen definition decides: the example warns by stock and is quiet by the others', () => {
    const found = inflationOf(NOW, BEFORE)
    const { inflation } = policy
    expect(levelOf(alarmedOn(found, 'stock'), inflation)).toBe('warn')
    expect(levelOf(alarmedOn(found, 'perCapita'), inflation)).toBe('ok')
    expect(levelOf(alarmedOn(found, 'stockOverUsers'), inflation)).toBe('ok')
  })

  test('[EC2 003-01] 10 % is not yet a warning and 15 % not yet critical; what is above them is', () => {
    const at = (value: number) => levelOf(value, policy.inflation)
    expect([0.1, 0.1001, 0.15, 0.1501].map(at)).toEqual(['ok', 'warn', 'warn', 'critical'])
    expect(levelOf(undefined, policy.inflation)).toBe('ok')
  })

  test('[EC1] while the accounts do not grow, the third definition is alarmed on as the first', () => {
    const found = inflationOf({ points: 130, users: 10 }, { points: 100, users: 10 })
    expect(found.stockOverUsers).toBeUndefined()
    expect(alarmedOn(found, 'stockOverUsers')).toBeCloseTo(0.3, 10)
  })

  test('[EC1] growth over two periods is the product of both, and nothing is known of what began with nothing', () => {
    const held = fc.record({
      points: fc.integer({ min: 1e6, max: 1e9 }),
      users: fc.integer({ min: 1e3, max: 1e6 }),
    })
    fc.assert(
      fc.property(held, held, held, (a, b, c) => {
        for (const of of ['stock', 'perCapita'] as const) {
          const [ab, bc, ac] = [inflationOf(b, a)[of], inflationOf(c, b)[of], inflationOf(c, a)[of]]
          const product = (1 + (ab ?? NaN)) * (1 + (bc ?? NaN))
          expect(product / (1 + (ac ?? NaN))).toBeCloseTo(1, 6)
        }
        expect(inflationOf(a, { points: 0, users: 0 })).toEqual({})
      }),
    )
    expect(stockGrowth(NOW, NOW)).toBe(0)
  })
})

describe('figures', () => {
  const of = { pointValueFen: 1, highRung: 3 }

  test('[EC3 003-26 003-06 002-54 003-37] points spent, given and expired against each other, the stock and the sales', () => {
    const days = [
      day(1, {
        issued: { like: 600, purchase: 400 },
        spent: { redemption: 500, checkout: 400 },
        refunded: 100,
        expired: 100,
        stock: { spendable: 900, session: 50, pending: 20, held: 20, frozen: 10 },
        salesFen: [0, 60_000, 0, 40_000, 25_000],
        refundedFen: 25_000,
      }),
    ]
    expect(openingOf(days[0] ?? day(0))).toBe(900)
    expect(figuresOf(days, of)).toEqual({
      redeemPerIssued: 0.8,
      valueBack: 0.008,
      issuedPerSales: 0.01,
      expiryRate: 100 / 1900,
      redemptionRate: 800 / 1900,
      highTierShare: 65_000 / 125_000,
    })
  })

  test('[EC3 001-35 002-06 002-25 002-33] accounts that use their points, that register, and that redeem in a live', () => {
    const days = [
      day(1, { accounts: 50, used: 20, members: 10, lives: 2, liveShares: 0.9 }),
      day(2, { accounts: 100, used: 67, members: 30, lives: 1, liveShares: 0.3 }),
    ]
    expect(figuresOf(days, of)).toMatchObject({
      usageRate: 0.67,
      memberConversion: 0.3,
      redeemedPerLive: (0.9 + 0.3) / 3,
    })
  })

  test('[EC3] what days come to is the sum of what each comes to, however they are cut', () => {
    const some = fc.nat(1_000_000)
    const one = fc
      .record({ like: some, spent: some, refunded: some, expired: some, sales: some, back: some })
      .map(({ like, spent, refunded, expired, sales, back }) =>
        day(0, {
          issued: { like },
          spent: { draw: spent },
          refunded,
          expired,
          salesFen: [sales],
          refundedFen: back,
        }),
      )
    fc.assert(
      fc.property(fc.array(one), fc.array(one), (a, b) => {
        const [whole, first, second] = [[...a, ...b], a, b].map(sumDays)
        for (const key of ['issued', 'spent', 'expired', 'salesFen'] as const)
          expect(whole?.[key]).toBe((first?.[key] ?? 0) + (second?.[key] ?? 0))
      }),
    )
  })

  test('[EC3] no figure is made up: without sales, points or accounts it is not there', () => {
    expect(figuresOf([day(1)], of)).toEqual({})
    expect(figuresOf([], of)).toEqual({})
  })
})

describe('verdicts', () => {
  test('[EC2 003-41] a day is held against the one so many days before, and against no other', () => {
    const earlier = [
      withStock(69, { points: 1, users: 1 }),
      withStock(70, BEFORE),
      withStock(71, NOW),
    ]
    expect(judge(withStock(100, NOW), earlier)).toMatchObject({
      level: 'warn',
      definition: 'stock',
    })
    expect(judge(withStock(102, NOW), earlier)).toMatchObject({ level: 'ok', inflation: {} })
  })

  test('[EC2 002-54] points worth more than their share of the sales are an alarm of their own', () => {
    const sold = { salesFen: [100_000], issued: { purchase: 3000 } }
    expect(judge(day(5, sold), []).incentives).toBe('ok')
    expect(judge(day(5, { ...sold, issued: { purchase: 3001 } }), []).incentives).toBe('warn')
    // Only the days that inflation looks at.
    expect(judge(day(5, sold), [day(-25, { issued: { like: 1e9 } })]).incentives).toBe('ok')
  })

  test('[EC4 003-36] once a year the stock is audited, and a burn week proposed for what is above the limit', () => {
    const year = [day(-300, { salesFen: [900_000] }), day(-400, { salesFen: [5_000_000] })]
    const last = withStock(0, { points: 25_000, users: 10 }, { salesFen: [100_000] })
    const audit = (of: Partial<EconomyPolicy['audit']> = {}) =>
      verdictOf(last, year, {
        policy: { ...policy, audit: { ...policy.audit, ...of } },
        ...{ pointValueFen: 1, auditDay: true },
      }).audit
    expect(audit()).toEqual({
      ...{ points: 25_000, fen: 25_000, salesFen: 1_000_000, limit: 20_000 },
      burn: { points: 5000, days: 7, factor: 0.5 },
    })
    expect(audit({ maxPoints: 10_000 })?.burn?.points).toBe(15_000)
    expect(audit({ maxShare: 0.025 })?.burn).toBeUndefined()
    expect(judge(last, year).audit).toBeUndefined()
    expect(heldOn(last).points).toBe(25_000)
  })
})
