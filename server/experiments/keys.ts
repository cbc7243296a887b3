/** Redis keys of experiments: what there is, and what was counted last. */

import { configSlot, declareKeys, keyIn } from '../redis/index.ts'

declareKeys('experiments', {
  experiments: {
    slot: 'config',
    type: 'string',
    life: 'for ever, the newest 50',
    holds: '"REVISION SAVED_AT_MS JSON" of all experiments, newest first, with their salts',
  },
  'experiment-results': {
    slot: 'config',
    type: 'hash',
    life: 'as long as the experiment is kept',
    holds: 'per experiment JSON of what was counted last',
  },
})

export const experimentsKey = keyIn(configSlot, 'experiments')
export const resultsKey = keyIn(configSlot, 'experiment-results')
