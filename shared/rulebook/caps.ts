/** How large the cap was that a receipt names, for sentences that say so. */

import type { Reason } from '../receipt.ts'
import type { Rulebook } from './schema.ts'

/**
 * Size of the cap behind a reason, in units of the rule, or in points for `daily_points` and `award_cap`;
 * undefined where the reason is no cap. `rule` is the id of the earn rule.
 */
export function capOf(book: Rulebook, rule: string, reason: Reason): number | undefined {
  if (reason === 'daily_points') return book.dailyPoints
  const found = book.earn.find((earn) => earn.id === rule)
  switch (reason) {
    case 'minute_cap':
      return found?.caps.perMinute
    case 'live_cap':
      return found?.caps.perLive
    case 'daily_cap':
      return found?.caps.perDay
    case 'once_only':
      return found?.caps.ever
    case 'award_cap':
      return found?.capPerAward
    default:
      return undefined
  }
}
