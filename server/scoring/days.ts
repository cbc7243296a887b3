/** Days of a zone for scripts, which choose between two by their own time. */

import {
  type DayBounds,
  dayBounds,
  HOUR_MS,
  type MonthBounds,
  monthBounds,
} from '../../shared/time.ts'

/** How far a process's clock may be ahead of a shard's. */
const AHEAD_MS = HOUR_MS

/**
 * Two days for a script to choose from by its own time: they begin early, so that a clock which is ahead does not
 * decide when a day is over.
 */
export const daysAround = (aroundMs: number, timeZone: string): DayBounds =>
  dayBounds(aroundMs - AHEAD_MS, timeZone)

/** The month for a script to choose by its own time: where it is over, the next one has begun. */
export const monthAround = (aroundMs: number, timeZone: string): MonthBounds =>
  monthBounds(aroundMs - AHEAD_MS, timeZone)
