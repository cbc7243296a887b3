/** The shape of a refusal. */

import { z } from 'zod'
import { ERRORS, type ErrorCode, type Refusal } from '../../../shared/errors.ts'
import { nothing, type Undescribed } from '../described.ts'
import { Count, Ms } from './basics.ts'
import { TierAsked } from './tiers.ts'

export const RefusalShape = z.object({
  ok: z.literal(false),
  code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
  retry: z.enum(['never', 'later', 'refresh']),
  field: z.string().exactOptional().describe('Where in the input, as a path: `rungs.0.points`'),
  afterMs: Count.exactOptional(),
  errorId: z.string().exactOptional(),
  have: Count.exactOptional().describe('Points that are there, where they are too few'),
  opensAtMs: Ms.exactOptional().describe('When the reward opens, where that is known'),
  fromMs: Ms.exactOptional().describe('From when it may hold, where a notice is needed'),
  tier: TierAsked.exactOptional().describe('The rung that is asked for'),
  elsewhere: Count.exactOptional().describe('Points that are good in other places only'),
  first: z
    .object({ atMs: Ms, clerk: z.string(), device: z.string() })
    .exactOptional()
    .describe('Of a code that was used before: the first use'),
}) satisfies z.ZodType<Refusal>

nothing<Undescribed<Refusal, z.output<typeof RefusalShape>>>()
