/** Days and weeks of the platform: a week begins on Monday. */

import { DAY_MS, dayBounds, dayStartMs, MINUTE_MS } from '../../shared/time.ts'
import { systemClock } from '../kernel/index.ts'

/** 1970-01-01 was a Thursday. */
const MONDAY = 4
const DAYS = 7

/** The week of a day number; both count from 1970. */
export const weekOf = (day: number): number => Math.floor((day + DAYS - MONDAY) / DAYS)

/** The day number of YYYY-MM-DD, or undefined where that is none. */
export function parseDay(text: string): number | undefined {
  const ms = Date.parse(`${text}T00:00:00Z`)
  return Number.isNaN(ms) ? undefined : ms / DAY_MS
}

/** Arguments of scripts that count by day or week; they turn the day themselves, by their own clock. */
export const calendarArgs = {
  day: 'int',
  day_ends_ms: 'int',
  next_day_ends_ms: 'int',
} as const

/** The zone of platforms that name none. */
const ZONE = 'Asia/Shanghai'

/** The calendar a moment ago, so that a clock of ours that is ahead does not begin a day too early. */
export function calendarOf({ nowMs, timeZone = ZONE }: { nowMs?: number; timeZone?: string }) {
  const { day, endsAtMs, nextEndsAtMs } = dayBounds(
    nowMs ?? systemClock.now() - MINUTE_MS,
    timeZone,
  )
  return { day, day_ends_ms: endsAtMs, next_day_ends_ms: nextEndsAtMs }
}

/** When the week around an instant ends. */
export function weekEndsAt(atMs: number, timeZone: string): number {
  const week = weekOf(dayBounds(atMs, timeZone).day)
  return dayStartMs((week + 1) * DAYS + MONDAY - DAYS, timeZone)
}
