import { describe, expect, test } from 'vitest'
import { STUDIED, type Studied } from '../../shared/experiments.ts'
import { ArmSums, figuresOf, type Observation, verdictOf } from './compare.ts'
import { guardOf } from './guards.ts'
import { VIEWERS_LEAST } from './limits.ts'

/** A small generator of numbers, so that every run plays the same trials. */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

const one = (of: Partial<Record<Studied, number>>, before = 0): Observation => ({
  studied: STUDIED.map((name) => of[name] ?? 0),
  before,
})
const sums = (all: readonly Observation[]): ArmSums => {
  const arm = new ArmSums()
  for (const observation of all) arm.add(observation)
  return arm
}
const comparing = { pointValueFen: 1, arms: 1, isComplete: true }

/** Viewers as they are: most buy nothing, a few a lot; who buys much earns much. */
function viewers(n: number, roll: () => number, lift = 1): Observation[] {
  return Array.from({ length: n }, () => {
    const salesFen = roll() < 0.3 ? Math.round(5000 * lift * roll() * 4 * roll()) : 0
    const issued = Math.round(40 * roll() + salesFen / 100)
    return one({ salesFen, issued, net: Math.round(issued * roll()), acts: 1 }, 200 * roll())
  })
}

describe('a comparison', () => {
  test('[X14] of two arms that are alike finds a difference one time in twenty, in means and in shares', () => {
    const TRIALS = 400
    const roll = dice(7)
    const missed = { sales: 0, costShare: 0, inflation: 0 }
    for (let i = 0; i < TRIALS; i++) {
      const [arm, control] = [sums(viewers(300, roll)), sums(viewers(300, roll))]
      const figures = figuresOf('a', { arm, control }, comparing)
      for (const goal of ['sales', 'costShare', 'inflation'] as const)
        if (verdictOf(figures, goal) !== 'even') missed[goal]++
    }
    for (const times of Object.values(missed)) {
      expect(times / TRIALS).toBeGreaterThan(0.02)
      expect(times / TRIALS).toBeLessThan(0.085)
    }
  })

  test('[X14] finds what is there, and says which way is better', () => {
    const roll = dice(11)
    const [arm, control] = [sums(viewers(2000, roll, 1.5)), sums(viewers(2000, roll))]
    const figures = figuresOf('a', { arm, control }, comparing)
    expect(verdictOf(figures, 'sales')).toBe('better')
    expect(verdictOf(figures, 'costShare')).toBe('better')
    const { value = 0, difference = 0, low = 0, high = 0 } = figures.estimates.sales ?? {}
    expect(value - difference).toBeCloseTo(control.sum('salesFen') / 2000, 6)
    expect(low).toBeLessThan(difference)
    expect(high).toBeGreaterThan(difference)
    const back = figuresOf('a', { arm: control, control: arm }, comparing)
    expect(verdictOf(back, 'sales')).toBe('worse')
  })

  test('[X14] by hand: the interval of a mean is that of two samples of accounts', () => {
    const half = (n: number, high: number) =>
      sums(Array.from({ length: n }, (_, i) => one({ watchedSec: i % 2 === 0 ? 0 : high })))
    const figures = figuresOf('a', { arm: half(200, 20), control: half(100, 10) }, comparing)
    const margin = 1.96 * Math.sqrt((100 * 200) / 199 / 200 + (25 * 100) / 99 / 100)
    const { difference, low, high } = figures.estimates.watched ?? {}
    expect(difference).toBe(5)
    expect(low).toBeCloseTo(5 - margin, 9)
    expect(high).toBeCloseTo(5 + margin, 9)
  })

  test('[X14] is wider where several arms are compared at once', () => {
    const roll = dice(3)
    const [arm, control] = [sums(viewers(500, roll)), sums(viewers(500, roll))]
    const width = (arms: number) => {
      const { low = 0, high = 0 } =
        figuresOf('a', { arm, control }, { ...comparing, arms }).estimates.sales ?? {}
      return high - low
    }
    expect(width(2)).toBeGreaterThan(width(1))
    expect(width(4)).toBeGreaterThan(width(3))
  })

  test('[X14] says nothing before the time is over, of too few viewers, or of a share of next to nothing', () => {
    const roll = dice(5)
    const many = sums(viewers(500, roll))
    const few = sums(viewers(VIEWERS_LEAST - 1, roll))
    const of = (arm: ArmSums, control: ArmSums, isComplete = true) =>
      figuresOf('a', { arm, control }, { ...comparing, isComplete })
    expect(of(many, many, false).estimates.sales).not.toHaveProperty('difference')
    expect(verdictOf(of(few, many), 'sales')).toBe('few')
    expect(verdictOf(of(many, few), 'sales')).toBe('few')
    const poor = sums(
      Array.from({ length: 500 }, (_, i) => one({ issued: 1, salesFen: i === 0 ? 9 : 0 })),
    )
    expect(verdictOf(of(poor, many), 'costShare')).toBe('few')
    expect(of(sums([one({ issued: 5 })]), many).estimates).not.toHaveProperty('costShare')
  })
})

describe('a guard', () => {
  const arm = (of: Partial<Record<Studied, number>>, before = 0) => sums([one(of, before), one({})])
  const guards = { fromViewers: 2 }

  test.each([
    [
      'cost',
      { costMille: 100 },
      arm({ issued: 101, salesFen: 1000 }),
      arm({ issued: 100, salesFen: 1000 }),
    ],
    ['cost', { costMille: 100 }, arm({ issued: 1 }), arm({})],
    ['inflation', { inflationMille: 150 }, arm({ net: 151 }, 1000), arm({ net: 150 }, 1000)],
    ['refused', { refusedMille: 500 }, arm({ refused: 6, acts: 5 }), arm({ refused: 5, acts: 5 })],
  ])('[X15] of %s ends an arm above its line and not on it', (why, guard, above, at) => {
    expect(guardOf(above, { ...guards, ...guard }, 1)).toBe(why)
    expect(guardOf(at, { ...guards, ...guard }, 1)).toBeUndefined()
    expect(guardOf(above, { ...guard, fromViewers: 3 }, 1)).toBeUndefined()
    expect(guardOf(above, guards, 1)).toBeUndefined()
  })
})
