/** Times and sizes of the spending surfaces. */

/** A button that asks "sure?" goes back to its first word after this. */
export const ARMED_MS = 6_000
/** A second tap sooner than this belongs to the first. */
export const ARM_GUARD_MS = 350
/** The catalogue is read at most this often, and again after `SHOP_STALE_MS` while it is open. */
export const SHOP_REST_MS = 2_500
export const SHOP_STALE_MS = 15_000
/** Viewers with an open shelf read it anew within this time after it changed. */
export const SHELF_SPREAD_MS = 800
/** While a code is shown: whether it was used. */
export const CODE_LOOK_MS = 4_000
/** Viewers ask what the burn week takes from them spread over this time, and it is told for so long. */
export const BURN_SPREAD_MS = 8_000
export const BURN_TOLD_MS = 20_000
/** Reminders a browser remembers to have shown. */
export const REMINDED_MAX = 50
/** How long the browser may take to say where it is. */
export const NEAR_WAIT_MS = 10_000
/** Redemptions kept on the page. */
export const REDEMPTIONS_MAX = 200
