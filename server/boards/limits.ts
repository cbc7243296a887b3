/** Named maxima and times of boards. */

import { DAY_MS } from '../../shared/time.ts'

/** Accounts of a partition that one board of a week counts; whoever falls below them begins again at none. */
export const COUNTED_MAX = 20_000
/** Most points of a week that are told apart. */
export const POINTS_MAX = 2 ** 32 - 1
/** What a partition counted of a week goes away so long after its last change. */
export const COUNTED_KEPT_MS = 28 * DAY_MS
/** Accounts of a partition and week into which another was merged, newest first. */
export const JOINED_MAX = 1000
/** Boards of all brands that a partition counts in a week. */
export const BOARDS_COUNTED_MAX = 10_000
/** Redemptions of a room that a partition remembers, newest first, and how long. */
export const REDEEMED_MAX = 1000
export const REDEEMED_KEPT_MS = 400 * DAY_MS

/** Lines of one page of them. */
export const REDEEMED_PER_PAGE = 20

/** A week is closed so long after its end, when nothing of it can still be on its way. */
export const CLOSE_AFTER_MS = 5 * 60_000
/** After a long stop so many weeks are closed; older ones are not paid any more. */
export const WEEKS_CLOSED = 3
/** Closed weeks that can be looked at. */
export const WEEKS_KEPT = 12
/** Boards that are made anew in one pass; the rest in the next ones. */
export const MADE_PER_PASS = 20
/** Beyond the places shown so many are looked at first, for some have no place. */
export const SPARE = 20
/** Deeper than this nobody is looked for. */
export const DEPTH_MAX = 5000
/** Prizes that are paid in one pass. */
export const PAID_PER_PASS = 200
/** A board is shown to everybody for so long before it is read again. */
export const SHOWN_MS = 3000
/** Boards that a process keeps for that. */
export const SHOWN_MAX = 1000
/** Badges are read again by a process, when somebody who may wear one says something, at most so often. */
export const STARS_MS = 10_000
