/** A part of what was paid that comes back as points, when the order can no longer be sent back. */

import { z } from 'zod'
import { RuleId } from './parts.ts'

const PerMille = z.int().min(0).max(500)

export const CashbackPolicy = z.strictObject({
  perMille: PerMille.describe('Of what was paid, in thousandths; 20 is 2 %'),
  categories: z
    .array(z.strictObject({ category: RuleId, perMille: PerMille }))
    .max(40)
    .refine((all) => new Set(all.map(({ category }) => category)).size === all.length, {
      message: 'each category once',
    })
    .default([])
    .describe('Other parts for what is bought of these'),
  minFen: z.int().min(0).max(100_000_000).default(0).describe('Smaller orders bring none'),
  maxPoints: z.int().min(1).max(1_000_000).optional().describe('Most points of one order'),
  afterDays: z
    .int()
    .min(1)
    .max(90)
    .default(7)
    .describe('Pending so long, while it may be sent back'),
  withEarned: z
    .enum(['less', 'beside'])
    .default('less')
    .describe('`less`: what the order earned by rules is taken off; `beside`: both are paid'),
})
export type CashbackPolicy = z.infer<typeof CashbackPolicy>
