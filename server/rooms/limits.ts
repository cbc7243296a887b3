/** Named maxima of rooms; those that only a script needs stand in its fragment. */

/** A page of the list of rooms. */
export const ROOMS_PER_PAGE = 100
/** Rooms read side by side; each may be on another master. */
export const ROOM_READS_AT_ONCE = 20
/** Tier-ups in one call of `tiersReached`; the caller splits more. */
export const TIERS_REACHED_PER_CALL = 1000
/** Guests in one call of `greet`. */
export const GREETED_PER_CALL = 200
/** Cues that a host is shown; what is ranked lower waits. */
export const CUES_SHOWN = 20
/** Who stand at the door of one room and are answered by one reading of its rung. */
export const RUNG_ASKED_MAX = 1000
