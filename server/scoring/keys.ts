import { formatAccount } from '../../shared/ids.ts'
import { declareKeys, identitySlot, keyIn, type SlotTag } from '../redis/index.ts'

export const scoringKeys = declareKeys('scoring', {
  v: {
    slot: 'partition',
    type: 'packed',
    life: '48 h after the last action of the live',
    holds: 'one visit: minute and room caps, continuous watch, task progress; no money',
  },
  once: {
    slot: 'partition',
    type: 'string',
    life: '24 h',
    holds: 'input hash and first answer of an event from a server',
  },
  order: {
    slot: 'partition',
    type: 'hash',
    life: '365 days',
    holds: 'what an order was paid and earned, and each refund of it by id',
  },
  'task-orders': {
    slot: 'partition',
    type: 'hash',
    life: '48 h after the last order that reached a goal in the live',
    holds:
      'by task with places, the order that reached its goal: what the place pays is taken back with it',
  },
  invited: {
    slot: 'partition',
    type: 'hash',
    life: 'for ever, 24 h where the promise was never made',
    holds: 'who invited an account, what was promised, and what the account has done since',
  },
  friends: {
    slot: 'partition',
    type: 'hash',
    life: 'for ever, 1,000 friends and 50 who were none',
    holds:
      'whom an account invited: when, from which network (a hash), and why one counts for nothing',
  },
  'held-invites': {
    slot: 'partition',
    type: 'zset',
    life: 'until somebody has looked at them, the newest 1,000',
    holds: 'invited accounts of the partition whose invites look made up, by when that was found',
  },
  grown: {
    slot: 'partition',
    type: 'string',
    life: '366 days',
    holds: 'input hash and answer of a change of growth that no action caused',
  },
  'order-of': {
    slot: 'identity',
    type: 'string',
    life: '365 days',
    holds: 'account number of an order, by the hash of brand and order id',
  },
})

export const visitKey = (slot: SlotTag, account: number, live: number) =>
  keyIn(slot, 'v', formatAccount(account), live)
export const onceKey = (slot: SlotTag, account: number, id: string) =>
  keyIn(slot, 'once', formatAccount(account), id)
export const orderKey = (slot: SlotTag, account: number, order: string) =>
  keyIn(slot, 'order', formatAccount(account), order)
export const taskOrdersKey = (slot: SlotTag, account: number, live: number) =>
  keyIn(slot, 'task-orders', formatAccount(account), live)
export const orderOfKey = (order: string) => keyIn(identitySlot(order), 'order-of')
export const grownKey = (slot: SlotTag, account: number, id: string) =>
  keyIn(slot, 'grown', formatAccount(account), id)
export const invitedKey = (slot: SlotTag, account: number) =>
  keyIn(slot, 'invited', formatAccount(account))
export const friendsKey = (slot: SlotTag, account: number) =>
  keyIn(slot, 'friends', formatAccount(account))
export const heldInvitesKey = (slot: SlotTag) => keyIn(slot, 'held-invites')
