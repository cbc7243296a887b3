/** How a rung that was reached is kept, and when it is lost. */

import { z } from 'zod'

const days = (most: number) => z.int().min(1).max(most)

export const DemotionPolicy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('highWater') }).describe('A rung never falls by time'),
  z
    .strictObject({
      kind: z.literal('grace'),
      windowDays: days(366).default(30).describe('Whole days in which a rung has to be kept'),
      warnDays: days(30).default(7).describe('Nobody falls who was not told so long before'),
      share: z
        .number()
        .min(0)
        .max(1)
        .default(0.1)
        .describe('Growth asked in a window: part of what the rung needs, where it says no number'),
    })
    .refine(({ windowDays, warnDays }) => warnDays <= windowDays, {
      path: ['warnDays'],
      message: 'the warning comes within the window',
    })
    .describe('Who gathers too little in a window is warned and falls one rung'),
])
export type DemotionPolicy = z.infer<typeof DemotionPolicy>
