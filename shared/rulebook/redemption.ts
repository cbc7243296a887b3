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
  noticeDays: z
    .int()
    .min(0)
    .max(90)
    .default(7)
    .describe(
      'Days that a version by which points buy less has to be published before it holds; 0: none. What reduces it holds for what follows',
    ),
})
export type RedemptionPolicy = z.infer<typeof RedemptionPolicy>

const THOUSAND = 1000

/** At checkout so many points pay so many fen. */
export interface PointRate {
  fen: number
  points: number
}

type Worth = { pointValueFen: number; redemption: { factor: number } }

/** In whole numbers, so that what is worth less than a fen is not lost. */
export const rateOf = ({ pointValueFen, redemption }: Worth): PointRate => ({
  fen: pointValueFen * THOUSAND,
  points: Math.round(redemption.factor * THOUSAND),
})

/** What points pay of an order at checkout, fen, rounded down; exact for any amount of points. */
export function fenOfPoints(points: number, book: Worth): number {
  const rate = rateOf(book)
  return Number((BigInt(points) * BigInt(rate.fen)) / BigInt(rate.points))
}
