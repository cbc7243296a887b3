/** Named maxima of the gateway and what happens there. */

/** Largest frame from a client; a larger one closes the connection. */
export const FRAME_BYTES_MAX = 16_384
/** A connection that has not been admitted by then is closed. */
export const CONNECT_DEADLINE_MS = 5000
/** Handshakes that one connection may get wrong: stock clients open another one for the next. */
export const REFUSED_KNOCKS_MAX = 3
export const PING_INTERVAL_MS = 25_000
export const PING_TIMEOUT_MS = 20_000
/** How often the front looks at who is to be pinged and who has been silent for too long. */
export const SWEEP_MS = 1000
/** Seconds without any frame after which uWebSockets.js closes by itself; pings come long before. */
export const IDLE_SEC = 120

/** uWS drops frames silently above this (its default is 64 KiB); we close long before. */
export const BACKPRESSURE_BYTES_MAX = 1_048_576
/** More than this, for longer than that, is a slow consumer: closed by name, and it catches up on return. */
export const SLOW_BYTES = 262_144
export const SLOW_MS = 5000
/** With this much unread a client is closed at once: above it uWS would begin to drop. */
export const FULL_BYTES = 983_040
export const SLOW_CHECK_MS = 1000
/** Until then every gateway goes by a clock of Redis that was set back. */
export const RESYNC_MS = 2000
/** How often the accounts of viewers are looked at whose live has ended. */
export const AFTER_LIVE_MS = 10_000

/** Viewers of one partition that wait for a flush; beyond them commands are answered `busy`. */
export const PENDING_VIEWERS_MAX = 5000
/** A command that could not be scored by then is answered `busy`; sending it again is safe. */
export const SCORE_DEADLINE_MS = 4000
/** A flush waits this long for company when nothing is under way. */
export const GATHER_MS = 3
/** Between attempts while Redis does not answer. */
export const RETRY_MS = 150
/** How often a call that hangs is looked at: who has waited for SCORE_DEADLINE_MS is answered `busy`. */
export const OVERDUE_CHECK_MS = 500
/** A pulse that takes longer tells the room that points are paused. */
export const PULSE_LATE_MS = 2000

/** Inputs that do not fit the protocol, per minute, before the connection is closed. */
export const BAD_INPUTS_MAX = 20
/** Nothing upgrades here, so a second WebSocket on a session is a mistake; it is closed after this. */
export const UPGRADE_DEADLINE_MS = 1000
/** Distinct rooms on one gateway; a connection to another is refused `busy`. */
export const ROOMS_MAX = 20_000
/** A room without sockets is forgotten after this. */
export const ROOM_IDLE_MS = 60_000
/** Times the allowed sockets of an address that it may hold while they are not admitted yet; more get a 403. */
export const KNOCKING_FACTOR = 2
/** Handshakes being admitted at once; beyond them a connection is refused `busy` and comes back. */
export const ADMISSIONS_MAX = 500

/** Comments of one room that wait for a pulse, which takes a part of them; the oldest go. */
export const COMMENTS_WAITING_MAX = 200
/** For so long comments show what their author was in the club of the host when it was last asked for. */
export const CLUB_TITLE_MS = 20_000

/** A gateway that stops tells its clients to come back within this span, so that they do not come at once. */
export const DRAIN_SPREAD_MS = 3000
/** Each step of stopping that needs Redis gets this long; clients send again what it did not answer. */
export const DRAIN_STEP_MS = 6000
/** Accounts re-read at once when a shard has a new epoch. */
export const REATTACH_AT_ONCE = 100
/** How often one of them is tried, and how long after a failure. */
export const REATTACH_ATTEMPTS = 20
export const REATTACH_RETRY_MS = 500

/** Viewers with an entrance who come in within this time are told of together. */
export const ARRIVALS_GATHER_MS = 1500

/** Points of a budget that lie ready on a gateway with nothing to pay, where the live has them. */
export const LEASE_FLOOR = 500
/** What is leased lasts that long at the present rate: two seconds until a lease is durable, and some pulses. */
export const LEASE_SPAN_MS = 5000
/** Leases that are not durable yet; with more under way none is asked for. */
export const LEASES_UNRIPE_MAX = 16
/** How often viewers who wait for a lease are looked at. */
export const LEASE_WAIT_MS = 15

/** What is longer, or not known, is told to Prometheus as this. */
export const DURABLE_LAG_MS_MAX = 3_600_000

/** How often a gateway says a number to itself, and after how long without one its connection is made anew. */
export const BUS_BEAT_MS = 1000
export const BUS_SILENT_MS = 6000
