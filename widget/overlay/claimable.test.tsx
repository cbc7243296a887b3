/** What can still be earned today. */

import { describe, expect, it } from 'vitest'
import { claimable, type EarnView } from './claimable.ts'

const like: EarnView = { id: 'like', action: 'like', points: 1, perDay: 200 }
const watch: EarnView = {
  id: 'watch',
  action: 'watch',
  points: 50,
  minutes: 15,
  continuous: true,
  perDay: 2,
}
const buy: EarnView = { id: 'purchase', action: 'purchase', points: 1 }

const account = (used: Record<string, number>, points = 0, continuousMs = 0) => ({
  today: { points, used, resetsAtMs: 0 },
  live: { points: 0, watchedMs: 0, continuousMs, tasks: [] },
})

describe('claimable today', () => {
  it('[001-37] adds what the caps of the day leave; what has none is not in the sum', () => {
    expect(claimable([like, watch, buy], account({})).points).toBe(300)
    expect(claimable([like, watch, buy], account({ like: 42, watch: 1 })).points).toBe(208)
    expect(claimable([like, watch], account({ like: 200, watch: 2 })).points).toBe(0)
  })

  it('[001-37] never says more than the day allows over all', () => {
    expect(claimable([like], account({}, 1900), 2000).points).toBe(100)
    expect(claimable([like], account({}, 2100), 2000).points).toBe(0)
  })

  it('[004-02] shows how far the next award of watching is, within its own unit', () => {
    const [row] = claimable([watch], account({ watch: 1 }, 0, 15 * 60_000 + 11 * 60_000)).rows
    expect(row).toMatchObject({ watchedMs: 660_000, done: false })
    expect(row?.value).toBeCloseTo((11 / 15) * 100)
  })

  it('[004-02] shows how much of the day is used up, and when it is', () => {
    const [row] = claimable([like], account({ like: 50 })).rows
    expect(row).toMatchObject({ used: 50, value: 25, done: false })
    expect(claimable([like], account({ like: 200 })).rows[0]).toMatchObject({
      value: 100,
      done: true,
    })
    expect(claimable([watch], account({ watch: 2 }, 0, 60_000)).rows[0]).toMatchObject({
      value: 100,
      done: true,
    })
  })
})
