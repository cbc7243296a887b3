/** What purchases pay beside the earn rules, and what a refund takes back. */

import { z } from 'zod'

/** Growth may be left to the viewer; points that the order earned never are, as far as they are still there. */
export const Refund = z.strictObject({
  floor: z
    .literal('zero')
    .default('zero')
    .describe('A refund takes what is there and never makes a debt'),
  growth: z.enum(['take', 'keep']).default('take'),
})

export const PurchasePolicy = z.strictObject({
  firstOrder: z
    .number()
    .min(1)
    .max(6)
    .refine((n) => Number.isInteger(Math.round(n * 1e6) / 1e3), {
      message: 'at most three decimals',
    })
    .default(1)
    .describe('Multiplier of the first purchase of an account, once for ever'),
  leastOrderFen: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(100)
    .describe(
      'What is paid below it is a purchase only: no rule, task, quest or invite counts it as an order',
    ),
  refund: Refund.prefault({}),
})
export type PurchasePolicy = z.infer<typeof PurchasePolicy>
