import { describe, expect, test } from 'vitest'
import { median, pairedRatio, percentile } from './stats.ts'

describe('what repetitions say', () => {
  test('the median of an odd and an even number of values, in any order', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([4, 1, 3, 100])).toBe(3.5)
    expect(median([])).toBeNaN()
  })

  test('a percentile is a value that occurred, by nearest rank', () => {
    const hundred = Float64Array.from({ length: 100 }, (_, i) => 100 - i)
    expect(percentile(hundred, 0.5)).toBe(50)
    expect(percentile(hundred, 0.99)).toBe(99)
    expect(percentile(hundred, 1)).toBe(100)
    expect(percentile(Float64Array.of(7), 0.99)).toBe(7)
    expect(percentile(new Float64Array(), 0.5)).toBeNaN()
  })

  test('a repetition that was slow for both does not change the ratio', () => {
    expect(pairedRatio([20, 2, 22], [10, 1, 11])).toBe(2)
  })
})
