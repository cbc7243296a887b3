/** Days of the platform's calendar. */

import { DAY_MS } from '../../shared/time.ts'

/** `2026-11-23` in that zone. */
export const dayAt = (atMs: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(atMs)

/** The day after; calendars know no hours, so noon is safe. */
export const nextDay = (day: string): string =>
  new Date(Date.parse(`${day}T12:00:00Z`) + DAY_MS).toISOString().slice(0, 10)
