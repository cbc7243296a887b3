/** What the console remembers of the live so far: the heat curve and the pace of points. */

import { HEAT_POINT_MS, HEAT_POINTS_MAX, ISSUED_SAMPLES_MAX, PACE_WINDOW_MS } from './limits.ts'

export interface HeatPoint {
  atMs: number
  value: number
  level: number
}

/** The curve after a pulse: a new point every five seconds, the newest one always up to date. */
export function addHeat(points: readonly HeatPoint[], point: HeatPoint): readonly HeatPoint[] {
  const last = points.at(-1)
  if (last && point.atMs < last.atMs) return points
  const slot = (p: HeatPoint) => Math.floor(p.atMs / HEAT_POINT_MS)
  const kept = last && slot(last) === slot(point) ? points.slice(0, -1) : points
  return [...kept, point].slice(-HEAT_POINTS_MAX)
}

export interface IssuedSample {
  atMs: number
  issued: number
}

export function addIssued(
  samples: readonly IssuedSample[],
  sample: IssuedSample,
): readonly IssuedSample[] {
  const last = samples.at(-1)
  // A live that starts over, or a server that lost its count, starts the pace over as well.
  if (last && sample.issued < last.issued) return [sample]
  if (last && sample.atMs - last.atMs < PACE_WINDOW_MS / ISSUED_SAMPLES_MAX) return samples
  return [...samples.filter((s) => sample.atMs - s.atMs <= PACE_WINDOW_MS), sample].slice(
    -ISSUED_SAMPLES_MAX,
  )
}

/** The shortest stretch from which a minute may be told. */
const PACE_FROM_MS = 10_000

/** Points issued per minute at the present pace; undefined until ten seconds are known. */
export function paceOf(samples: readonly IssuedSample[]): number | undefined {
  const first = samples[0]
  const last = samples.at(-1)
  if (!first || !last || last.atMs - first.atMs < PACE_FROM_MS) return undefined
  return Math.round(((last.issued - first.issued) / (last.atMs - first.atMs)) * 60_000)
}
