/** A B C, C B A, A B C ...: what disturbs the machine for a while disturbs all kinds. */

import type { Series } from './rows/row.ts'

/** One repetition of one kind; answers its figure. */
export type Measure = () => Promise<number>

/** The kinds one after another, `reps` times, after one round that does not count (`warmUp`). */
export async function interleave(
  kinds: Record<string, Measure>,
  { reps, warmUp = true }: { reps: number; warmUp?: boolean },
): Promise<Series[]> {
  const series = Object.keys(kinds).map((of): Series => ({ of, values: [] }))
  if (warmUp) for (const measure of Object.values(kinds)) await measure()
  for (let rep = 0; rep < reps; rep++) {
    const order = rep % 2 === 0 ? series : series.toReversed()
    for (const { of, values } of order) values.push((await kinds[of]?.()) ?? Number.NaN)
  }
  return series
}

/** The values of one kind. Throws where there is none of that name. */
export function valuesOf(series: readonly Series[], of: string): number[] {
  const found = series.find((one) => one.of === of)
  if (!found) throw new Error(`nothing was measured of ${of}`)
  return found.values
}
