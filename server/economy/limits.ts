/** Named maxima and times of the economy's figures. */

import { DAY_MS } from '../../shared/time.ts'

/** Closed days that are kept; the oldest go. They can be made again from the archive. */
export const DAYS_KEPT = 1100
/** Days whose lives are kept one by one. */
export const LIVES_DAYS_KEPT = 100
/** Lives of a day that are kept one by one: those with most viewers. All count in the day's figures. */
export const LIVES_PER_DAY = 500
/** Days that are read at once. */
export const DAYS_READ_MAX = 400
/** What a partition counted of a day goes away by itself, should nobody close the day. */
export const TALLY_KEPT_MS = 30 * DAY_MS
/** Accounts of a partition whose numbers an experiment keeps; those who come later are not studied, in no arm. */
export const STUDIED_MAX = 20_000
/** They go away by themselves, should nobody close the experiment. */
export const STUDY_KEPT_MS = 120 * DAY_MS
/** Accounts of a study that are read at once. */
export const STUDIED_PER_PAGE = 500
/** So many periods of the survey an account's answer is kept: one would end before the clocks of gateways agree that it has. */
export const SURVEY_PERIODS_KEPT = 2
/** Accounts that one call notes in sets. */
export const NOTED_PER_CALL = 5000
