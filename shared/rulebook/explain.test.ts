import { describe, expect, test } from 'vitest'
import { REASONS, type Reason, type Receipt } from '../receipt.ts'
import { explain } from './explain.ts'

const at = Date.UTC(2026, 4, 1, 12)
const midnightInShanghai = Date.UTC(2026, 4, 1, 16)
const ZONE = 'Asia/Shanghai'

const receipt = (change: Partial<Receipt> = {}): Receipt => ({
  seq: 1,
  rule: 'like',
  action: 'like',
  reason: 'earned',
  units: 2,
  counted: 2,
  baseMilli: 1000,
  multipliers: { heat: 1500, campaign: 1000, tier: 1000, personal: 1000 },
  multiplier: 1500,
  carry: 0,
  points: 3,
  bucket: 'spendable',
  growth: 0,
  rulebook: 1,
  atMs: at,
  ...change,
})
const zero = (change: Partial<Receipt>) => receipt({ points: 0, counted: 0, ...change })
const both = (r: Receipt) => [explain(r, 'zh', ZONE), explain(r, 'en', ZONE)]

describe('what was earned', () => {
  test('[EX1 000-09] an award says amount, action and multiplier', () => {
    expect(both(receipt())).toEqual(['+3 点赞 ×1.5', '+3 Like ×1.5'])
    expect(both(receipt({ action: 'order', first: true, multiplier: 2000, points: 2 }))).toEqual([
      '+2 下单 ×2 · 首单加倍',
      '+2 Order ×2 · first order',
    ])
    expect(both(receipt({ multiplier: 1000, points: 2 }))).toEqual(['+2 点赞', '+2 Like'])
  })

  test('[EX2] growth, points of one live and a stale room are named', () => {
    expect(both(receipt({ action: 'share', multiplier: 1000, points: 20, growth: 10 }))).toEqual([
      '+20 分享 · +10 成长值',
      '+20 Share · +10 growth',
    ])
    expect(both(receipt({ action: 'watch', points: 0, growth: 5 }))).toEqual([
      '+5 成长值 观看',
      '+5 growth Watching',
    ])
    expect(both(receipt({ bucket: 'session', stale: true, multiplier: 1000, points: 2 }))).toEqual([
      '+2 点赞 · 仅限本场 · 热度暂按 ×1',
      '+2 Like · this live only · heat counts as ×1 for now',
    ])
  })

  test('[EX3] a part of a point is kept and says so', () => {
    const part = receipt({ baseMilli: 100, counted: 3, multiplier: 1000, carry: 200, points: 0 })
    expect(both(part)).toEqual(['点赞已计，累积到 0.5 积分', 'Like counted, 0.5 of a point so far'])
  })
})

describe('what was not', () => {
  test('[EX4 000-09] a full day says the limit and when it opens again', () => {
    const full = zero({ reason: 'daily_cap', cap: 200, resetsAtMs: midnightInShanghai })
    expect(both(full)).toEqual([
      '今日点赞已满 200 次 · 明天 0 点再计',
      'Limit of 200 likes a day reached · again at midnight',
    ])
    const { cap: _, ...unknown } = full
    expect(both(unknown)).toEqual([
      '今日点赞已满 · 明天 0 点再计',
      'Limit of likes a day reached · again at midnight',
    ])
  })

  test('[EX5] the hour of reset is that of the reader', () => {
    const full = zero({ reason: 'daily_cap', cap: 200, resetsAtMs: midnightInShanghai })
    expect(explain(full, 'zh', 'UTC')).toBe('今日点赞已满 200 次 · 今天 16:00 再计')
    expect(explain(full, 'en', 'Asia/Tokyo')).toBe(
      'Limit of 200 likes a day reached · again tomorrow at 1:00',
    )
  })

  test('[EX6] a full minute says in how many seconds', () => {
    const full = zero({ reason: 'minute_cap', cap: 20, resetsAtMs: at + 37_100 })
    expect(both(full)).toEqual([
      '这一分钟点赞已满 20 次 · 38 秒后再计',
      'Limit of 20 likes a minute reached · again in 38 s',
    ])
  })

  test('[EX7] an award that a cap clamped says the award first', () => {
    const clamped = receipt({ reason: 'daily_cap', cap: 200, resetsAtMs: midnightInShanghai })
    expect(explain(clamped, 'zh', ZONE)).toBe('+3 点赞 ×1.5 · 今日点赞已满 200 次')
    const order = receipt({
      action: 'purchase',
      reason: 'award_cap',
      cap: 500,
      points: 500,
      multiplier: 1000,
    })
    expect(both(order)).toEqual([
      '+500 消费 · 已达单次上限 500 积分',
      '+500 Purchase · the most for one time: 500 points',
    ])
  })

  test('[EX10] a rule that pays a few times for ever says how often', () => {
    const full = zero({ action: 'invite', reason: 'once_only', cap: 10 })
    expect(both(full)).toEqual([
      '每人邀请好友已满 10 位',
      'Limit of 10 invited friends for one person reached',
    ])
    expect(both({ ...full, action: 'register', cap: 1 })[1]).toBe(
      'Registration: paid once per person, already yours',
    )
  })

  test('[EX8 000-09] every reason has a sentence of its own, short enough for the pill', () => {
    const reasons = Object.keys(REASONS) as Reason[]
    for (const lang of ['zh', 'en'] as const) {
      const said = reasons.map((reason) => explain(zero({ reason }), lang, ZONE))
      expect(new Set(said).size).toBe(reasons.length)
      for (const text of said) {
        expect(text.length).toBeGreaterThan(3)
        expect(text.length).toBeLessThanOrEqual(lang === 'zh' ? 20 : 50)
      }
    }
  })

  test('[EX9] a reason of a newer server still gets an answer', () => {
    const later = { ...zero({}), reason: 'of_tomorrow' as Reason }
    expect(both(later)).toEqual(['点赞未计积分', 'Like: no points'])
  })
})
