/** The head of a room: what every script of the room's slot that writes a moment starts from. */

import { declareKeys, keyIn, roomSlot } from './keys.ts'

declareKeys('redis', {
  head: {
    slot: 'room',
    type: 'hash',
    life: 'for ever',
    holds:
      'epoch, newest moment and comment, live and its state, issued points, safe mode, last time',
  },
  moments: {
    slot: 'room',
    type: 'stream',
    life: 'newest 1,000',
    holds: 'moments in order: when, and the body as JSON',
  },
})

export const headKey = (room: string): string => keyIn(roomSlot(room), 'head')
export const momentsKey = (room: string): string => keyIn(roomSlot(room), 'moments')
