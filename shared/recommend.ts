/** Which reward suits a viewer best: what others took who took the same, else a coupon by how often they buy. */

import type { RewardView } from './rewards.ts'
import type { Label } from './rulebook/parts.ts'

/** From so many orders on somebody buys often. */
const OFTEN_ORDERS = 3

const OFTEN: Label = { zh: '您常下单，这张省得最多', en: 'You order often: this one saves most' }
const AT_TIMES: Label = {
  zh: '小额券，下次下单就能用',
  en: 'A small coupon for your next order',
}
const wentWith = ({ zh, en }: Label): Label => ({
  zh: `换过「${zh}」的人常换它`,
  en: `Who took ${en} often takes this`,
})

interface Known {
  orders: number
  /** What goes with what the viewer took, most often first. */
  together: readonly { reward: string; with: Label }[]
}

const isOpen = ({ lock }: RewardView): boolean => !lock || lock.kind === 'points'

function bestOf(
  rewards: readonly RewardView[],
  { orders, together }: Known,
): { reward: RewardView; why: Label } | undefined {
  const open = rewards.filter(isOpen)
  for (const one of together) {
    const reward = open.find(({ id }) => id === one.reward)
    if (reward) return { reward, why: wentWith(one.with) }
  }
  const coupons = open
    .filter(({ kind }) => kind === 'coupon')
    .sort((a, b) => a.worthFen - b.worthFen || (a.id < b.id ? -1 : 1))
  const often = orders >= OFTEN_ORDERS
  const reward = orders === 0 ? undefined : often ? coupons.at(-1) : coupons[0]
  return reward && { reward, why: often ? OFTEN : AT_TIMES }
}

/** The rewards with one of them first, marked and why; as they are where nothing is known of the viewer, or none is open to them. */
export function withRecommended(rewards: readonly RewardView[], known: Known): RewardView[] {
  const best = bestOf(rewards, known)
  if (!best) return [...rewards]
  const marked = { ...best.reward, recommended: best.why }
  return [marked, ...rewards.filter((reward) => reward !== best.reward)]
}
