/** How many points the platform may issue: a part of its sales, in money. */

import { z } from 'zod'
import { decimal } from './parts.ts'

const AT_ISSUANCE_CAP = ['off', 'reject', 'brownout'] as const
const PERIODS = ['rolling', 'year'] as const
/** Receipts have room for so many. */
const LEVELS_MAX = 7
/** Of the ratio's precision: a hundredth of a percent. */
const BPS = 10_000

const Level = z.strictObject({
  from: decimal(1).min(0.01).max(0.999).describe('Part of the cap from which on it holds'),
  factor: decimal(1).min(0.01).max(0.99).describe('What is left of an award'),
})

export const IssuancePolicy = z.strictObject({
  atCap: z
    .enum(AT_ISSUANCE_CAP)
    .default('brownout')
    .describe(
      '`brownout` shrinks awards from the levels of use on and refuses what would pass the cap, `reject` only refuses, ' +
        '`off` counts and bounds nothing',
    ),
  ratio: z
    .number()
    .min(0.0001)
    .max(0.2)
    .refine((n) => Number.isInteger(Math.round(n * BPS * 1e6) / 1e6), {
      message: 'at most four decimals',
    })
    .default(0.02)
    .describe(
      'Worth of the points issued in a period, as part of its sales; usual are 0.01 to 0.03',
    ),
  period: z
    .enum(PERIODS)
    .default('rolling')
    .describe(
      '`rolling` is the last 365 days, `year` the calendar year; both by the platform’s days',
    ),
  levels: z
    .array(Level)
    .min(1)
    .max(LEVELS_MAX)
    .refine((all) => all.every((one, i) => i === 0 || one.from > (all[i - 1]?.from ?? 0)), {
      message: 'each level begins above the one before',
    })
    .refine((all) => all.every((one, i) => i === 0 || one.factor < (all[i - 1]?.factor ?? 1)), {
      message: 'each level leaves less than the one before',
    })
    .default([
      { from: 0.8, factor: 0.7 },
      { from: 0.9, factor: 0.4 },
      { from: 0.95, factor: 0.2 },
    ])
    .describe(
      'Brown-out: from the first on by use or by hand; an operator and the economy’s alarm set them too',
    ),
  byAlarm: z
    .boolean()
    .default(false)
    .describe(
      'Whether inflation above `economy.inflation.warn` sets the first level of the brown-out, above `critical` the ' +
        'second, until a day is closed below it. A young platform grows faster than any such line',
    ),
})
export type IssuancePolicy = z.infer<typeof IssuancePolicy>
