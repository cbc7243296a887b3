/** Most of everything the host console keeps, and what happens there. */

/** Comments kept; the oldest go. */
export const HOST_COMMENTS_MAX = 50
/** One point of the heat curve every five seconds, fifteen minutes long; the oldest go. */
export const HEAT_POINTS_MAX = 180
export const HEAT_POINT_MS = 5000
/** Samples of the points issued, for the pace of the last minute; the oldest go. */
export const ISSUED_SAMPLES_MAX = 120
export const PACE_WINDOW_MS = 60_000
/** Cues and comments that were dealt with here while the server has not said so yet; the oldest go. */
export const SETTLED_MAX = 200
/** A cue must have stood this long before a key may act on it: a double press must not skip the next one. */
export const CUE_GUARD_MS = 600
/** How long the way out of safe mode must be held. */
export const RESUME_HOLD_MS = 1000
/** How long a button that was tapped once waits for the tap that ends something. */
export const END_SURE_MS = 4000
/** A notice goes by itself. */
export const NOTICE_MS = 5000
/** A safe-mode switch that did not reach the server is sent again this often until it does. */
export const SAFE_RETRY_MS = 1000
/** Names said aloud; the rest become a number. */
export const NAMES_SAID_MAX = 2

/** The fan club is read again so often while it is looked at. */
export const CLUB_EVERY_MS = 10_000
