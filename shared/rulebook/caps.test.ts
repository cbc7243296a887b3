import { expect, test } from 'vitest'
import type { Reason } from '../receipt.ts'
import { capOf } from './caps.ts'
import { PRESETS } from './presets.ts'
import { Rulebook } from './schema.ts'

test('[EX11 000-09] a receipt can say how large the cap was that bound it', () => {
  const live = Rulebook.parse({ ...PRESETS.live, dailyPoints: 2000 })
  const mall = Rulebook.parse(PRESETS.mall)
  const found: [Rulebook, string, Reason, number | undefined][] = [
    [live, 'like', 'minute_cap', 20],
    [live, 'like', 'daily_cap', 200],
    [live, 'share', 'live_cap', 1],
    [live, 'register', 'once_only', 1],
    [live, 'like', 'daily_points', 2000],
    [mall, 'purchase', 'award_cap', 500],
    [live, 'like', 'earned', undefined],
    [live, 'gone', 'daily_cap', undefined],
  ]
  for (const [book, rule, reason, cap] of found) expect(capOf(book, rule, reason)).toBe(cap)
})
