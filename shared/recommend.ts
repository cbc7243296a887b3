/** Which reward suits a viewer best, by how they buy: large savings for who buys often, a small coupon for the others. */

import type { RewardView } from './rewards.ts'
import type { Label } from './rulebook/parts.ts'
import type { Figures } from './rulebook/targeting.ts'

/** From so many orders on somebody buys often. */
const OFTEN_ORDERS = 3

const OFTEN: Label = { zh: '您常下单，这张省得最多', en: 'You order often: this one saves most' }
const AT_TIMES: Label = {
  zh: '小额券，下次下单就能用',
  en: 'A small coupon for your next order',
}

/** The coupons with one of them marked and why; as they are where the viewer never bought, or none is open to them. */
export function withRecommended(
  rewards: readonly RewardView[],
  { orders }: Pick<Figures, 'orders'>,
): RewardView[] {
  const coupons = rewards
    .filter(({ kind, lock }) => kind === 'coupon' && (!lock || lock.kind === 'points'))
    .sort((a, b) => a.worthFen - b.worthFen || (a.id < b.id ? -1 : 1))
  const often = orders >= OFTEN_ORDERS
  const best = orders === 0 ? undefined : often ? coupons.at(-1) : coupons[0]
  if (!best) return [...rewards]
  const marked = { ...best, recommended: often ? OFTEN : AT_TIMES }
  return [marked, ...rewards.filter((reward) => reward !== best)]
}
