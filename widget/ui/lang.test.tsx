/** Times as people read them. */

import { expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../shared/time.ts'
import { formatAway, formatSigned } from './lang.ts'

it('what is away is told in one unit and never as more than is left; the last minutes by the clock', () => {
  const told = [
    [3 * DAY_MS - 1, '2 天', '2 days'],
    [2 * DAY_MS - 1, '47 小时', '47 h'],
    [17 * HOUR_MS + 41 * MINUTE_MS, '17 小时', '17 h'],
    [HOUR_MS - 1, '59 分钟', '59 min'],
    [5 * MINUTE_MS, '5 分钟', '5 min'],
    [5 * MINUTE_MS - SECOND_MS, '4:59', '4:59'],
    [-1, '0:00', '0:00'],
  ] as const
  for (const [ms, zh, en] of told)
    expect([formatAway(ms, 'zh'), formatAway(ms, 'en')]).toEqual([zh, en])
})

it('a change has its sign, a true minus, and none where nothing changed', () => {
  expect([1200, -1200, 0].map((n) => formatSigned(n))).toEqual(['+1,200', '−1,200', '0'])
  expect(formatSigned(-0.5, (n) => `${n.toFixed(1)}%`)).toBe('−0.5%')
})
