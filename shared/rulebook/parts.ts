/** What the parts of a rulebook are made of. */

import { z } from 'zod'
import { ID_PATTERN } from '../ids.ts'
import { MAX_MULTIPLIER, ONE } from '../points.ts'

/** At most three decimals: what is stored is thousandths. */
export const decimal = (max: number) =>
  z
    .number()
    .min(0)
    .max(max)
    .refine((n) => Number.isInteger(Math.round(n * 1e6) / 1e3), {
      message: 'at most three decimals',
    })
export const count = (max: number) => z.int().min(1).max(max)

/** A multiplier as people write it: 1.5 is x1.5. */
export const Factor = decimal(MAX_MULTIPLIER / ONE).describe('Multiplier, 1 is unchanged')
export const Label = z.strictObject({
  zh: z.string().min(1).max(60),
  en: z.string().min(1).max(60),
})
export type Label = z.infer<typeof Label>
export const RuleId = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/)

/** What a pack holds. */
export const PackContents = {
  points: z.int().min(0).max(1_000_000).default(0),
  gifts: z
    .array(
      z.strictObject({
        id: z.string().regex(ID_PATTERN).describe('Reward of the catalogue; it costs no points'),
        label: Label,
      }),
    )
    .max(5)
    .default([]),
}
