/** Keys of fan clubs: members in the partition of their account, tasks in the slot of the host. */

import { declareKeys, hostSlot, keyIn, type SlotTag } from '../redis/index.ts'

declareKeys('clubs', {
  clubs: {
    slot: 'partition',
    type: 'packed',
    life: 'until the person is erased',
    holds: 'the clubs that an account is or was in: growth, rung, how far it is in tasks',
  },
  clubmembers: {
    slot: 'partition',
    type: 'zset',
    life: 'until the person is erased',
    holds: 'accounts that have such a record, in the order in which they joined first',
  },
  clubsizes: {
    slot: 'partition',
    type: 'hash',
    life: 'for ever',
    holds: 'members of the partition by club and rung; `#` counts who ever joined',
  },
  clubdo: {
    slot: 'partition',
    type: 'hash',
    life: 'until done',
    holds: 'what follows from club growth and is not done yet: account and id to what it is',
  },
})
declareKeys('clubs', {
  clubtasks: {
    slot: 'host',
    type: 'hash',
    life: '3 days after their end',
    holds: 'tasks of a club as JSON; `#` is the newest number',
  },
  clubwon: { slot: 'host', type: 'hash', life: 'as the task', holds: 'places taken, by task' },
  clubplaces: {
    slot: 'host',
    type: 'hash',
    life: '7 days after the last place',
    holds: 'rank of each account that has a place of one task',
  },
  clubonce: {
    slot: 'host',
    type: 'string',
    life: '24 h',
    holds: 'input hash and first answer of a request of the host',
  },
})

export const clubsKey = (slot: SlotTag, account: number): string => keyIn(slot, 'clubs', account)
export const membersKey = (slot: SlotTag): string => keyIn(slot, 'clubmembers')
export const sizesKey = (slot: SlotTag): string => keyIn(slot, 'clubsizes')
export const todoKey = (slot: SlotTag): string => keyIn(slot, 'clubdo')

/** The keys of one club's tasks, under the names that scripts use. */
export function taskKeysOf(club: number) {
  const slot = hostSlot(club)
  return { tasks: keyIn(slot, 'clubtasks'), won: keyIn(slot, 'clubwon') }
}
export const placesKey = (club: number, task: number): string =>
  keyIn(hostSlot(club), 'clubplaces', task)
export const onceKey = (club: number, requestId: string): string =>
  keyIn(hostSlot(club), 'clubonce', requestId)
