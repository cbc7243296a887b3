/** What was earned and why, or why not: one receipt per command, also for a zero. */

import type { Multipliers } from './points.ts'

/** Things a viewer can do. The number is what records and scripts store; it is never reused. */
export const ACTIONS = {
  like: 1,
  comment: 2,
  question: 3,
  watch: 4,
  share: 5,
  browse: 6,
  vote: 7,
  sign_in: 8,
  join: 9,
  follow: 10,
  invite: 11,
  register: 12,
  purchase: 13,
  order: 14,
  review: 15,
  spotlight: 16,
  task: 17,
  deed: 18,
} as const
export type Action = keyof typeof ACTIONS

/** Wallet buckets. The number is what records store. */
export const BUCKETS = { spendable: 1, session: 2, pending: 3, held: 4, frozen: 5 } as const
export type Bucket = keyof typeof BUCKETS

/**
 * Why an action paid what it paid. `earned` and `progress` (counted towards a goal) are the good ones; all
 * others explain a zero or a clamped amount. The number is what scripts return; it is never reused.
 */
export const REASONS = {
  earned: 0,
  progress: 1,
  no_rule: 2,
  minute_cap: 3,
  live_cap: 4,
  daily_cap: 5,
  daily_points: 6,
  once_only: 7,
  award_cap: 8,
  budget: 9,
  frozen: 10,
  room_ended: 11,
  wallet_full: 12,
  issuance_cap: 13,
  comment_short: 20,
  comment_long: 21,
  comment_repeated: 22,
  comment_fast: 23,
  comment_link: 24,
  comment_blocked: 25,
  watch_started: 30,
  watch_early: 31,
  watch_stale: 32,
  watch_counted: 33,
  watch_elsewhere: 34,
  watch_hidden: 35,
  task_pending: 40,
  task_full: 41,
  quest_done: 42,
  share_unproven: 50,
} as const
export type Reason = keyof typeof REASONS

export interface Receipt {
  /** Number of the client command that caused it; 0 for what the server did by itself. */
  seq: number
  /** Id of the earn rule or quest, `task`, or other cause. */
  rule: string
  /** Of the quest that counted it or paid. */
  title?: { zh: string; en: string }
  action: Action
  reason: Reason
  /** What the viewer did, and how much of it counted after gate and caps. */
  units: number
  counted: number
  /** Thousandths of a point per unit, before multipliers. */
  baseMilli: number
  multipliers: Multipliers
  /** What was applied after stacking and ceiling, in thousandths. */
  multiplier: number
  /** Thousandths of a point carried in from earlier awards. */
  carry: number
  points: number
  bucket: Bucket
  growth: number
  /** Size of the cap that `reason` names: units, or points for `daily_points` and `award_cap`. */
  cap?: number
  /** When a cap opens again, Unix ms. */
  resetsAtMs?: number
  /** The room's context was older than allowed, so heat counted as x1.0. */
  stale?: true
  /** The brown-out that the multiplier is shrunk by: its level in the rulebook, and what it left, in thousandths. */
  brownout?: { level: number; factor: number }
  /** The first order of the account; its factor is the personal multiplier. */
  first?: true
  rulebook: number
  atMs: number
}
