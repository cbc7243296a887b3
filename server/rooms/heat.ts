/** Heat: what a script needs of the rulebook, and the same arithmetic in TypeScript for replays and audits. */

import type { Action } from '../../shared/receipt.ts'
import type { Heat } from '../../shared/rulebook/schema.ts'
import { assert } from '../kernel/index.ts'

/** H1: decay runs on this grid. */
export const HEAT_GRID_MS = 250
/** H2: factors are of this unit, and heat in thousandths stays below it, so that a product is exact. */
export const HEAT_ONE = 2 ** 26
/** H2: factors for 1, 2, 4 ... 32,768 buckets. */
const FACTORS = 16
/** The schema's most levels; unused ones are packed as 0. */
const LEVELS_MAX = 6

/** The rulebook's heat in integers: thousandths of heat, milliseconds, thousandths of a factor. */
export interface HeatParams {
  /** Distinct accounts of the last minute needed to leave level 0. */
  minActors: number
  dwellMs: number
  /** Part of a level's threshold that must be lost before it drops: 200 is 20 %. */
  hysteresis: number
  /** Heat at which each level begins, thousandths; the first is 0. */
  from: number[]
  /** What 2^j buckets leave of `HEAT_ONE`. */
  factors: number[]
}

export function compileHeat(heat: Heat): HeatParams {
  const halfLifeMs = heat.halfLifeSec * 1000
  return {
    minActors: heat.minActors,
    dwellMs: heat.minDwellSec * 1000,
    hysteresis: Math.round(heat.hysteresis * 1000),
    from: heat.levels.map((level) => Math.min(HEAT_ONE - 1, Math.round(level.from * 1000))),
    factors: Array.from({ length: FACTORS }, (_, j) =>
      Math.round(HEAT_ONE * 2 ** ((-(2 ** j) * HEAT_GRID_MS) / halfLifeMs)),
    ),
  }
}

/** As the pulse script reads them: 26 unsigned 32-bit numbers. */
export function packHeat(params: HeatParams): Buffer {
  assert(params.from.length <= LEVELS_MAX, `at most ${LEVELS_MAX} heat levels`)
  const numbers = [
    params.minActors,
    params.dwellMs,
    params.hysteresis,
    params.from.length,
    ...Array.from({ length: LEVELS_MAX }, (_, i) => params.from[i] ?? 0),
    ...params.factors,
  ]
  const packed = Buffer.alloc(4 * numbers.length)
  for (const [i, n] of numbers.entries()) packed.writeUInt32BE(n, 4 * i)
  return packed
}

/** Thousandths that an action is multiplied by at a level; a level above the last counts as the last. */
export function levelFactor(heat: Heat, level: number, action: Action): number {
  const found = heat.levels[Math.min(level, heat.levels.length - 1)]
  return Math.round((found?.factors[action] ?? 1) * 1000)
}

/** One entry of the pulse log. */
export interface PulseEntry {
  gateway: number
  incarnation: string
  sequence: number
  /** Thousandths of heat that the pulse added, after saturation per viewer. */
  weight: number
  /** The same by number of action, ascending. */
  byAction: [action: number, weight: number][]
  atMs: number
  /** Distinct accounts of the last minute, this pulse's included, at most 64. */
  actors: number
  /** Version whose numbers were used. */
  rulebook: number
  /** What came out of it. */
  heat: number
  level: number
}

export interface ReplayedHeat {
  heat: number
  level: number
}

/**
 * Heat and level after each entry of a log that begins with the live, computed anew from SPEC.md (H1 to H9)
 * without looking at the results in the log; entries that repeat a (gateway, incarnation, sequence) change
 * nothing. `paramsOf` gives the numbers of a rulebook version.
 */
export function replayHeat(
  log: readonly PulseEntry[],
  paramsOf: (rulebook: number) => HeatParams,
): ReplayedHeat[] {
  const newest = new Map<string, number>()
  let heat = 0
  let bucket: number | undefined
  let level = 0
  let levelSinceMs: number | undefined
  return log.map((entry) => {
    const source = `${entry.gateway}/${entry.incarnation}`
    if (entry.sequence <= (newest.get(source) ?? 0)) return { heat, level }
    newest.set(source, entry.sequence)

    const params = paramsOf(entry.rulebook)
    const arrived = Math.floor(entry.atMs / HEAT_GRID_MS)
    const decayed = bucket === undefined ? 0 : cooled(heat, Math.max(0, arrived - bucket), params)
    const now = Math.min(HEAT_ONE - 1, decayed + entry.weight)

    const next = nextLevel(params, {
      level,
      heat: now,
      actors: entry.actors,
      restedMs: levelSinceMs === undefined ? Number.POSITIVE_INFINITY : entry.atMs - levelSinceMs,
    })
    if (next !== level) levelSinceMs = entry.atMs
    level = next
    // H4: a pulse that adds nothing leaves the heat where it was written down, so that rounding does not add up.
    if (entry.weight > 0) {
      heat = now
      bucket = arrived
    }
    return { heat: now, level }
  })
}

function cooled(heat: number, buckets: number, params: HeatParams): number {
  if (buckets >= 2 ** FACTORS) return 0
  return params.factors.reduce(
    (left, factor, j) => ((buckets >> j) & 1 ? Math.floor((left * factor) / HEAT_ONE) : left),
    heat,
  )
}

interface LevelInput {
  level: number
  heat: number
  actors: number
  restedMs: number
}

function nextLevel(params: HeatParams, { level, heat, actors, restedMs }: LevelInput): number {
  const held = Math.min(level, params.from.length - 1)
  const reached = params.from.findLastIndex((from) => heat >= from)
  // H8: the highest level that the heat still keeps, each threshold lowered by the hysteresis.
  const kept = params.from.findLastIndex((from) => heat * 1000 >= from * (1000 - params.hysteresis))
  if (held !== level) return held
  if (restedMs < params.dwellMs) return held
  if (reached > held) return held === 0 && actors < params.minActors ? 0 : reached
  return Math.min(held, Math.max(kept, 0))
}
