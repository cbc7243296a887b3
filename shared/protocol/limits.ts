/** Limits of the protocol that clients need at run time; without zod, so that the overlay stays small. */

/** A client merges taps into one command up to this many likes. */
export const LIKES_PER_COMMAND = 50

export const COMMENT_MAX_BYTES = 2000

/** Commands of a client session that may arrive in any order: `seq <= high - 32` is `too_old`. */
export const SESSION_WINDOW = 32

/** Longest text of a broadcast as it is sent; the rulebook says how much of it may be read. */
export const BROADCAST_CHARS_MAX = 200
/** Draws and votes of a room at a time. */
export const GAMES_PER_ROOM = 4
export const PRIZES_MAX = 8
export const OPTIONS_MAX = 6
