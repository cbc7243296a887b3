/** Named maxima and times of experiments. */

/** Experiments that are kept; the oldest that is done goes. */
export const EXPERIMENTS_KEPT = 50
export const ARMS_MAX = 4
export const CHANGES_MAX = 20
export const DAYS_MAX = 90
/** Rooms, and kinds of rooms, of a pilot. */
export const ROOMS_MAX = 200
/** How often a process asks what runs. */
export const POLL_MS = 400
/** From starting it to its first instant: by then every process has heard of it. */
export const START_NOTICE_MS = 2000
/** Others that change the document at the same instant. */
export const ATTEMPTS_MAX = 20
/** How often guards look, and figures are made anew. */
export const PASS_MS = 10_000
/** Viewers of an arm and of the control below which nothing is said of their difference. */
export const VIEWERS_LEAST = 100
/** Records of accounts that are read at once. */
export const READ_PER_CALL = 500
