/** A day of birth without a year, and when it is. */

import { DAY_MS, dayBounds, dayStartMs } from './time.ts'

export interface Birthday {
  /** 1 to 12. */
  month: number
  /** 1 to 31. */
  day: number
}

/** Days of the longest February. */
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

export const isBirthday = ({ month, day }: Birthday): boolean =>
  Number.isInteger(day) && day >= 1 && day <= (DAYS[month - 1] ?? 0)

const two = (n: number) => String(n).padStart(2, '0')
/** `02-29`, as tickets have it. */
export const birthdayText = ({ month, day }: Birthday): string => `${two(month)}-${two(day)}`

/** Undefined where it is none. */
export function readBirthday(text: string): Birthday | undefined {
  const [, month, day] = /^(\d\d)-(\d\d)$/.exec(text) ?? []
  const read = { month: Number(month), day: Number(day) }
  return isBirthday(read) ? read : undefined
}

/** Number of the day in a year; 29 February is 28 February where there is none. */
function dayIn(year: number, { month, day }: Birthday): number {
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return Date.UTC(year, month - 1, Math.min(day, last)) / DAY_MS
}

export interface BirthdayAt {
  /** In which it was last, today included. */
  year: number
  /** Whole days since then; 0 is today. */
  daysAgo: number
}

/** When it was last, by the calendar of the zone. */
export function lastBirthday(birthday: Birthday, atMs: number, timeZone: string): BirthdayAt {
  const { day: today } = dayBounds(atMs, timeZone)
  const year = new Date(today * DAY_MS).getUTCFullYear()
  const ago = today - dayIn(year, birthday)
  return ago >= 0
    ? { year, daysAgo: ago }
    : { year: year - 1, daysAgo: today - dayIn(year - 1, birthday) }
}

/** Start and end of the birthday that is today or comes next. */
export function nextBirthday(
  birthday: Birthday,
  atMs: number,
  timeZone: string,
): { fromMs: number; untilMs: number } {
  const { day: today } = dayBounds(atMs, timeZone)
  const year = new Date(today * DAY_MS).getUTCFullYear()
  const here = dayIn(year, birthday)
  const day = here >= today ? here : dayIn(year + 1, birthday)
  return { fromMs: dayStartMs(day, timeZone), untilMs: dayStartMs(day + 1, timeZone) }
}
