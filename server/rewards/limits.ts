/** Named maxima and periods of rewards. */

import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../shared/time.ts'

/** Rewards of one installation, withdrawn ones included. */
export const REWARDS_MAX = 500
export const VERSIONS_KEPT = 50
export const POINTS_MAX = 200
/** Double-value events whose beginning falls into one calendar month, per brand. */
export const DOUBLES_PER_MONTH = 2
export const DOUBLE_MS_MAX = 3 * DAY_MS
/** Events of all brands that are remembered. */
export const DOUBLES_MAX = 1000
/** How often a process asks whether the catalogue changed. */
export const CATALOGUE_POLL_MS = 500

/** Points are held this long for a redemption that needs no cash; then the worker asks what became of it. */
export const HOLD_MS = 8 * SECOND_MS
/** Beyond the time for the cash, so that the deadline is decided in the reward's slot. */
export const HOLD_BEYOND_CASH_MS = MINUTE_MS
/** A step that whoever began it has not ended within this time is ended by the worker. */
export const GRACE_MS = 2 * SECOND_MS
/** A tap is answered at the latest after this, also where the redemption is still on its way. */
export const ANSWER_MS = 1500

/** Redemptions in the list of an account; the oldest fall off. */
export const REDEEMED_MAX = 500
export const REDEMPTIONS_PER_PAGE = 20
/** Redemptions in the list of a reward; the oldest fall off. */
export const TAKEN_MAX = 1000
/** Other rewards of a viewer that a redemption is counted with, and that are asked for a hint: the newest. */
export const TOGETHER_REACH = 8
/** With fewer viewers it would tell what a few people took. */
export const TOGETHER_LEAST = 5
export const TOGETHER_KEPT_MS = 400 * DAY_MS
/** Lives counted for a reward that asks for them. */
export const LIVES_MAX = 100

/** Redemptions and alerts of one reward that a worker takes at once. */
export const DUE_PER_STEP = 100
/** Rewards asked at once. */
export const REWARDS_AT_ONCE = 50
export const DUE_MS = 500

/** A code that is not picked up is good for so many days after the first. */
export const PICKUP_KEEP_DAYS = 7
/** A prize that nobody fetched returns to the stock so long after its code ended: phones without network sync first. */
export const PRIZE_RELEASE_MS = DAY_MS
export const WAITING_KEPT_DAYS = 60
export const LISTED_MAX = 500
export const CLERKS_MAX = 20
export const CONFLICTS_KEPT = 500
/** Wrong codes of one clerk in a minute. */
export const WRONG_CODES_MAX = 30
/** Uses in one message of a phone that was offline. */
export const SYNC_MAX = 100
/** The shelf of a room is read at most this often by one process. */
export const STATES_FRESH_MS = 250
