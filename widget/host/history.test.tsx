/** The heat curve and the pace of points. */

import { describe, expect, it } from 'vitest'
import { addHeat, addIssued, type HeatPoint, type IssuedSample, paceOf } from './history.ts'
import { HEAT_POINTS_MAX } from './limits.ts'

describe('history', () => {
  it('keeps fifteen minutes at one point every five seconds, the newest up to date', () => {
    let points: readonly HeatPoint[] = []
    for (let ms = 0; ms <= 1_200_000; ms += 500)
      points = addHeat(points, { atMs: ms, value: ms, level: 0 })
    expect(points).toHaveLength(HEAT_POINTS_MAX)
    expect(points.at(-1)?.atMs).toBe(1_200_000)
    const gaps = points.slice(1, -1).map((p, i) => p.atMs - (points[i]?.atMs ?? 0))
    expect(new Set(gaps)).toEqual(new Set([5000]))
  })

  it('drops a pulse that is older than what it knows', () => {
    const points = addHeat([{ atMs: 10, value: 1, level: 0 }], { atMs: 5, value: 9, level: 1 })
    expect(points).toEqual([{ atMs: 10, value: 1, level: 0 }])
  })

  it('tells the pace of the last minute, and nothing before it knows ten seconds', () => {
    let samples: readonly IssuedSample[] = []
    for (let s = 0; s <= 9; s++) samples = addIssued(samples, { atMs: s * 1000, issued: s * 10 })
    expect(paceOf(samples)).toBeUndefined()
    for (let s = 10; s <= 300; s++) samples = addIssued(samples, { atMs: s * 1000, issued: s * 10 })
    expect(paceOf(samples)).toBe(600)
  })

  it('starts over where the count went back', () => {
    const samples = addIssued(
      [
        { atMs: 0, issued: 500 },
        { atMs: 20_000, issued: 900 },
      ],
      { atMs: 21_000, issued: 0 },
    )
    expect(paceOf(samples)).toBeUndefined()
  })
})
