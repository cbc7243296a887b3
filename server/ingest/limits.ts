/** Sizes and times of the queue adapter. */

import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../shared/time.ts'

/** A longer message is refused; what it asks for would be too long for the API as well. */
export const MESSAGE_BYTES_MAX = 64 * 1024
/** Messages that one process works on at a time; while there are so many it takes no more. */
export const TAKEN_MAX = 128
/** Entries of one read of the stream. */
export const BATCH_MAX = 64
/** How long a read waits for the first entry. */
export const BLOCK_MS = SECOND_MS
/** How often a consumer says that it still works on what it took, and looks for what others left. */
export const TEND_MS = 5 * SECOND_MS
/** An entry that nobody has worked on for so long belongs to whoever claims it. */
export const LEFT_MS = 20 * SECOND_MS
/** An entry that was put aside so often is given up. With `LEFT_MS` this is some two minutes. */
export const TRIES_MAX = 6
/** Entries given out and not acknowledged, over all consumers; above it only those are worked on. */
export const PENDING_MAX = 10_000
/** Newest dead letters that are kept. */
export const DEAD_MAX = 100_000
/** A consumer that was quiet for so long and holds nothing is struck off. */
export const GONE_MS = HOUR_MS
/** How long one request to the API may take. */
export const POST_MS = 15 * SECOND_MS
/** Waits between two attempts, from the first to the longest. */
export const WAIT_MIN_MS = 200
export const WAIT_MAX_MS = 5 * SECOND_MS
/** How long a line waits for what may come right by itself, before it is answered with the refusal. */
export const PATIENCE_MS = MINUTE_MS
/** What is under way when the process is told to stop gets so long. */
export const GRACE_MS = 10 * SECOND_MS
