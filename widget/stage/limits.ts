/** Most of everything the stage keeps, and what happens there. */

/** Effects that wait; past it the least important goes: other viewers' tier-ups first, announcements last. */
export const LANE_MAX = 20
/** An effect older than this when it arrives is history: the picture must not celebrate what is over. */
export const STALE_MS = 15_000
/** Between one effect and the next, so that the picture rests. */
export const LANE_GAP_MS = 600
/** An effect's way out; as long as `--ff-t-leave`. */
export const LEAVE_MS = 320
/** Cut off for so long, the stage falls silent: it would not hear of safe mode. */
export const CUT_OFF_MS = 10_000
/** At most so many plates at once. */
export const PLATES_MAX = 3
/** Lines of the countdown plate besides the first. */
export const COUNTDOWN_MORE_MAX = 2
/** Lines of the board; upright pictures show the first half of them. */
export const BOARD_LINES_MAX = 10
/** Names on a fanfare; the rest become a number. */
export const NAMES_SHOWN_MAX = 2
