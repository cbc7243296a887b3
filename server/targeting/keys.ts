/** Keys of targeting: in the partition of the account. */

import { declareKeys, keyIn, type SlotTag } from '../redis/index.ts'

declareKeys('targeting', {
  behaviour: {
    slot: 'partition',
    type: 'string',
    life: 'until the person is erased',
    holds: 'packed record of how an account behaves',
  },
  targetdo: {
    slot: 'partition',
    type: 'hash',
    life: 'until done',
    holds: 'what follows from behaviour and is not done yet: account and id to what it is',
  },
  targetreview: {
    slot: 'partition',
    type: 'zset',
    life: 'until the person is erased or away for 400 days',
    holds: 'accounts by when they are looked at next, ms',
  },
  targetsizes: {
    slot: 'partition',
    type: 'hash',
    life: 'for ever',
    holds: 'accounts of the partition in each segment',
  },
})

export const behaviourKey = (slot: SlotTag, account: number) => keyIn(slot, 'behaviour', account)
export const todoKey = (slot: SlotTag) => keyIn(slot, 'targetdo')
export const reviewKey = (slot: SlotTag) => keyIn(slot, 'targetreview')
export const sizesKey = (slot: SlotTag) => keyIn(slot, 'targetsizes')
