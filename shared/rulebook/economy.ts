/** What the platform watches in its economy: which inflation counts, what is too much, when the stock is audited. */

import { z } from 'zod'

/**
 * How inflation is measured: growth of the points outstanding, the same per account, or how much faster the points
 * grow than the accounts.
 */
export const INFLATIONS = ['stock', 'perCapita', 'stockOverUsers'] as const

const Share = (described: string) => z.number().min(0).max(10).describe(`${described}; 0.1 is 10 %`)

export const EconomyPolicy = z.strictObject({
  inflation: z
    .strictObject({
      definition: z
        .enum(INFLATIONS)
        .default('stock')
        .describe('The one that is alarmed on; all three are measured'),
      days: z.int().min(1).max(365).default(30).describe('Compared with so many days before'),
      warn: Share('Inflation above which operators are warned').default(0.1),
      critical: Share('Inflation above which points lose their worth').default(0.15),
    })
    .refine(({ warn, critical }) => warn <= critical, {
      message: 'not below `warn`',
      path: ['critical'],
    })
    .prefault({}),
  issuedPerSales: Share(
    'Value of the points given by sales, above which incentives are too much',
  ).default(0.03),
  highRung: z.int().min(1).max(9).default(3).describe('From this rung on a tier counts as high'),
  audit: z
    .strictObject({
      month: z.int().min(1).max(12).default(1).describe('On the first day of this month'),
      maxShare: Share('Value of the points outstanding by the sales of a year').default(0.02),
      maxPoints: z
        .int()
        .min(1)
        .max(1e15)
        .optional()
        .describe('Points outstanding, whatever the sales'),
    })
    .prefault({})
    .describe('Once a year the stock of points is looked at; above it a burn week is proposed'),
  survey: z
    .strictObject({
      everyDays: z.int().min(30).max(365).default(90).describe('Nobody is asked more often'),
      ofHundred: z.int().min(1).max(100).default(20).describe('So many of a hundred are asked'),
      afterDays: z.int().min(0).max(365).default(7).describe('So many days after they first came'),
    })
    .optional()
    .describe('Whether viewers would recommend the points; without it nobody is asked'),
})
export type EconomyPolicy = z.infer<typeof EconomyPolicy>
