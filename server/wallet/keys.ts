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
    holds:
      'one entry per scoring call: the receipts of its viewers; and every other change of a wallet',
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
  hold: {
    slot: 'partition',
    type: 'packed',
    life: '400 days after it was captured, 90 after it was given back',
    holds: 'points put aside, or pending: what for, until when, from which lots',
  },
  holds: { slot: 'partition', type: 'zset', life: 'for ever', holds: 'open holds by deadline' },
  open: {
    slot: 'partition',
    type: 'set',
    life: 'while any is open',
    holds: 'open holds of an account',
  },
  done: {
    slot: 'partition',
    type: 'string',
    life: '90 days',
    holds: 'first answer of an operation on a wallet',
  },
  notes: {
    slot: 'partition',
    type: 'hash',
    life: 'until the person is erased',
    holds: "operators' reasons, by the id of what they did",
  },
  'note-seal': {
    slot: 'partition',
    type: 'string',
    life: 'until the person is erased; belongs into backups of the identities',
    holds: "key that opens an account's reasons in the journal",
  },
  gifts: {
    slot: 'partition',
    type: 'hash',
    life: 'for ever',
    holds: 'points an account gave to friends today, and until when it may not give on',
  },
  settlement: {
    slot: 'partition',
    type: 'hash',
    life: 'for ever',
    holds: 'points spent, by who owes them and where',
  },
  told: {
    slot: 'partition',
    type: 'set',
    life: '60 days after the points expire',
    holds: 'accounts that were told of points that expire, by cause and month',
  },
  swept: {
    slot: 'partition',
    type: 'hash',
    life: 'for ever',
    holds: 'months up to which points were swept, and notice given',
  },
})

export const accountKey = (slot: SlotTag, account: number) =>
  keyIn(slot, 'a', formatAccount(account))
export const accountsKey = (slot: SlotTag) => keyIn(slot, 'accounts')
export const journalKey = (slot: SlotTag) => keyIn(slot, 'journal')
export const totalsKey = (slot: SlotTag) => keyIn(slot, 'totals')
export const holdersKey = (slot: SlotTag, live: number) => keyIn(slot, 'holders', live)
export const endedKey = (slot: SlotTag) => keyIn(slot, 'ended')
export const holdKey = (slot: SlotTag, account: number, id: string) =>
  keyIn(slot, 'hold', formatAccount(account), id)
export const holdsKey = (slot: SlotTag) => keyIn(slot, 'holds')
export const openKey = (slot: SlotTag, account: number) =>
  keyIn(slot, 'open', formatAccount(account))
export const doneKey = (slot: SlotTag, account: number, id: string) =>
  keyIn(slot, 'done', formatAccount(account), id)
export const notesKey = (slot: SlotTag, account: number) =>
  keyIn(slot, 'notes', formatAccount(account))
export const noteSealKey = (slot: SlotTag, account: number) =>
  keyIn(slot, 'note-seal', formatAccount(account))
export const giftsKey = (slot: SlotTag, account: number) =>
  keyIn(slot, 'gifts', formatAccount(account))
export const settlementKey = (slot: SlotTag) => keyIn(slot, 'settlement')
export const sweptKey = (slot: SlotTag) => keyIn(slot, 'swept')
export const toldKey = (slot: SlotTag, cause: string, month: number) =>
  keyIn(slot, 'told', cause, month)
