/** Sizes and times of the HTTP API. */

import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../shared/time.ts'

/** Connections to the API's port; more are closed at once, so that sockets and Redis keep descriptors. */
export const CONNECTIONS_MAX = 4096
/** Of them so many of one address (of IPv6 its first half), where no proxy is in front. Many phones share one. */
export const CONNECTIONS_PER_ADDRESS_MAX = 1024
/** A larger body is refused unread. */
export const BODY_BYTES_MAX = 64 * 1024
/** Answers to idempotent requests are kept this long. */
export const ONCE_MS = DAY_MS
/** How long a request may take before a repeat of it may run: a crash must not block the key for a day. */
export const ONCE_LEASE_MS = 30 * SECOND_MS
/** A longer answer is not kept; no idempotent route has one. */
export const ONCE_ANSWER_BYTES_MAX = 64 * 1024
/** Requests without a signature that change something, per address and minute. */
export const OPEN_POSTS_PER_MINUTE = 60
/** Addresses remembered; above it the one that was quiet longest is forgotten. */
export const ADDRESSES_MAX = 10_000
export const ADDRESS_WINDOW_MS = MINUTE_MS
/** Files of the pages, held in memory. */
export const FILES_MAX = 500
export const FILES_BYTES_MAX = 32 * 1024 * 1024
/** Lives of a brand that are looked at together, and those that are told whoever asks. */
export const LIVES_WALKED_MAX = 1000
export const LIVES_SHOWN = 50
/** Bots of the demo's crowd. */
export const CROWD_MAX = 200
