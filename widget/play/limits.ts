/** Times and sizes of effects in the overlay. */

/** Effects that wait; past it the least important goes. */
export const SHOW_MAX = 12
/** How long each stays at least; a broadcast has to be read. */
export const SHOW_STAY_MS = { broadcast: 6000, entrance: 3000, tip: 3000, result: 6000 } as const
export const SHOW_GAP_MS = 300
/** An effect this old is history and is not played any more. */
export const SHOW_STALE_MS = 20_000
/** A celebration is waited for so long at a time. */
export const SHOW_WAIT_MS = 500
/** What runs is read again this often while it is shown. */
export const PLAY_REST_MS = 3000
/** The second tap of a purchase comes within this time, and not sooner than that. */
export const SURE_MS = 4000
export const SURE_GUARD_MS = 350
/** A request without an answer is sent again under its id. */
export const RETRY_MS = 2000
export const RETRIES_MAX = 5
/** Words about what a tap came to. */
export const TOLD_MS = 6000
