/** Sizes and times of tickets, tokens and lists. */

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../shared/time.ts'

/** A ticket or token longer than this is not looked at, bytes. */
export const TOKEN_BYTES_MAX = 4096
/** From `iat` to `exp` of a room ticket. */
export const TICKET_LIFE_MS_MAX = 5 * MINUTE_MS
/** How far the clocks of a merchant's server and ours may be apart. */
export const TICKET_SKEW_MS = MINUTE_MS
export const RESUME_LIFE_MS = DAY_MS
/** A console's session; one that is open asks for a new one before. */
export const OPERATOR_LIFE_MS = 30 * MINUTE_MS
/** From an operator's ticket to the end of the last session that grew from it. */
export const OPERATOR_DAY_MS = 12 * HOUR_MS
/** A name as it comes, in code units; one that is longer makes the ticket invalid. */
export const NAME_UNITS_MAX = 400
/** A name as it is shown. */
export const NAME_GRAPHEMES_MAX = 24
/** Between a signature's time and ours, both ways. */
export const SIGNATURE_SKEW_MS = 300 * SECOND_MS
/** Digests in one signature header: rotation needs two. */
export const SIGNATURES_MAX = 4
/** Revocations in force; above it `revoke` answers `busy`. */
export const REVOKED_MAX = 100_000
/** As long as a token that was issued just before may live, and an hour for clocks and polls. */
export const REVOKED_LIFE_MS = RESUME_LIFE_MS + HOUR_MS
/** How often a gateway asks for new revocations. */
export const REVOKED_POLL_MS = 2 * SECOND_MS
/** Keys of one room; above it creating one is refused. */
export const STAGE_KEYS_MAX = 20
/** Bearers of one name that are read of each partition. */
export const NAMED_MAX = 10
/** Profiles read by one call. */
export const PROFILES_MAX = 500
/** Identities that one call of Redis is asked for; nobody else waits much longer for that. */
export const WHOSE_PER_CALL = 500
/** Identities that one account may be given; above it linking answers `identities_full`. */
export const LINKS_MAX = 16
/** With those that merges brought along. */
export const MERGED_LINKS_MAX = 128
/** How long an identity remembers which link was ended, so that a late step of it does nothing. */
export const UNLINKED_LIFE_MS = DAY_MS
/** An identity as it comes, in code units. */
export const IDENTITY_UNITS_MAX = 64
/** Who come in one turn of the loop: new account numbers, or entries, in one call of a partition. */
export const COMING_PER_CALL = 50
