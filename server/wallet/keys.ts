import { formatAccount } from '../../shared/ids.ts'
import { declareKeys, keyIn, type SlotTag } from '../redis/index.ts'

export const walletKeys = declareKeys('wallet', {
  a: {
    slot: 'partition',
    type: 'packed',
    life: 'for ever',
    holds: 'one account: lots, growth, tiers, day caps, watch clock, client sessions',
  },
  accounts: { slot: 'partition', type: 'set', life: 'for ever', holds: 'numbers of all accounts' },
  journal: {
    slot: 'partition',
    type: 'stream',
    life: 'until archived',
    holds: 'one entry per scoring call: the receipts of its viewers',
  },
  totals: { slot: 'partition', type: 'hash', life: 'for ever', holds: 'conservation counters' },
  holders: {
    slot: 'partition',
    type: 'set',
    life: 'until swept',
    holds: 'accounts with session points of a live',
  },
  ended: {
    slot: 'partition',
    type: 'set',
    life: '48 h after the live',
    holds: 'lives that have ended',
  },
})

export const accountKey = (slot: SlotTag, account: number) =>
  keyIn(slot, 'a', formatAccount(account))
export const accountsKey = (slot: SlotTag) => keyIn(slot, 'accounts')
export const journalKey = (slot: SlotTag) => keyIn(slot, 'journal')
export const totalsKey = (slot: SlotTag) => keyIn(slot, 'totals')
export const holdersKey = (slot: SlotTag, live: number) => keyIn(slot, 'holders', live)
export const endedKey = (slot: SlotTag) => keyIn(slot, 'ended')
