/** Times and bounds of merges. */

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/time.ts'

/** Merges kept; above it beginning one answers `busy`. */
export const MERGES_MAX = 1_000_000
/** Accounts that were merged one into the next. */
export const CHAIN_MAX = 16
/** So long a merge can be undone. */
export const UNDO_MS = 30 * DAY_MS
/** Tokens that name the merged account may still come. */
export const TOKENS_MS = 26 * HOUR_MS
/** A hold of a merge is ended by the merge, never by its deadline. */
export const HOLD_MS = 365 * DAY_MS
/** One process drives a merge for so long. */
export const LEASE_MS = MINUTE_MS
/** Until a merge is looked at again. */
export const LOOK_MS = MINUTE_MS
/** Merges looked at in one pass. */
export const PASS_MAX = 50
/** Rounds of one look. */
export const ROUNDS_MAX = 10
/** What was spent before a merge can come back for so long after it, and some weeks (wallet, W10). */
export const FOLLOWS_MS = UNDO_MS + 400 * DAY_MS
/** How often that is looked for; `follow` brings what a process that lived has seen. */
export const LATE_LOOK_MS = 7 * DAY_MS
