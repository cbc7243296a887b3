/** Named maxima and periods of the worker. */

/** Elements a consumer takes at once; the rest waits in the journal. */
export const ELEMENTS_PER_STEP = 200
/** Elements of a partition kept in memory for consumers that are close behind; others read them again. */
export const RECENT_ELEMENTS = 2048
/** The same in bytes; whichever comes first. */
export const RECENT_BYTES = 1_000_000

/** A stop does not wait longer than this for steps that hang. */
export const STOP_MS = 8000

/** How often a journal is asked for news: a quarter of what a claim may take from goal to points. */
export const POLL_MS = 50
/** A journal without news for this long is asked half as often. */
export const IDLE_MS = 5000
export const TRIM_MS = 1000
/** After a failure a consumer waits this long, twice as long each time, up to the maximum. */
export const RETRY_MS = 250
export const RETRY_MS_MAX = 5000
/** Failures in a row after which it is said why. */
export const FAILING_FROM = 3
/** Of what fails, this many are named. */
export const FAILING_SHOWN = 3

/** A worker that does not renew within this time loses its partitions. */
export const LEASE_MS = 10_000
export const LEASE_RENEW_MS = 2500
/** Nothing is begun so close to the end of a lease. */
export const LEASE_MARGIN_MS = 3000

/** The journal is alarmingly long from this part of its maximum on. */
export const ALARM_FILL = 0.5
/** A consumer further behind than this is unhealthy. */
export const LAG_MS_MAX = 30_000

/** A segment begins a new file from this size on. */
export const SEGMENT_BYTES = 16_000_000
/** Segments are synced at most this often per partition. */
export const SEGMENT_MS = 500

/** Watched lives are noted in batches of this long. */
export const LIVES_MS = 500

/** Sales are counted so often; the cap follows them. */
export const SALES_MS = 1000
/** What boards count is written in batches of this long, and of no more accounts in one call. */
export const BOARDS_MS = 1000
export const BOARDS_ACCOUNTS_MAX = 5000
/** How often boards are made anew, closed and paid. */
export const BOARDS_PASS_MS = 5000
/** What invited friends have done is looked at in batches of this long. */
export const INVITES_MS = 100

/** The economy is counted in batches of this long. */
export const ECONOMY_MS = 1000
/** Whether a day can be closed is looked at this often. */
export const CLOSING_MS = 10_000
/** A day is closed so long after its end, when nothing of it can still be on its way. */
export const CLOSE_AFTER_MS = 5 * 60_000
/** Days that are closed in one pass; after a long stop the next pass goes on. */
export const CLOSED_PER_PASS = 31
/** Accounts of a partition that are remembered as noted in sets of a day; of more they are noted again. */
export const NOTED_MAX = 100_000
/** What viewers do is noted, and what follows from it done, in batches of this long. */
export const TARGETING_MS = 1000
/** What members of fan clubs do is counted, and what follows from it done, in batches of this long. */
export const CLUBS_MS = 1000
/** How often is looked for rungs and tasks of clubs that wait to be paid. */
export const CLUBS_PASS_MS = 1000
/** What members of teams do is counted in batches of this long. */
export const TEAMS_MS = 500
/** How often teams are told what their members did, and paid. */
export const TEAMS_PASS_MS = 500
/** How often is looked for offers, packs and segments that wait, and for accounts of which nothing was seen. */
export const TARGETING_PASS_MS = 1000

/** Figures of the economy are shown so long after the worker last looked; then another one closes its days. */
export const ECONOMY_SHOWN_MS = 60_000

/** Lines of this long are one push for each account; together with a step they are a second. */
export const HISTORY_MS = 850
/** Tier-ups are collected this long, over all partitions of a worker. */
export const MOMENTS_MS = 1000
/** More than others take, because a batch with a tier-up waits for the collection. */
export const MOMENTS_ELEMENTS = 1000

/** Lives whose room is remembered by a worker; the oldest is asked for again. */
export const LIVES_REMEMBERED = 5000
/** Rooms with lives that are ending, looked at in one pass. */
export const ENDINGS_PER_PASS = 100
export const ENDINGS_MS = 500
/** Overdue holds are looked for this often, at most so many of a partition at once. */
export const OVERDUE_MS = 1000
export const OVERDUE_PER_PAGE = 100
export const OVERDUE_PER_PASS = 2000
/** Whether a month has turned is looked at this often. */
export const MONTHS_MS = 60_000
/** How often rooms are looked at in which a key moment of the rulebook may begin. */
export const KEY_MOMENTS_MS = 5000
/** Key moments that were started and are remembered by a worker; then it asks again, which starts nothing twice. */
export const MOMENTS_STARTED_MAX = 10_000
/** How often draws and votes are looked at whose time may be over. */
export const GAMES_MS = 500
/** How long partitions remember that a live has ended. */
export const ENDED_KEPT_MS = 48 * 3_600_000
/** A place that is not durable within this time is asked for again. */
export const DURABLE_WAIT_MS = 5000

/** A partition that is in use is walked this often before the audit gives up on it. */
export const AUDIT_ATTEMPTS = 5
export const PROBLEMS_SHOWN = 50

/** An anchor of the archive is written once a day; whether it is due is looked at this often. */
export const ANCHOR_MS = 24 * 3_600_000
export const ANCHOR_CHECK_MS = 60_000
/** Archived elements that are checked without letting anything else run. */
export const ELEMENTS_PER_BREATH = 2000
/** How often merges of accounts are looked at that something may still follow. */
export const MERGES_MS = 2000

/** Bytes of a segment that are read for its index without letting anything else run. */
export const SCAN_BYTES = 128_000
/** Closed segments without an index are looked for this often, and so many of a partition indexed at once. */
export const INDEX_MS = 5000
export const INDEXES_PER_PASS = 4
/** Indexes of segments whose directory is remembered (some 10 KB each); the one not used for longest is read again. */
export const INDEXES_KNOWN = 2000
/** The same of segments that are being written (some 2 MB each). */
export const NEWEST_KNOWN = 8
/** Elements that one request reads from the archive; where there is more to read, it answers with a cursor. */
export const PAST_ELEMENTS = 1000
/** The same where only sums are made of them: of the segments at the two ends of a period. */
export const PAST_SUMMED = 20_000
/** Segments that one request looks into by their indexes. */
export const PAST_SEGMENTS = 10_000
/** Requests that read the archive at once in one process, and that wait for their turn; more are `busy`. */
export const PAST_AT_ONCE = 2
export const PAST_WAITING = 64
