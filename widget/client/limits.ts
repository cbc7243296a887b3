/** Every bound and every wait of the client, with what happens there. */

/** The time of what is not going to happen. */
export const NEVER = Number.POSITIVE_INFINITY

/** Taps are merged this long before they become a command. */
export const LIKE_MERGE_MS = 250
/** Taps that wait for room in the outbox; further taps are not counted. */
export const PENDING_LIKES_MAX = 500
/** Commands kept in the outbox, durable or not; beyond it the oldest applied one is let go. */
export const KEPT_MAX = 256
/** Commands on their way at once; the others wait for an answer. */
export const IN_FLIGHT_MAX = 16
/** A command without an answer for this long is sent again; it doubles up to `ACK_MS_MAX`. */
export const ACK_MS = 5_000
export const ACK_MS_MAX = 40_000
/** A command answered `internal` this often is dropped. */
export const FAULTS_MAX = 10
/**
 * An applied command holds the window until a pulse that much later, server time, still does not call it
 * durable. A watermark that stands still must not silence the viewer.
 */
export const STALL_MS = 10_000
/** Added to the time at which a command is first known to be applied: clocks of the service differ by 100 ms at most. */
export const KNOWN_APPLIED_MARGIN_MS = 1_000
/** Epochs once left that are remembered; the oldest is forgotten. */
export const LEFT_EPOCHS_MAX = 16

/** Requests without an answer for this long are refused as `busy`; so is a request beyond the maximum. */
export const REQUEST_MS = 8_000
export const REQUESTS_MAX = 32

/** From the start of an attempt to `session.welcomed`, ticket included. */
export const WELCOME_MS = 10_000
export const BACKOFF_MIN_MS = 300
export const BACKOFF_MAX_MS = 8_000
/** A connection that lived this long resets the back-off. */
export const STABLE_MS = 5_000
/** Fresh tickets refused one after the other before the client gives up. */
export const TICKETS_REFUSED_MAX = 3
/** Silence after which the connection is probed, and how long the probe may take. */
export const SILENCE_MS = 5_000
/** On waking, a shorter silence is enough. */
export const QUIET_MS = 1_000
export const PROBE_MS = 3_000
/** A timer this late means that the device slept or the page was throttled. */
export const LATE_TIMER_MS = 3_000

/** Beats and changes of visibility are at least this far apart; the server takes 30 a minute. */
export const BEAT_GAP_MS = 2_000
/** An early beat earns nothing, so the beat comes this much after it is due. */
export const BEAT_MARGIN_MS = 150
export const BEAT_JITTER_MS = 250

/** A beat that was refused for good is not repeated sooner than this. */
export const BEAT_REFUSED_MS = 30_000

/** Moments that wait for one before them, at most this many and this long. */
export const HELD_MOMENTS_MAX = 64
export const GAP_MS = 2_000
/** A moment missing for twice that long, and a random share of this, makes the client come back for it. */
export const RESYNC_SPREAD_MS = 10_000

/** Clock samples after a connection, ms between them, and until the next series. */
export const CLOCK_SAMPLES = 4
export const CLOCK_SAMPLE_GAP_MS = 400
export const CLOCK_SERIES_MS = 300_000
/** A pulse further than this from the estimated time starts a new series. */
export const CLOCK_DOUBT_MS = 2_000

/** Answers that a socket waits for; beyond it the oldest is not listened to any more. */
export const ACKS_MAX = 256

/** Rewards asked for and not answered yet; beyond it nothing is asked. */
export const WISHES_MAX = 8
/** A wish without an answer is repeated after this, doubled up to `WISH_AGAIN_MS_MAX`. */
export const WISH_AGAIN_MS = 1_000
export const WISH_AGAIN_MS_MAX = 15_000
/** The service holds the points and takes the piece: its end is asked for after this. */
export const WISH_SETTLES_MS = 700
/** A wish this old is not repeated: the viewer who comes back later must not be surprised by it. */
export const WISH_LIFE_MS = 600_000
