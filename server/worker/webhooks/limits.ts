/** Sizes and times of sending webhooks. */

import { SECOND_MS } from '../../../shared/time.ts'

/** From the request to the status of the answer. */
export const POST_TIMEOUT_MS = 10 * SECOND_MS
/** An answer longer than this is cut. */
export const ANSWER_BYTES_MAX = 16 * 1024
/** Connections kept open per receiver. */
export const IDLE_SOCKETS_MAX = 4
/** Requests under way in one worker. */
export const POSTS_MAX = 256
/** And to one webhook; to one that fails a single one, so that those that hang cannot use up all. */
export const POSTS_PER_WEBHOOK = 8
export const POSTS_PER_FAILING_WEBHOOK = 1

/** How often the worker looks whether something it knows of is due. */
export const SEND_POLL_MS = 250
/** How often it asks Redis, where it does not know of anything. */
export const LOOK_MS = 2 * SECOND_MS
/** A stop waits this long for answers; who has not answered by then gets the same delivery again. */
export const SEND_STOP_MS = 3 * SECOND_MS
/** A step of the consumer begins at most this often. */
export const CONSUME_MS = 500
