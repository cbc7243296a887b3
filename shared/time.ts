/** Days and minutes as rules see them. Pure: every function is given the time. */

export const SECOND_MS = 1000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

export interface DayBounds {
  /** Days since 1970-01-01 in the zone's own calendar. */
  day: number
  /** When the next day begins. */
  endsAtMs: number
  /** When the day after the next begins: a batch formed before midnight may be scored after it. */
  nextEndsAtMs: number
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Milliseconds the zone's wall clock is ahead of UTC at that instant. Throws RangeError for an unknown zone. */
function offsetMs(atMs: number, timeZone: string): number {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(timeZone, format)
  }
  const part: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(atMs)) part[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(atMs / 1000) * 1000
}

const dayAt = (atMs: number, timeZone: string): number =>
  Math.floor((atMs + offsetMs(atMs, timeZone)) / DAY_MS)

/**
 * The instant at which the day of that number begins in the zone. Clocks that are changed at midnight may skip it or
 * show it twice; the day begins when it is first shown.
 */
export function dayStartMs(day: number, timeZone: string): number {
  const wall = day * DAY_MS
  const before = wall - offsetMs(wall - DAY_MS, timeZone)
  const after = wall - offsetMs(wall + DAY_MS, timeZone)
  const first = Math.min(before, after)
  return before === after || dayAt(first, timeZone) >= day ? first : Math.max(before, after)
}

/**
 * The instant at which the zone's clock shows so many minutes after midnight of that day. A time that is skipped is as
 * much later; of one that is shown twice the first counts.
 */
export function wallClockMs(day: number, minutes: number, timeZone: string): number {
  const wall = day * DAY_MS + minutes * MINUTE_MS
  const before = wall - offsetMs(wall - DAY_MS, timeZone)
  const after = wall - offsetMs(wall + DAY_MS, timeZone)
  const shown = [before, after].find((atMs) => atMs + offsetMs(atMs, timeZone) === wall)
  return shown ?? Math.max(before, after)
}

/** `2026-11-30` of a day number, which counts from 1970. */
export const dayText = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10)

/** Of a day as `dayBounds` counts them: 1 is Monday, 7 is Sunday. */
export const weekdayOf = (day: number): number => ((day + 3) % 7) + 1

/** The last answer of each zone. It holds for its minute: neither days nor offsets change within one. */
const days = new Map<string, { minute: number; bounds: DayBounds }>()
const ZONES_MAX = 1000

/** The calendar day around an instant, in an IANA zone; daylight saving makes days of 23 or 25 hours. */
export function dayBounds(atMs: number, timeZone: string): DayBounds {
  const minute = Math.floor(atMs / MINUTE_MS)
  const known = days.get(timeZone)
  if (known?.minute === minute) return known.bounds
  const bounds = findDay(atMs, timeZone)
  if (days.size >= ZONES_MAX) days.clear()
  days.set(timeZone, { minute, bounds })
  return bounds
}

function findDay(atMs: number, timeZone: string): DayBounds {
  const day = dayAt(atMs, timeZone)
  return {
    day,
    endsAtMs: dayStartMs(day + 1, timeZone),
    nextEndsAtMs: dayStartMs(day + 2, timeZone),
  }
}

export function isTimeZone(zone: string): boolean {
  try {
    offsetMs(0, zone)
    return true
  } catch {
    return false
  }
}

export interface MonthBounds {
  /** Months since January 2000 in the zone's own calendar. */
  month: number
  /** When the next month begins. */
  endsAtMs: number
}

const monthOf = (wall: Date): number => (wall.getUTCFullYear() - 2000) * 12 + wall.getUTCMonth()

/** When the month begins in the zone. */
export const monthStartMs = (month: number, timeZone: string): number =>
  dayStartMs(Date.UTC(2000, month) / DAY_MS, timeZone)

/** The calendar month around an instant, in an IANA zone. */
export function monthBounds(atMs: number, timeZone: string): MonthBounds {
  const month = monthOf(new Date(atMs + offsetMs(atMs, timeZone)))
  return { month, endsAtMs: monthStartMs(month + 1, timeZone) }
}
