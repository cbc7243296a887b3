/** What a rulebook says about the ratio of redemption; nothing where rewards cost what they are listed at. */

import type { Rulebook } from './schema.ts'

export function redemptionSentence(
  { redemption: { factor } }: Pick<Rulebook, 'redemption'>,
  lang: 'zh' | 'en',
): string | undefined {
  if (factor === 1) return undefined
  return lang === 'zh'
    ? `兑换奖品按标价的 ${factor} 倍扣积分，下单抵扣也按这个比例`
    : `Rewards cost ${factor} times their listed points, and points pay at checkout by the same ratio`
}
