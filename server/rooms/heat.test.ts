import { describe, expect, test } from 'vitest'
import { Heat } from '../../shared/rulebook/schema.ts'
import { compileHeat, levelFactor, type PulseEntry, packHeat, replayHeat } from './heat.ts'

const label = { zh: '级', en: 'Level' }
const book = Heat.parse({
  halfLifeSec: 60,
  weights: { like: 0.2 },
  minActors: 3,
  minDwellSec: 30,
  hysteresis: 0.2,
  levels: [
    { from: 0, label, factors: {} },
    { from: 40, label, factors: { like: 1.1 } },
    { from: 60, label, factors: { like: 1.2, share: 2 } },
  ],
})
const params = compileHeat(book)

let sequence = 0
const entry = (atMs: number, weight: number, actors = 3): PulseEntry => ({
  gateway: 1,
  incarnation: 'a',
  sequence: ++sequence,
  weight,
  byAction: [],
  atMs,
  actors,
  rulebook: 1,
  heat: 0,
  level: 0,
})
const replay = (...log: PulseEntry[]) => replayHeat(log, () => params)

describe('replay', () => {
  test('[H1 H2] decays by whole buckets of 250 ms', () => {
    const [, same, next] = replay(entry(1000, 64_000_000), entry(1249, 0), entry(1250, 0))
    expect(same?.heat).toBe(64_000_000)
    // 2^26 * 2^(-250/60000) = 66,915,325.6
    expect(params.factors[0]).toBe(66_915_326)
    expect(next?.heat).toBe(Math.floor((64_000_000 * 66_915_326) / 2 ** 26))
  })

  test('[H2 H3] never reaches 2^26, and is gone after 65,536 buckets', () => {
    const results = replay(
      entry(0, 60_000_000),
      entry(0, 60_000_000),
      entry(65_535 * 250, 0),
      entry(65_536 * 250, 0),
    )
    expect(results.map((r) => r.heat)).toEqual([60_000_000, 2 ** 26 - 1, 0, 0])
  })

  test('[H5 H6 H7 H8] levels rise with enough actors, hold for the dwell time and drop late', () => {
    const levels = replay(
      entry(0, 45_000, 2),
      entry(10, 0, 3),
      entry(20, 60_000),
      entry(30_009, 0),
      entry(30_010, 0),
      // About 54,350, then 52,500: below 60,000 but not below 48,000. Then 37,120.
      entry(57_000, 0),
      entry(60_010, 0),
      entry(90_000, 0),
    ).map((r) => r.level)
    expect(levels).toEqual([0, 1, 1, 1, 2, 2, 2, 1])
  })

  test('[H10] what repeats a sequence changes nothing', () => {
    const first = entry(0, 1000)
    const [, again, other] = replay(first, { ...first, weight: 9 }, { ...first, incarnation: 'b' })
    expect([again?.heat, other?.heat]).toEqual([1000, 2000])
  })
})

test('[H5] a level above the last has the factors of the last; an action not named has x1', () => {
  expect(levelFactor(book, 9, 'share')).toBe(2000)
  expect(levelFactor(book, 1, 'share')).toBe(1000)
  expect(levelFactor(book, 1, 'like')).toBe(1100)
})

test('[H2] the script gets 26 numbers of four bytes', () => {
  const packed = packHeat(params)
  expect(packed.length).toBe(104)
  expect(packed.readUInt32BE(4 * 4 + 4)).toBe(40_000)
  expect(packed.readUInt32BE(4 * 10)).toBe(params.factors[0])
})
