import { expect, test } from 'vitest'
import { Buckets } from './buckets.ts'

const HOUR_MS = 3_600_000
const NOW_MS = 1_700_000_000_000
const TWO = { perMinute: 60, burst: 2 }

test('[GW6] a bucket lets its burst through, then one command each token', () => {
  const buckets = new Buckets()
  expect([0, 0, 0, 1000].map((ms) => buckets.take('like', TWO, NOW_MS + ms))).toEqual([
    0, 0, 1000, 0,
  ])
})

test('[GW6] a clock that is set back by an hour lets nobody wait for more than one token', () => {
  const buckets = new Buckets()
  buckets.take('like', TWO, NOW_MS + HOUR_MS)
  expect(buckets.take('like', TWO, NOW_MS)).toBe(1000)
  expect(buckets.take('like', TWO, NOW_MS + 1000)).toBe(0)
})
