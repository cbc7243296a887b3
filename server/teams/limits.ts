/** Sizes and times of teams. */

import { DAY_MS, SECOND_MS } from '../../shared/time.ts'

/** A team is kept so long after its end: what a worker counts late still comes, and who is owed is paid. */
export const KEPT_MS = 7 * DAY_MS
/** Accounts that ever were in one team, those who left among them. */
export const ENTRIES_MAX = 60
/** Teams of one task and period, whatever the budget. */
export const TEAMS_MAX = 100_000
/** Teams that one account belongs to at a time: those of tasks that run, and of periods that ended lately. */
export const CLAIMS_MAX = 60
/** Accounts of a partition that have been in a team lately; of more, nobody new comes in. */
export const MEMBERS_MAX = 1_000_000
/** Accounts whose doings one call counts. */
export const ACCOUNTS_PER_CALL = 500
/** Of what is to be told to teams one pass takes so many. */
export const PASS_MAX = 200
/** Whoever asks goes on with it; a worker takes it over so much later. */
export const TAKE_OVER_MS = 3 * SECOND_MS
/** What could not be done is tried again so much later. */
export const RETRY_MS = 5 * SECOND_MS
