/** Every refusal there is. A refusal is a value; faults in us are exceptions and reach a client as `internal`. */

import type { Label } from './rulebook/schema.ts'

export interface ErrorEntry {
  /** `never`: the same input is refused again. `later`: come back after `afterMs`. `refresh`: get a new ticket. */
  retry: 'never' | 'later' | 'refresh'
  http: number
  what: string
}

export const ERRORS = {
  bad_request: {
    retry: 'never',
    http: 400,
    what: 'The input does not fit the schema; `field` names where.',
  },
  unknown_command: { retry: 'never', http: 404, what: 'No command of that name.' },
  not_found: { retry: 'never', http: 404, what: 'What the input names does not exist.' },
  forbidden: {
    retry: 'never',
    http: 403,
    what: 'The role or room of the ticket does not allow this.',
  },
  rate_limited: {
    retry: 'later',
    http: 429,
    what: 'More commands than the limit of this command.',
  },
  busy: { retry: 'later', http: 503, what: 'The service cannot take this now; nothing was lost.' },
  internal: {
    retry: 'later',
    http: 500,
    what: 'A fault in the service; `errorId` finds it in the log.',
  },
  too_old: {
    retry: 'never',
    http: 409,
    what: 'The sequence number is 32 or more behind the highest applied one.',
  },
  session_expired: {
    retry: 'refresh',
    http: 409,
    what: 'The client session was replaced by eight newer ones.',
  },
  id_conflict: {
    retry: 'never',
    http: 409,
    what: 'The same idempotency key came with another body.',
  },
  issuance_cap: {
    retry: 'later',
    http: 409,
    what: 'The platform has issued as many points as its sales allow; there is room again when sales grow or the period moves on.',
  },
  invites_off: { retry: 'never', http: 409, what: 'The rulebook does not pay invites.' },
  invite_judged: {
    retry: 'never',
    http: 409,
    what: 'Somebody has said the opposite of this invite before; that stands.',
  },
  invite_refused: {
    retry: 'never',
    http: 409,
    what: 'Nobody invites oneself, one who was invited or there before, or the own inviter; `field` names who.',
  },
  refund_too_much: {
    retry: 'never',
    http: 409,
    what: 'More than what is left of the order, or nothing is left.',
  },
  archive_elsewhere: {
    retry: 'never',
    http: 409,
    what: 'So far back only the archive goes: it is not on this machine, or too long to be read in one request; `npm run archive -- statement` reads it.',
  },
  identity_taken: {
    retry: 'never',
    http: 409,
    what: 'The identity belongs to another account; POST /v1/merges makes the two one.',
  },
  already_one: { retry: 'never', http: 409, what: 'Both names lead to one account already.' },
  merge_closed: {
    retry: 'never',
    http: 409,
    what: 'The merge is more than 30 days old, or its account was merged on; undo that one first.',
  },
  identity_last: {
    retry: 'never',
    http: 409,
    what: 'The last identity of an account stays, or nobody would find it again.',
  },
  identities_full: {
    retry: 'never',
    http: 409,
    what: 'The account already has as many identities as allowed.',
  },
  points_short: {
    retry: 'never',
    http: 409,
    what: 'Fewer points than that; `have` says how many there are.',
  },
  points_elsewhere: {
    retry: 'never',
    http: 409,
    what: 'There are enough points, but too few that are good here: `have` of them, `elsewhere` in other rooms, with other hosts or at other brands.',
  },
  account_frozen: {
    retry: 'never',
    http: 403,
    what: 'The account is frozen: it earns and spends nothing until it is let go on.',
  },
  checkout_limit: {
    retry: 'never',
    http: 409,
    what: 'More or fewer points than the rulebook lets pay an order; `have` is the limit.',
  },
  gifts_off: { retry: 'never', http: 403, what: 'Points cannot be given to others here.' },
  gift_limit: {
    retry: 'never',
    http: 409,
    what: 'More than may be given: `field` names the limit, `have` what is left of it.',
  },
  too_many_holds: {
    retry: 'later',
    http: 409,
    what: 'The account has as many open holds as allowed.',
  },
  hold_not_found: { retry: 'never', http: 404, what: 'No hold of that id.' },
  hold_closed: {
    retry: 'never',
    http: 409,
    what: 'The hold was captured or voided before; nothing changed.',
  },
  hold_expired: {
    retry: 'never',
    http: 409,
    what: 'The deadline of the hold has passed; its points go back.',
  },
  ticket_missing: {
    retry: 'refresh',
    http: 401,
    what: 'The handshake carries neither a ticket nor a resume token.',
  },
  ticket_invalid: {
    retry: 'refresh',
    http: 401,
    what: 'The ticket is malformed, wrongly signed or not for this room.',
  },
  ticket_expired: { retry: 'refresh', http: 401, what: 'The ticket was not used within its time.' },
  ticket_revoked: { retry: 'never', http: 403, what: 'The ticket or its viewer was revoked.' },
  protocol_unsupported: {
    retry: 'never',
    http: 426,
    what: 'The client speaks a protocol this server does not.',
  },
  too_many_sockets: {
    retry: 'later',
    http: 429,
    what: 'The viewer already has as many sockets in this room as allowed.',
  },
  room_not_found: { retry: 'never', http: 404, what: 'No room of that id.' },
  room_ended: { retry: 'never', http: 409, what: 'The live has ended; it takes no more actions.' },
  room_open: { retry: 'never', http: 409, what: 'The room already has a live that has not ended.' },
  room_ending: {
    retry: 'later',
    http: 409,
    what: 'The live before has ended and its points are still being settled; the next one can begin in a moment.',
  },
  room_full: {
    retry: 'never',
    http: 409,
    what: 'The room already runs as many tasks or campaigns as allowed.',
  },
  too_many_webhooks: {
    retry: 'never',
    http: 409,
    what: 'The brand already has as many webhooks as allowed.',
  },
  club_limit: {
    retry: 'never',
    http: 409,
    what: 'More than fan clubs allow: `field` names the limit, clubs of an account or points of tasks, `have` what is left of it.',
  },
  team_limit: {
    retry: 'never',
    http: 409,
    what: 'No place in the team: `field` says why, `team` for who is in another one, `size`, `network` for too many from one network, `person` for who is in it already, `budget` where no more teams are paid.',
  },
  task_closed: { retry: 'never', http: 409, what: 'The task is over.' },
  cue_gone: { retry: 'never', http: 409, what: 'The cue was already announced or skipped.' },
  sold_out: { retry: 'never', http: 409, what: 'Nothing of it is left; nothing was taken.' },
  reward_closed: {
    retry: 'never',
    http: 409,
    what: 'The reward cannot be taken at this time: before it opens (at `opensAtMs`, where that is known), after it closed, or withdrawn.',
  },
  reward_limit: {
    retry: 'never',
    http: 409,
    what: 'The viewer has taken as many of the reward as one may.',
  },
  reward_locked: {
    retry: 'never',
    http: 409,
    what: 'The reward is for a higher tier (`tier` names it), or for who has watched more lives.',
  },
  reward_invalid: {
    retry: 'never',
    http: 422,
    what: 'The reward does not fit its rules; `field` names where.',
  },
  price_changed: {
    retry: 'never',
    http: 409,
    what: 'It costs more than was shown (`have` says how many points now); nothing was taken.',
  },
  redemption_closed: {
    retry: 'never',
    http: 409,
    what: 'The redemption is over, or its time for this has passed.',
  },
  already_used: {
    retry: 'never',
    http: 409,
    what: 'The pick-up code was used before; the answer says when and by which clerk.',
  },
  not_on_sale: {
    retry: 'never',
    http: 409,
    what: 'The rulebook does not sell this, or the viewer has it already.',
  },
  text_refused: {
    retry: 'never',
    http: 422,
    what: 'The text has a link, a blocked word, or nothing to read.',
  },
  limit_reached: {
    retry: 'never',
    http: 409,
    what: 'More than one viewer may have of this; nothing was taken.',
  },
  stage_safe: {
    retry: 'later',
    http: 409,
    what: 'The host has silenced the picture; nothing was taken.',
  },
  tier_needed: {
    retry: 'never',
    http: 403,
    what: 'For a higher tier: `tier` names the rung and how much growth is missing.',
  },
  draw_closed: { retry: 'never', http: 409, what: 'The draw or vote is over; nothing was taken.' },
  ask_gone: { retry: 'never', http: 409, what: 'The broadcast was decided, or waited too long.' },
  signature_invalid: {
    retry: 'never',
    http: 401,
    what: 'The request is not signed as it must be.',
  },
  signature_stale: {
    retry: 'refresh',
    http: 401,
    what: 'The signature is more than five minutes old or ahead.',
  },
  rulebook_invalid: {
    retry: 'never',
    http: 422,
    what: 'The rulebook does not fit the schema; `field` names where.',
  },
  rulebook_moved: {
    retry: 'never',
    http: 409,
    what: 'Another version was published since the one that this was made from.',
  },
  notice_needed: {
    retry: 'never',
    http: 409,
    what: 'Points would buy less sooner than viewers are promised: `field` names what is cut, `fromMs` from when it may hold if it is published now.',
  },
  draft_changed: {
    retry: 'never',
    http: 409,
    what: 'Somebody else changed the draft, published it or gave it up; read it again.',
  },
  experiment_field: {
    retry: 'never',
    http: 422,
    what: 'An arm of an experiment may not differ there, or not by that value; `field` names where.',
  },
  experiment_runs: {
    retry: 'never',
    http: 409,
    what: 'Another experiment runs; one ends before the next begins.',
  },
  experiment_state: {
    retry: 'never',
    http: 409,
    what: 'The experiment was started already, or is over, or was not started yet.',
  },
  review_needed: {
    retry: 'never',
    http: 403,
    what: 'Rules are published by another operator than the one who changed the draft last.',
  },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof ERRORS

export interface Refusal {
  ok: false
  code: ErrorCode
  retry: ErrorEntry['retry']
  /** Where in the input, as a path: `tasks.0.points`. */
  field?: string
  afterMs?: number
  errorId?: string
  /** Points there are, where they are too few. */
  have?: number
  /** `reward_closed`: when it opens, where that is known. */
  opensAtMs?: number
  /** `notice_needed`: from when it may hold. */
  fromMs?: number
  /** The rung that is asked for, and the growth that is still missing for it. */
  tier?: { rung: number; label: Label; growthMissing: number }
  /** Points that are good in other places only. */
  elsewhere?: number
  /** `already_used`: the use that came first. */
  first?: { atMs: number; clerk: string; device: string }
}

export function refuse(
  code: ErrorCode,
  detail: Pick<
    Refusal,
    'field' | 'afterMs' | 'errorId' | 'have' | 'opensAtMs' | 'fromMs' | 'tier' | 'elsewhere'
  > = {},
): Refusal {
  return { ok: false, code, retry: ERRORS[code].retry, ...detail }
}

/**
 * Why the server ended a connection, sent as the last event (`server.goodbye`), because Socket.IO hides the
 * WebSocket close code. Below 4500 the client comes back with back-off; from 4500 on it does not.
 */
export const GOODBYES = {
  draining: 4001,
  slow_consumer: 4002,
  resync: 4003,
  overloaded: 4004,
  ticket_invalid: 4500,
  revoked: 4501,
  protocol_too_old: 4502,
  replaced: 4503,
  too_many_errors: 4504,
} as const

export type GoodbyeReason = keyof typeof GOODBYES
export const comesBack = (code: number): boolean => code < 4500
