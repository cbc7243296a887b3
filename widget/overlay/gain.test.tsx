/** What the pill says: one line for gains that come together, a reason for every zero. */

import { describe, expect, it } from 'vitest'
import type { Receipt } from '../../shared/receipt.ts'
import { bonusOf, isTold, mergeGain, notesOf } from './gain.ts'
import { receiptOf } from './testing.ts'

const merged = (...receipts: Receipt[]) => {
  const [first, ...others] = receipts
  if (!first) throw new Error('nothing to merge')
  return others.reduce(mergeGain, mergeGain(undefined, first))
}

describe('gain', () => {
  it('[O5] adds up what comes together, each action once', () => {
    const gain = merged(
      receiptOf({ points: 3, units: 3 }),
      receiptOf({ points: 2, units: 2 }),
      receiptOf({ action: 'comment', points: 5 }),
    )
    expect(gain.points).toBe(10)
    expect(gain.done).toEqual([
      { action: 'like', times: 5 },
      { action: 'comment', times: 1 },
    ])
    expect(gain.multiplier).toBe(1000)
  })

  it('[O5] names a multiplier only where it is the same for all', () => {
    const hot = { points: 3, multiplier: 1500 }
    expect(merged(receiptOf(hot), receiptOf(hot)).multiplier).toBe(1500)
    expect(merged(receiptOf(hot), receiptOf({ points: 1 })).multiplier).toBeUndefined()
  })

  it('[O5 000-09] a zero after a gain neither hides it nor changes its multiplier', () => {
    const gain = merged(
      receiptOf({ points: 3, multiplier: 1500 }),
      receiptOf({ reason: 'daily_cap', counted: 0, cap: 200 }),
    )
    expect(gain).toMatchObject({ points: 3, multiplier: 1500, last: { points: 3 } })
  })

  it('[O4 000-09] a zero alone says why', () => {
    const { last } = merged(receiptOf({ reason: 'daily_cap', counted: 0, cap: 200 }))
    expect(notesOf(last, 'zh')).toContain('今日点赞已满 200 次')
    expect(notesOf(last, 'en')).toContain('Limit of 200 likes a day reached')
  })

  it('[O4] the clock of watching is told only when it pays', () => {
    expect(isTold(receiptOf({ action: 'watch', reason: 'watch_counted' }))).toBe(false)
    expect(isTold(receiptOf({ action: 'watch', points: 50 }))).toBe(true)
    expect(isTold(receiptOf({ action: 'watch', growth: 5 }))).toBe(true)
    expect(isTold(receiptOf({ reason: 'minute_cap' }))).toBe(true)
  })

  it('[O4] names the largest bonus, and none at ×1', () => {
    const multipliers = { heat: 1200, campaign: 2000, tier: 1100, personal: 1000 }
    expect(bonusOf(receiptOf({ multiplier: 2640, multipliers }))).toBe('campaign')
    expect(bonusOf(receiptOf({}))).toBeUndefined()
  })
})
