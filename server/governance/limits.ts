/** Named maxima of governance. */

/** Versions kept; publishing one more drops the oldest. Receipts older than that show their number only. */
export const RULEBOOKS_KEPT = 1000
/** Versions in one page of the list. */
export const RULEBOOKS_PER_PAGE = 50
/** Versions that wait for their instant; one more is refused. */
export const SCHEDULED_MAX = 20
/** No version is scheduled further ahead. */
export const SCHEDULE_AHEAD_MS = 366 * 86_400_000
/** How often a watcher asks for the current version; with one reading, a swap takes well under a second. */
export const RULEBOOK_POLL_MS = 400
/** A dry run that nobody has said anything of for so long is lost: another one may be asked for. */
export const DRY_RUN_LOST_MS = 30_000

/** How often a process says what it has paid of the platform's cap. */
export const ISSUANCE_TICK_MS = 1000
/** Points of the cap that lie ready in a process with nothing to pay; near the end less. */
export const ISSUANCE_FLOOR = 2000
/** Of what is nobody's yet a process with nothing to pay keeps at most this part ready. */
export const ISSUANCE_IDLE_PART = 20
/** What is leased lasts that long at the present rate: two seconds until it is durable, and some ticks. */
export const ISSUANCE_SPAN_MS = 5000
/** Leases that are not durable yet; with more under way none is asked for. */
export const ISSUANCE_UNRIPE_MAX = 16
/** A process that was not heard of for so long pays nothing. */
export const ISSUANCE_LIFE_MS = 6000
/** The same while nothing binds: an outage of one master must not stop what has no cap. */
export const UNBOUND_LIFE_MS = 300_000
/** After its life ended: how far clocks of masters differ, and what a crash may take back of a life. */
export const ISSUANCE_MARGIN_MS = 3000
/** From the first report of sales to the cap: by then whoever did not hear of it may not pay any more. */
export const CAP_NOTICE_MS = UNBOUND_LIFE_MS + ISSUANCE_MARGIN_MS
/** An award without a process's lease waits this long for one, looking so often. */
export const ISSUANCE_WAIT_MS = 4000
export const ISSUANCE_LOOK_MS = 15
/** Days of issued points that are kept. */
export const ISSUED_DAYS_KEPT = 731
/** What a call may pay while nothing binds, points. */
export const NO_BOUND = 1_000_000_000_000
/** Versions looked at for what points bought of late. */
export const NOTICE_LOOKS_BACK = 100
