import fc from 'fast-check'
import { expect, test } from 'vitest'
import { partOf } from './points.ts'

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
