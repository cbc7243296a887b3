import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ONE, partOf, STACKINGS, stackMultipliers } from './points.ts'

test('[A30] a part is exact to the point for every share of whole percents, which binary fractions miss', () => {
  expect(partOf(100, 0.29)).toBe(29)
  expect(Math.floor(100 * 0.29)).toBe(28)
  fc.assert(
    fc.property(fc.nat(1_000_000_000), fc.nat(100), (amount, percent) => {
      const exact = Number((BigInt(amount) * BigInt(percent)) / 100n)
      expect(partOf(amount, percent / 100)).toBe(exact)
    }),
  )
})

test('multipliers stack as the rulebook says, rounded down and never above the ceiling', () => {
  const doubled = { heat: 2000, campaign: 2000, tier: ONE, personal: 1250 }
  const stacked = (ceiling: number) =>
    STACKINGS.map((stacking) => stackMultipliers(doubled, stacking, ceiling))
  expect(stacked(6000)).toEqual([5000, 3250, 2000])
  expect(stacked(3000)).toEqual([3000, 3000, 2000])
  expect(stackMultipliers({ ...doubled, campaign: 1001, tier: 1001 }, 'product', 6000)).toBe(2505)
})
