/** Redis keys of merges: one slot, so that no two accounts can be merged into each other at once. */

import { configSlot, declareKeys, keyIn } from '../redis/index.ts'

declareKeys('merges', {
  merges: {
    slot: 'config',
    type: 'hash',
    life: 'for ever',
    holds:
      'per merge JSON: which accounts, how far it is, what an undo brought back; the newest 1,000,000',
  },
  'merged-into': {
    slot: 'config',
    type: 'hash',
    life: 'until undone',
    holds: 'account that was merged away to the account it went into and the merge',
  },
  'merged-from': {
    slot: 'config',
    type: 'hash',
    life: 'until undone',
    holds: 'account to those that were merged into it, each with the time, Unix ms',
  },
  'merges-due': {
    slot: 'config',
    type: 'zset',
    life: 'while something may still follow',
    holds: 'merges by when they are looked at again, Unix ms',
  },
  'merge-lease': { slot: 'config', type: 'string', life: '60 s', holds: 'who drives a merge now' },
})

export const mergesKey = keyIn(configSlot, 'merges')
export const mergedIntoKey = keyIn(configSlot, 'merged-into')
export const mergedFromKey = keyIn(configSlot, 'merged-from')
export const mergesDueKey = keyIn(configSlot, 'merges-due')
export const mergeLeaseKey = (id: string): string => keyIn(configSlot, 'merge-lease', id)
