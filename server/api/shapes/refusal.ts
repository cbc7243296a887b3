/** The shape of a refusal on a socket. */

import { z } from 'zod'
import { Ms } from './basics.ts'
import { TierAsked } from './tiers.ts'

export const RefusalShape = z.object({
  ok: z.literal(false),
  code: z.string(),
  retry: z.enum(['never', 'later', 'refresh']),
  field: z.string().exactOptional(),
  afterMs: z.int().exactOptional(),
  have: z.int().exactOptional(),
  opensAtMs: Ms.exactOptional(),
  fromMs: Ms.exactOptional(),
  tier: TierAsked.exactOptional(),
  elsewhere: z.int().exactOptional(),
})
