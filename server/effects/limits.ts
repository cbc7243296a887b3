/** Named maxima and times of effects; those that only a script needs stand in it. */

/** Broadcasts of one room that wait for the host; further ones are `busy`. */
export const ASKS_MAX = 50
/** A hold outlasts what it waits for, so that the host's word always comes before its deadline. */
export const HOLD_MARGIN_MS = 60_000
/** What is bought at once is done within this, or its hold is settled by what came of it. */
export const AT_ONCE_MS = 60_000
/** Spendings of one process that wait for the room's master; further ones are settled when their time is over. */
export const CAPTURES_WAITING_MAX = 1000
/** What follows from a room's decision is done so often where the account's master does not keep it. */
export const FINISHES_MAX = 5
/** Before it is tried again where that master cannot be reached. */
export const AGAIN_MS = 1000
/** Bought days may add up to so much. */
export const OWNED_MS_MAX = 400 * 86_400_000
/** A draw that is over can be checked so long. */
export const GAME_KEPT_MS = 90 * 86_400_000
/** Games that are over and still listed. */
export const PAST_SHOWN = 4
/** Winners named in a moment. */
export const WINNERS_SHOWN = 20
/** Entrances told in one call. */
export const ENTRANCES_PER_CALL = 100
/** Prizes paid side by side. */
export const PRIZES_AT_ONCE = 20
/** Games whose end has come, looked at in one pass. */
export const GAMES_PER_PASS = 50
/** A result must be durable before it is paid; it is waited for so long, then the next pass goes on. */
export const DURABLE_WAIT_MS = 3000
