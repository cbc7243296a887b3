/** Times and sizes of the operator console. */

import { MINUTE_MS, SECOND_MS } from '../../shared/time.ts'

/** No answer within this time is none. */
export const REQUEST_MS = 15 * SECOND_MS
/** A session is good for half an hour; asked for anew this often while the page is open. */
export const RENEW_MS = 10 * MINUTE_MS
/** A service that does not answer is asked again after. */
export const RETRY_MS = 2 * SECOND_MS

// How often a page that is looked at reads again.
export const ACCOUNT_EVERY_MS = 3 * SECOND_MS
export const LIVES_EVERY_MS = 3 * SECOND_MS
export const TOTALS_EVERY_MS = 10 * SECOND_MS
export const STOCK_EVERY_MS = 5 * SECOND_MS
export const DEAD_EVERY_MS = 10 * SECOND_MS
export const HOUSE_EVERY_MS = MINUTE_MS
export const ECONOMY_EVERY_MS = MINUTE_MS
export const ISSUANCE_EVERY_MS = 3 * SECOND_MS
export const BOARDS_EVERY_MS = 10 * SECOND_MS
export const EXPERIMENTS_EVERY_MS = 5 * SECOND_MS
export const SEGMENTS_EVERY_MS = 10 * SECOND_MS

/** Of rewards that run out so many are named, the rest is a number. */
export const WANTING_SHOWN = 6

/** Of a long list so many lines are drawn, and so many more each time. */
export const LINES_AT_A_TIME = 50

/** A word at the bottom goes by itself. */
export const SAID_MS = 4 * SECOND_MS
/** "Copied" goes back to "Copy". */
export const COPIED_MS = 2 * SECOND_MS
