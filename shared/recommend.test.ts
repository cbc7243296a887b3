import { expect, it } from 'vitest'
import { withRecommended } from './recommend.ts'
import type { RewardView } from './rewards.ts'

const reward = (id: string, worthFen: number, more: Partial<RewardView> = {}): RewardView => ({
  id,
  title: { zh: id, en: id },
  kind: 'coupon',
  cost: { points: worthFen, cashFen: 0, pay: 'any' },
  worthFen,
  value: { ratioMilli: 1000 },
  delivery: 'none',
  ...more,
})
const shelf = [
  reward('mug', 9000, { kind: 'item' }),
  reward('five', 500),
  reward('fifty', 5000),
  reward('gold', 9000, {
    lock: { kind: 'tier', rung: 3, label: { zh: '金', en: 'Gold' } },
  }),
]
const firstFor = (orders: number) => {
  const [first] = withRecommended(shelf, { orders })
  return first?.recommended && first.id
}

it('[TG12 003-15] the largest saving for who buys often, a small coupon for the others, nothing that is locked', () => {
  expect(firstFor(0)).toBeUndefined()
  expect(firstFor(1)).toBe('five')
  expect(firstFor(3)).toBe('fifty')
  expect(withRecommended(shelf, { orders: 3 })).toHaveLength(shelf.length)
  expect(withRecommended([], { orders: 3 })).toEqual([])
})
