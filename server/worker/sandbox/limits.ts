/** Named maxima of dry runs. */

/** Entries of the journal that one dry run scores again, from the beginning of the archive on. */
export const EVENTS_MAX = 2_000_000
/** Accounts that one dry run follows. */
export const ACCOUNTS_MAX = 200_000
/** A dry run that takes longer ends without a result. */
export const RUN_MS_MAX = 30 * 60_000
/** Viewers of one element that are scored in one call. */
export const VIEWERS_AT_ONCE = 100
/** Contexts in one call; the script counts them in a byte. */
export const CONTEXTS_AT_ONCE = 200
/** Differences that are told in full; the rest is counted. */
export const DIFFERENCES_SHOWN = 20
/** Who gains and who loses most. */
export const TOP_ACCOUNTS = 10
/** The journal that the scratch Redis writes is of no use; it is emptied after so many elements. */
export const TRIM_ELEMENTS = 500
/** Commands sent together to the scratch Redis. */
export const COMMANDS_AT_ONCE = 500
/** How often a run says how far it is. */
export const PROGRESS_MS = 500
/** A campaign that no receipt named for so long is over for whom the rules in force paid nothing. */
export const TOLD_MS = 60_000
/** The scratch Redis answers within this time, or there is none. */
export const SCRATCH_START_MS = 10_000
/** Whether a dry run was asked for is looked at so often. */
export const CHORE_MS = 500
/** How far it is goes to Redis so often, which also says that somebody plays it. */
export const TOLD_EVERY_MS = 1000
