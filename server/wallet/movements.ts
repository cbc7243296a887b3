/** Points that move without an action of the viewer, as the journal tells of them (layout in lua/movement.lua). */

import { BUCKETS, type Bucket } from '../../shared/receipt.ts'

/** Why they moved. The number is what the journal stores; it is never reused. */
export const MOVEMENT_CAUSES = { live_ended: 1 } as const
export type MovementCause = keyof typeof MOVEMENT_CAUSES

/** Where points are once they have left an account, or came from; one counter each. */
export const FLOWS = {
  issued: 10,
  transferredIn: 11,
  spent: 12,
  expired: 13,
  revoked: 14,
  transferredOut: 15,
} as const
export type Flow = keyof typeof FLOWS

export const MOVEMENT_PLACES = { ...BUCKETS, ...FLOWS } as const
export type MovementPlace = Bucket | Flow
