/** The worker's part of experiments: their guards and figures, from what the economy's consumer counts. */

import { createHash } from 'node:crypto'
import { isCountedUpTo } from '../economy/index.ts'
import { PASS_MS, type PassOptions, passExperiments, type Stopped } from '../experiments/index.ts'
import type { Store } from '../redis/index.ts'
import { journalKey } from '../wallet/index.ts'
import { tellBrand } from '../webhooks/index.ts'
import type { Chore } from './chores.ts'
import { cursorsKey } from './keys.ts'
import { experimentsStopped } from './metrics.ts'

interface ExperimentChoreOptions extends Omit<PassOptions, 'isCounted' | 'onStopped'> {
  /** The platform's own, which is told; absent where there is none. */
  brand: string | undefined
}

export const experimentChore = ({ brand, ...options }: ExperimentChoreOptions): Chore => ({
  waits: 'experiments are not looked at',
  by: 'first',
  everyMs: PASS_MS,
  run: () =>
    passExperiments({
      ...options,
      onStopped: (stopped) => tellStopped(options.store, brand, stopped),
      isCounted: (slot, atMs) =>
        isCountedUpTo(
          options.store,
          { slot, cursors: cursorsKey(slot), journal: journalKey(slot) },
          atMs,
        ),
    }),
})

/** Tells whoever watches: by a metric, and the platform's servers. Telling it again is harmless. */
export async function tellStopped(
  store: Store,
  brand: string | undefined,
  { atMs, ...data }: Stopped,
): Promise<void> {
  experimentsStopped.inc({ why: data.why })
  if (brand === undefined) return
  const { experiment, arm = '' } = data
  const digest = createHash('sha256').update(`${experiment} ${arm}`).digest('base64url')
  const id = `experiment-${digest}`
  await tellBrand(store, { brand, type: 'experiment.stopped', id, atMs, data })
}
