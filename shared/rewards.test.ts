import { expect, test } from 'vitest'
import { bestAffordable, halfAndHalf, impliedValue, payable } from './rewards.ts'

const title = { zh: '燕麦', en: 'Oats' }
const at = (id: string, points: number, more: object = {}) => ({
  id,
  title,
  cost: { points, cashFen: 0, pay: 'any' as const },
  worthFen: points,
  ...more,
})

test('[003-18] a price is split in halves, and the odd fen is cash', () => {
  expect(halfAndHalf(3580, 1)).toEqual({ points: 1790, cashFen: 1790, pay: 'any' })
  expect(halfAndHalf(3581, 1)).toEqual({ points: 1790, cashFen: 1791, pay: 'any' })
  expect(halfAndHalf(3580, 2)).toEqual({ points: 895, cashFen: 1790, pay: 'any' })
})

test('a point is worth what is left of the price, over the points; half and double are the edges', () => {
  expect(impliedValue({ points: 1800, cashFen: 990 }, 2790, 1)).toEqual({ ratioMilli: 1000 })
  expect(impliedValue({ points: 1000, cashFen: 0 }, 2000, 1)).toEqual({ ratioMilli: 2000 })
  expect(impliedValue({ points: 1000, cashFen: 0 }, 2001, 1)).toMatchObject({ warning: 'high' })
  expect(impliedValue({ points: 1000, cashFen: 0 }, 500, 1)).toEqual({ ratioMilli: 500 })
  expect(impliedValue({ points: 1000, cashFen: 0 }, 499, 1)).toMatchObject({ warning: 'low' })
})

test('the best that can be had is the dearest that nothing locks', () => {
  const shelf = [
    at('small', 100),
    at('oats', 1850),
    at('gold', 1849, { lock: { kind: 'over' } }),
    at('dear', 1851),
  ]
  const purse = { spendable: 1850, session: 0 }
  expect(bestAffordable(shelf, purse)?.id).toBe('oats')
  expect(bestAffordable(shelf, { spendable: 99, session: 0 })).toBeUndefined()
  expect(payable('session', { spendable: 5, session: 7 })).toBe(7)
})
