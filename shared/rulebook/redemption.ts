/** What points are worth when they are spent, all rewards at once: the ratio of redemption. */

import { z } from 'zod'

export const RedemptionPolicy = z.strictObject({
  factor: z
    .number()
    .min(0.5)
    .max(2)
    .default(1)
    .describe(
      'What rewards cost, as a multiple of their listed points, and what an order at checkout takes: at 1.25 it is 125 points a yuan instead of 100',
    ),
})
export type RedemptionPolicy = z.infer<typeof RedemptionPolicy>
