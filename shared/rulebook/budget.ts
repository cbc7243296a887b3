/** How many points a live may pay for what viewers do in its room. */

import { z } from 'zod'
import type { Lang } from './labels.ts'

export const AT_CAP = ['clamp', 'refuse'] as const

export const BudgetPolicy = z.strictObject({
  points: z
    .int()
    .min(1)
    .max(1_000_000_000_000)
    .describe(
      'Most points that one live pays for what its viewers do: likes, comments, shares, watching, tasks without places. ' +
        'Orders, invites and tasks with places have limits of their own.',
    ),
  atCap: z
    .enum(AT_CAP)
    .default('clamp')
    .describe(
      'An award that would pass the budget: `clamp` pays what is left, `refuse` pays nothing of it',
    ),
})
export type BudgetPolicy = z.infer<typeof BudgetPolicy>

/** What viewers are told; undefined where there is no budget. */
export function budgetSentence(policy: BudgetPolicy | undefined, lang: Lang): string | undefined {
  if (!policy) return undefined
  const points = policy.points.toLocaleString('en-US')
  const whole = policy.atCap === 'refuse'
  if (lang === 'zh')
    return whole
      ? `每场直播的互动最多发 ${points} 分，剩下的不够一次的得分时，这一次不发。`
      : `每场直播的互动最多发 ${points} 分，最后一次只发剩下的。`
  return whole
    ? `A live pays at most ${points} points for what viewers do; what does not fit whole is not paid.`
    : `A live pays at most ${points} points for what viewers do; the last award is what is left.`
}
