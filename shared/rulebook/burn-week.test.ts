/** The borders of the burn week: midnights of the platform's zone, in months of 28 to 31 days, whatever clocks do there. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY_MS, dayBounds, monthBounds, monthStartMs } from '../time.ts'
import { burnWeekAt, runsAt } from './burn-week.ts'
import { WalletPolicy } from './wallet.ts'

/** Also zones that change their clocks at midnight, or stand half an hour beside the others. */
const ZONES = [
  'Asia/Shanghai',
  'UTC',
  'America/New_York',
  'America/Havana',
  'America/Sao_Paulo',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Kiritimati',
]
const policy = (days: number, expiry: object = { kind: 'rolling', months: 12 }) =>
  WalletPolicy.parse({ expiry, burnWeek: { days } })

const week = (of: Parameters<typeof burnWeekAt>[0], atMs: number, zone: string) => {
  const found = burnWeekAt(of, atMs, zone)
  if (!found) throw new Error('there is a burn week')
  return found
}

describe('the borders of the burn week', () => {
  test('[003-38] it is the last days of a month, from midnight to the millisecond before the next', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2001, 0), max: Date.UTC(2045, 0) }),
        fc.integer({ min: 1, max: 14 }),
        fc.constantFrom(...ZONES),
        (atMs, days, zone) => {
          const found = week(policy(days), atMs, zone)
          const { opensAtMs, closesAtMs, month } = found
          expect(month).toBe(monthBounds(atMs, zone).month + 1)
          expect(closesAtMs).toBe(monthStartMs(month, zone))
          // The days of the calendar, counted by the calendar and not from the formula.
          const first = dayBounds(opensAtMs, zone).day
          expect(dayBounds(opensAtMs - 1, zone).day).toBe(first - 1)
          expect(dayBounds(closesAtMs, zone).day).toBe(first + days)
          expect(new Date(dayBounds(closesAtMs, zone).day * DAY_MS).getUTCDate()).toBe(1)
          expect(dayBounds(closesAtMs - 1, zone).day).toBe(first + days - 1)
          expect(runsAt(found, opensAtMs)).toBe(true)
          expect(runsAt(found, opensAtMs - 1)).toBe(false)
          expect(runsAt(found, closesAtMs - 1)).toBe(true)
          expect(runsAt(found, closesAtMs)).toBe(false)
          // Asked at any of its moments it is the same week, and the next one begins after it.
          expect(week(policy(days), opensAtMs, zone)).toEqual(found)
          expect(week(policy(days), closesAtMs - 1, zone)).toEqual(found)
          expect(week(policy(days), closesAtMs, zone).opensAtMs).toBeGreaterThan(closesAtMs)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('[003-38] where points expire once a year it comes once a year', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2001, 0), max: Date.UTC(2045, 0) }),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom(...ZONES),
        (atMs, endsWith, zone) => {
          const of = policy(7, { kind: 'fixed', month: endsWith, leastMonths: 6 })
          const { month, closesAtMs } = week(of, atMs, zone)
          expect(new Date(dayBounds(closesAtMs - 1, zone).day * DAY_MS).getUTCMonth() + 1).toBe(
            endsWith,
          )
          const now = monthBounds(atMs, zone).month
          expect(month).toBeGreaterThan(now)
          expect(month).toBeLessThanOrEqual(now + 12)
          expect(week(of, closesAtMs, zone).month).toBe(month + 12)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('there is none where points do not expire, or the rulebook does not have it', () => {
    expect(burnWeekAt(policy(7, { kind: 'never' }), 0, 'UTC')).toBeUndefined()
    expect(burnWeekAt(WalletPolicy.parse({}), 0, 'UTC')).toBeUndefined()
  })

  test.each([
    ['2026-02-22', '2026-03-01', '2026-02-10'],
    ['2028-02-23', '2028-03-01', '2028-02-29'],
    ['2026-11-24', '2026-12-01', '2026-11-30'],
    ['2026-12-25', '2027-01-01', '2026-12-31'],
  ])('[003-38] seven days in Shanghai: from %s to %s', (opens, closes, asked) => {
    const found = week(policy(7), Date.parse(`${asked}T12:00:00+08:00`), 'Asia/Shanghai')
    expect(found.opensAtMs).toBe(Date.parse(`${opens}T00:00:00+08:00`))
    expect(found.closesAtMs).toBe(Date.parse(`${closes}T00:00:00+08:00`))
  })
})
