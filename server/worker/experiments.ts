/** The worker's part of experiments: their guards and figures, from what the economy's consumer counts. */

import { isCountedUpTo } from '../economy/index.ts'
import { PASS_MS, type PassOptions, passExperiments } from '../experiments/index.ts'
import { journalKey } from '../wallet/index.ts'
import type { Chore } from './chores.ts'
import { cursorsKey } from './keys.ts'

export const experimentChore = (options: Omit<PassOptions, 'isCounted'>): Chore => ({
  waits: 'experiments are not looked at',
  by: 'first',
  everyMs: PASS_MS,
  run: () =>
    passExperiments({
      ...options,
      isCounted: (slot, atMs) =>
        isCountedUpTo(
          options.store,
          { slot, cursors: cursorsKey(slot), journal: journalKey(slot) },
          atMs,
        ),
    }),
})
