import fc from 'fast-check'
import { expect, test } from 'vitest'
import { coarse, metresBetween } from './distance.ts'

const place = fc.record({
  lat: fc.double({ min: -90, max: 90, noNaN: true }),
  lon: fc.double({ min: -180, max: 180, noNaN: true }),
})

test('known distances, within half a percent', () => {
  const hangzhou = { lat: 30.2741, lon: 120.1551 }
  const shanghai = { lat: 31.2304, lon: 121.4737 }
  expect(metresBetween(hangzhou, shanghai) / 1000).toBeCloseTo(164.6, 0)
  // Over the date line, and over the pole.
  expect(metresBetween({ lat: 0, lon: 179.5 }, { lat: 0, lon: -179.5 }) / 1000).toBeCloseTo(
    111.2,
    0,
  )
  expect(metresBetween({ lat: 89, lon: 0 }, { lat: 89, lon: 180 }) / 1000).toBeCloseTo(222.4, 0)
})

test('it is the same both ways, nothing to oneself, and never longer than half around the earth', () => {
  fc.assert(
    fc.property(place, place, (a, b) => {
      expect(metresBetween(a, b)).toBeCloseTo(metresBetween(b, a), 3)
      expect(metresBetween(a, a)).toBe(0)
      expect(metresBetween(a, b)).toBeLessThanOrEqual(20_016_000)
    }),
  )
})

test('a coarse place is at most about 80 m away', () => {
  fc.assert(
    fc.property(place, (a) => {
      expect(metresBetween(a, coarse(a))).toBeLessThan(80)
    }),
  )
})
