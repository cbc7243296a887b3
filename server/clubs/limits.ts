/** Sizes and times of fan clubs. */

import { DAY_MS, SECOND_MS } from '../../shared/time.ts'

/** Clubs that are remembered of one account, left ones among them; of those the one left longest goes first. */
export const REMEMBERED_MAX = 40
/** Accounts that became one with an account, and holds that came to nothing, as its record remembers them. */
export const MERGED_MAX = 20
export const FORSAKEN_MAX = 8
/** Accounts of a partition that have ever been in a club. */
export const MEMBERS_MAX = 1_000_000
/** Records that one call writes. */
export const RECORDS_PER_CALL = 500
/** What follows is kept until it is done; a partition with more takes no news until some of it is. */
export const CONSEQUENCES_MAX = 10_000

/** Tasks of one club that run at a time. */
export const TASKS_RUNNING_MAX = 8
/** A task begins so long after it was written: every worker knows it by then. */
export const TASK_LEAD_MS = 2 * SECOND_MS
/** So long a worker relies on what it knows of a club's tasks; shorter than the lead. */
export const TASKS_FRESH_MS = SECOND_MS
/** Clubs whose tasks a worker knows; of more it asks again. */
export const CLUBS_KNOWN = 5000
/** A place may be asked for so long after the end; a worker that died is replaced by then. */
export const PLACE_LATE_MS = 10 * 60 * SECOND_MS
/** Tasks that are over are shown so long, and who was paid is known so long. */
export const TASK_KEPT_MS = 3 * DAY_MS
export const PLACES_KEPT_MS = 7 * DAY_MS

/** Joining waits so long for its points before somebody else decides what became of it. */
export const JOIN_HOLD_MS = 60 * SECOND_MS
