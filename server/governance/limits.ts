/** Named maxima of governance. */

/** Versions kept; publishing one more drops the oldest. Receipts older than that show their number only. */
export const RULEBOOKS_KEPT = 1000
/** Versions in one page of the list. */
export const RULEBOOKS_PER_PAGE = 50
/** How often a watcher asks for the current version; with one reading, a swap takes well under a second. */
export const RULEBOOK_POLL_MS = 400
/** A dry run that nobody has said anything of for so long is lost: another one may be asked for. */
export const DRY_RUN_LOST_MS = 30_000
