/** Sizes and times of outgoing webhooks. */

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../shared/time.ts'

/** Webhooks of one brand, and of all; above it adding one is refused. */
export const WEBHOOKS_PER_BRAND = 20
export const WEBHOOKS_MAX = 2000
export const URL_LENGTH_MAX = 2000
/** How often a process asks whether the list of webhooks has changed. */
export const WEBHOOKS_POLL_MS = SECOND_MS

/**
 * How long after each failed attempt the next one follows; when none is left the delivery is a dead letter. In all
 * about 24 h.
 */
export const RETRY_DELAYS_MS: readonly number[] = [
  10 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  8 * HOUR_MS,
  8 * HOUR_MS,
]
/** A delay is this share shorter or longer by chance, so that a receiver that comes back is not met by all at once. */
export const JITTER = 0.1

/** A webhook that has had nothing but failures for this long is switched off. */
export const FAILING_OFF_MS = 5 * DAY_MS

/** Deliveries to one webhook that wait in one slot; what does not fit is a dead letter at once. */
export const WAITING_MAX = 2000
/** Deliveries that one script call queues or brings back. */
export const QUEUED_PER_CALL = 100
/** Dead letters of a brand; the oldest goes, and is counted. */
export const DEAD_MAX = 1000
export const DEAD_PER_PAGE = 100
/** Deliveries queued by an id are remembered this long, so that queueing them again is harmless. */
export const SEEN_MS = 2 * DAY_MS
export const SEEN_MAX = 50_000
/** Attempts of a webhook that are remembered for its owner. */
export const ATTEMPTS_KEPT = 100
export const ATTEMPTS_LIFE_MS = 30 * DAY_MS
/** After a change of secret the old one signs as well for this long. */
export const SECRET_OVERLAP_MS = DAY_MS
