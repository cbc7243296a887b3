/** When points expire that are given now, and how short that can be. Free of zod. */

import { DAY_MS } from '../time.ts'
import type { Expiry } from './wallet.ts'

const FIRST_YEAR = 2000
/** Months until the calendar has been through a leap year. */
const MONTHS = 48

/** Start of a month that is counted from January 2000, in days. */
const startOf = (month: number): number =>
  Date.UTC(FIRST_YEAR + Math.floor(month / 12), month % 12, 1) / DAY_MS

/** Whole days that points last which are given on the worst day of all; without end for `never`. */
export function leastDays(expiry: Expiry): number {
  if (expiry.kind === 'never') return Number.POSITIVE_INFINITY
  const lives = Array.from({ length: MONTHS }, (_, month) => {
    // The last day of a month has the least of it left.
    const given = startOf(month + 1) - 1
    return startOf(expiryMonth(expiry, month)) - given - 1
  })
  return Math.min(...lives)
}

/** Month at whose start points given in `month` are gone, counted from January 2000; 0 is never. */
export function expiryMonth(expiry: Expiry, month: number): number {
  switch (expiry.kind) {
    case 'never':
      return 0
    case 'rolling':
      return month + expiry.months + 1
    case 'fixed': {
      const earliest = month + expiry.leastMonths + 1
      return earliest + ((((expiry.month - earliest) % 12) + 12) % 12)
    }
    default:
      return expiry satisfies never
  }
}
