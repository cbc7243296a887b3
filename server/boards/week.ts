/** Weeks of boards, and how a place is written as one number. Pure. */

import { weekOf } from '../../shared/quests.ts'
import { DAY_MS, dayBounds, dayStartMs, dayText, SECOND_MS } from '../../shared/time.ts'
import { POINTS_MAX } from './limits.ts'

export { weekOf }

export interface Week {
  /** Since 1970, from Monday to Sunday of the platform's zone. */
  week: number
  startsAtMs: number
  endsAtMs: number
}

/** Monday of a week, in days since 1970. */
const mondayOf = (week: number): number => 7 * week - 3

export const weekBounds = (week: number, timeZone: string): Week => ({
  week,
  startsAtMs: dayStartMs(mondayOf(week), timeZone),
  endsAtMs: dayStartMs(mondayOf(week + 1), timeZone),
})

export const weekAt = (atMs: number, timeZone: string): number =>
  weekOf(dayBounds(atMs, timeZone).day)

/** `2026-11-23`, the Monday. */
export const weekName = (week: number): string => dayText(mondayOf(week))

/** Undefined where it is not a Monday. */
export function weekNamed(name: string): number | undefined {
  const week = weekOf(Math.round(Date.parse(`${name}T00:00:00Z`) / DAY_MS))
  return Number.isFinite(week) && weekName(week) === name ? week : undefined
}

/** More seconds than a week has, also one in which clocks are put back. */
export const SECONDS = 2 ** 20

/** Of two with the same points who had them earlier stands before; so points and time are one number. */
export const placeScore = (points: number, second: number): number =>
  Math.min(points, POINTS_MAX) * SECONDS + (SECONDS - 1 - second)

export const pointsOf = (score: number): number => Math.floor(score / SECONDS)

/** Since the week began, for `placeScore`. */
export const secondOf = (atMs: number, { startsAtMs }: Week): number =>
  Math.min(SECONDS - 1, Math.max(0, Math.floor((atMs - startsAtMs) / SECOND_MS)))
