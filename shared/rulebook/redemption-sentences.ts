/** What a rulebook says about what points buy: the ratio, and how long before it may be less. */

import type { Rulebook } from './schema.ts'

/** Nothing where rewards cost what they are listed at. */
export function redemptionSentence(
  { redemption: { factor } }: Pick<Rulebook, 'redemption'>,
  lang: 'zh' | 'en',
): string | undefined {
  if (factor === 1) return undefined
  return lang === 'zh'
    ? `兑换奖品按标价的 ${factor} 倍扣积分，下单抵扣也按这个比例`
    : `Rewards cost ${factor} times their listed points, and points pay at checkout by the same ratio`
}

/** Nothing where none is promised. */
export function noticeSentence(
  { redemption: { noticeDays } }: Pick<Rulebook, 'redemption'>,
  lang: 'zh' | 'en',
): string | undefined {
  if (noticeDays === 0) return undefined
  return lang === 'zh'
    ? `积分能换的东西如果要变少，至少提前 ${noticeDays} 天公布`
    : `Should points buy less one day, it is published ${noticeDays} ${noticeDays === 1 ? 'day' : 'days'} before`
}
