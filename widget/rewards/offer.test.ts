/** What a viewer can do with a reward, by the clock and the balance that are shown. */

import { describe, expect, it } from 'vitest'
import type { RewardView } from '../../shared/rewards.ts'
import { HOUR_MS, MINUTE_MS } from '../../shared/time.ts'
import { shelfOf } from '../dev/shelf.ts'
import { lockNow, lockWords, ordered, priceWords } from './offer.ts'
import { REWARD_STRINGS } from './strings.ts'

const NOW_MS = Date.UTC(2026, 10, 21, 12, 0, 0)
const purse = { spendable: 1850, session: 0 }
const shelf = shelfOf(NOW_MS)
const get = (id: string): RewardView => {
  const found = shelf.find((one) => one.id === id)
  if (!found) throw new Error(id)
  return found
}
const words = (id: string, lang: 'zh' | 'en' = 'zh') => {
  const reward = get(id)
  const lock = lockNow(reward, purse, NOW_MS)
  return lock && lockWords(reward, lock, { t: REWARD_STRINGS[lang], lang, nowMs: NOW_MS })
}

describe('locks in plain words', () => {
  it('[RW1 002-24] says how many lives are missing', () => {
    expect(words('box')).toBe('再看 1 场直播解锁')
    expect(words('box', 'en')).toBe('Watch 1 more live to unlock')
  })
  it('[RW1] names the tier that may, and how much earlier it may', () => {
    expect(words('pot')).toBe('黄金会员可兑')
    expect(words('tea')).toMatch(/^黑钻会员提前 5 分钟 · .+ 开始$/)
  })
  it('[RW1] says what is missing, gone or used up, and when it comes again', () => {
    expect(words('mug')).toBe('还差 750')
    expect(words('rice')).toMatch(/^已兑完 · 11月23日 .+ 补货$/)
    expect(words('seat')).toMatch(/^每周限 1 件，已换过 · 11月24日 .+ 再来$/)
    expect(words('oats')).toBeUndefined()
  })
})

describe('what can be had', () => {
  it('[RW2 002-23] a flash ends by the server clock, whatever was read before', () => {
    const eggs = get('eggs')
    expect(lockNow(eggs, purse, NOW_MS)).toBeUndefined()
    expect(lockNow(eggs, purse, (eggs.closesAtMs ?? 0) - 1)).toBeUndefined()
    expect(lockNow(eggs, purse, eggs.closesAtMs ?? 0)).toEqual({ kind: 'over' })
  })
  it('[RW2] what opens opens by itself, and then the points are looked at', () => {
    const tea = get('tea')
    expect(lockNow(tea, purse, NOW_MS)?.kind).toBe('early')
    expect(lockNow(tea, purse, NOW_MS + 3 * MINUTE_MS)).toBeUndefined()
    expect(lockNow(tea, { spendable: 1, session: 0 }, NOW_MS + HOUR_MS)).toEqual({
      kind: 'points',
      missing: 1499,
    })
  })
  it('[RW2] counts only the points that may pay', () => {
    const session: RewardView = {
      ...get('oats'),
      cost: { points: 300, cashFen: 0, pay: 'session' },
    }
    expect(lockNow(session, purse, NOW_MS)).toEqual({ kind: 'points', missing: 300 })
    expect(lockNow(session, { spendable: 0, session: 300 }, NOW_MS)).toBeUndefined()
  })
  it('[RW3] first what runs out, then the most that can be had, then the nearest, then the locked', () => {
    expect(ordered(shelf, purse, NOW_MS).map(({ reward }) => reward.id)).toEqual([
      'eggs',
      'oats',
      'oil',
      'noodles',
      'honey',
      'coupon',
      'mug',
      'tea',
      'box',
      'pot',
      'seat',
      'rice',
    ])
  })
})

it('[RW4 002-19 002-22] a price is points, cash or both', () => {
  const of = (points: number, cashFen: number) =>
    priceWords({ cost: { points, cashFen, pay: 'any' } }, REWARD_STRINGS.zh)
  expect([of(1800, 990), of(1800, 0), of(0, 990)]).toEqual(['1,800 分 + ¥9.9', '1,800 分', '¥9.9'])
})
