/** Invites as the inviter and operators see them. */

import type { InviteStep } from './rulebook/invite.ts'

/**
 * `pending`: the friend has something left to do. `held`: all is done, and people look at it first. `refused`: it
 * brings nothing, `why` says why. `lapsed`: the friend's time is over.
 */
export const INVITE_STANDINGS = ['pending', 'held', 'qualified', 'refused', 'lapsed'] as const
export type InviteStanding = (typeof INVITE_STANDINGS)[number]

/** What a guard of the rulebook found in an invite. */
export const SUSPICIONS = ['network', 'burst', 'idle'] as const
export type Suspicion = (typeof SUSPICIONS)[number]

/** Why a friend counts for nothing. `judged`: an operator took it for none. */
export const INVITE_REFUSALS = ['known', 'taken', 'perDay', 'perLife', 'judged'] as const
export type InviteRefusal = (typeof INVITE_REFUSALS)[number]

export interface InviteView {
  /** When the friend came. */
  atMs: number
  standing: InviteStanding
  /** What the inviter gets, or would have got. */
  points: number
  /** Left to do. */
  left: InviteStep[]
  /** By when; of `pending` only. */
  untilMs?: number
  why?: InviteRefusal
}

/** What a viewer is shown about inviting. */
export interface InvitesView {
  points: number
  invitedPoints: number
  due: InviteStep[]
  withinDays: number
  /** Friends for whom there is room today. */
  leftToday: number
  /** Newest first. */
  invites: InviteView[]
}
