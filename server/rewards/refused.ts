/** How a redemption that came to nothing is named to the viewer. */

import type { ErrorCode } from '../../shared/errors.ts'

const CODES = {
  sold_out: 'sold_out',
  limit: 'reward_limit',
  not_yet: 'reward_closed',
  over: 'reward_closed',
  early: 'reward_closed',
  tier: 'reward_locked',
  task: 'reward_locked',
  points: 'points_short',
} as const satisfies Record<string, ErrorCode>

/** `why` is the kind of a lock, or what the reward's slot wrote into the record. */
export const refusedAs = (why: string): ErrorCode =>
  CODES[why as keyof typeof CODES] ?? 'redemption_closed'
