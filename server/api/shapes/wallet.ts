/** Shapes of what an account has and of what came in and left, in points. */

import { z } from 'zod'
import { Count } from './basics.ts'

/** Points that are given, taken or moved at once. */
export const Amount = z.int().min(1).max(1_000_000_000)

export const Balances = z.object({
  spendable: Count,
  session: Count,
  pending: Count,
  held: Count,
  frozen: Count,
})

export const Flows = z.object({
  issued: Count,
  transferredIn: Count,
  spent: Count,
  expired: Count,
  revoked: Count,
  transferredOut: Count,
})
