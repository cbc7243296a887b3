/** Redis keys of the worker: how far it has got with each journal, and which worker looks after it. */

import { configSlot, declareKeys, keyIn, type SlotTag } from '../redis/index.ts'

export const workerKeys = declareKeys('worker', {
  cursors: {
    slot: 'partition',
    type: 'hash',
    life: 'for ever',
    holds: 'newest journal id that each consumer has dealt with',
  },
  chain: {
    slot: 'partition',
    type: 'hash',
    life: 'for ever',
    holds: "head of the archive's hash chain: newest archived id, number of elements, SHA-256",
  },
  lease: {
    slot: 'partition',
    type: 'string',
    life: '10 s unless renewed',
    holds: 'the worker that looks after the partition',
  },
  older: {
    slot: 'config',
    type: 'hash',
    life: 'until Redis has what the archive has',
    holds:
      'by partition, the newest archived journal id that this Redis does not know: it is an old backup',
  },
  workers: {
    slot: 'config',
    type: 'zset',
    life: 'entries 10 s unless renewed',
    holds: 'workers that are alive, by Redis time in ms',
  },
})

export const cursorsKey = (slot: SlotTag): string => keyIn(slot, 'cursors')
export const chainKey = (slot: SlotTag): string => keyIn(slot, 'chain')
export const leaseKey = (slot: SlotTag): string => keyIn(slot, 'lease')
export const olderKey = keyIn(configSlot, 'older')
export const workersKey = keyIn(configSlot, 'workers')
