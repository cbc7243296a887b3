/** Times and sizes of the overlay. */

/** Gains that follow each other within this time are one line. */
export const MERGE_MS = 600
/** A line of the pill stays; `LONG` is for those who asked for less motion. */
export const READ_MS = 2600
export const READ_LONG_MS = 4500
/** The number at the like button. */
export const THUMB_MS = 900
/** What a payment brought; `LONG` for those who asked for less motion. */
export const PAID_MS = 9000
export const PAID_LONG_MS = 14_000
/** Own tier-up. */
export const CELEBRATION_MS = 6000
/** Moments that wait for the lane; above it the oldest of the least weight is dropped. */
export const LANE_MAX = 12
export const LANE_STAY_MS = 3600
export const LANE_GAP_MS = 200
/** A moment this old is history and is not played any more. */
export const STALE_MS = 20_000
/** The live region speaks at most this often, and says at most so many sentences at once. */
export const SPEAK_MS = 3000
export const SPEAK_MAX = 4
/** A task that is won, full or over stays this long, so that it can be read. */
export const TASK_OUTCOME_MS = 6000
/** Comments on the picture. */
export const CHAT_SHOWN = 4
/** Likes that are remembered: more than the comments that can be seen together. */
export const LIKED_MAX = 8
export const COMMENT_CHARS_MAX = 200
/** How much of the top of the picture may be left to the page, px. */
export const HEAD_MAX_PX = 400
/** Before the first picture the overlay asks the service again and again. */
export const RETRY_MS = 2000
/** How long a frame waits for the page around it to say hello, and for a ticket. */
export const FRAME_HELLO_MS = 4000
export const FRAME_TICKET_MS = 10_000
/** Histories are read at most this often, and so many lines are kept. */
export const HISTORY_REST_MS = 3000
export const HISTORY_MAX = 2000
/** Pages without a line that are passed over by one tap. */
export const HISTORY_PAGES_AT_ONCE = 5
/** Effects kept until what shows them has come; the oldest go. */
export const EARLY_MAX = 12
