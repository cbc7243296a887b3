/** Keys of tasks and campaigns, all in the room's slot. */

import { declareKeys, headKey, keyIn, momentsKey, roomSlot } from '../redis/index.ts'

declareKeys('tasks', {
  runs: {
    slot: 'room',
    type: 'hash',
    life: 'until 2 min after their end',
    holds: 'tasks and campaigns that run: live, end, places, JSON',
  },
  won: {
    slot: 'room',
    type: 'hash',
    life: 'as the task',
    holds: 'places taken, by task',
  },
  claims: {
    slot: 'room',
    type: 'hash',
    life: '48 h after the last claim',
    holds: 'rank of each winner of one task',
  },
  once: {
    slot: 'room',
    type: 'string',
    life: '24 h',
    holds: 'input hash and first answer of a request of the host',
  },
})

/** The keys of one room's tasks, under the names that scripts use. */
export function taskKeysOf(room: string) {
  const slot = roomSlot(room)
  return {
    head: headKey(room),
    moments: momentsKey(room),
    runs: keyIn(slot, 'runs'),
    won: keyIn(slot, 'won'),
  }
}

export const claimsKey = (room: string, task: number): string =>
  keyIn(roomSlot(room), 'claims', task)
export const onceKey = (room: string, requestId: string): string =>
  keyIn(roomSlot(room), 'once', requestId)
