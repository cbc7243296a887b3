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
  const [first] = withRecommended(shelf, { orders, together: [] })
  return first?.recommended && first.id
}

it('[TG12 003-15] the largest saving for who buys often, a small coupon for the others, nothing that is locked', () => {
  expect(firstFor(0)).toBeUndefined()
  expect(firstFor(1)).toBe('five')
  expect(firstFor(3)).toBe('fifty')
  expect(withRecommended(shelf, { orders: 3, together: [] })).toHaveLength(shelf.length)
  expect(withRecommended([], { orders: 3, together: [] })).toEqual([])
})

it('[TG12 002-55] what others took who took the same comes before any coupon, and never what is locked or gone', () => {
  const tea = { zh: '龙井', en: 'tea' }
  const known = (...ids: string[]) => ({
    orders: 3,
    together: ids.map((reward) => ({ reward, with: tea })),
  })
  const [first, ...others] = withRecommended(shelf, known('gone', 'gold', 'mug', 'five'))
  expect(first).toMatchObject({
    id: 'mug',
    recommended: { zh: '换过「龙井」的人常换它', en: 'Who took tea often takes this' },
  })
  expect(others.map(({ id }) => id)).toEqual(['five', 'fifty', 'gold'])
  expect(withRecommended(shelf, known('gold'))[0]?.id).toBe('fifty')
})
