/** Keys of what tiers deliver: in the partition of the account. */

import { declareKeys, keyIn, type SlotTag } from '../redis/index.ts'

declareKeys('tiers', {
  packs: {
    slot: 'partition',
    type: 'hash',
    life: 'for ever',
    holds: 'packs of an account: name and year to its state and content',
  },
  packsbegun: {
    slot: 'partition',
    type: 'zset',
    life: 'until delivered',
    holds: 'packs that are on their way: account and name, by when they began',
  },
})

export const packsKey = (slot: SlotTag, account: number) => keyIn(slot, 'packs', account)
export const begunKey = (slot: SlotTag) => keyIn(slot, 'packsbegun')
