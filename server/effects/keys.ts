/** Keys of effects, draws and votes: of a room in its slot, of an account in its partition. */

import {
  configSlot,
  declareKeys,
  headKey,
  keyIn,
  momentsKey,
  roomSlot,
  type SlotTag,
} from '../redis/index.ts'

declareKeys('effects', {
  act: {
    slot: 'room',
    type: 'string',
    life: '48 h',
    holds: 'what came of one spending, by account and hold',
  },
  asks: {
    slot: 'room',
    type: 'hash',
    life: 'until decided, at most 50',
    holds: 'broadcasts that wait for the host: deadline, when, points, JSON',
  },
  games: {
    slot: 'room',
    type: 'zset',
    life: 'until closed',
    holds: 'draws and votes that run, by end',
  },
  past: {
    slot: 'room',
    type: 'zset',
    life: 'newest 20',
    holds: 'draws and votes that are over, by end',
  },
  game: {
    slot: 'room',
    type: 'hash',
    life: '90 days after its end',
    holds: 'one draw or vote: state, times, limits, seed, tallies, result',
  },
  entries: {
    slot: 'room',
    type: 'list',
    life: '90 days after the end of the draw',
    holds: 'tickets of a draw, as account:first:count',
  },
  parts: {
    slot: 'room',
    type: 'hash',
    life: '90 days after the end of the game',
    holds: 'what each viewer has of a game: day of the last free one, free, bought',
  },
  owed: {
    slot: 'room',
    type: 'set',
    life: '90 days after the end of the game',
    holds: 'who took part and was not credited for it yet',
  },
  tips: {
    slot: 'room',
    type: 'hash',
    life: 'for ever',
    holds: 'points given and passed to the host',
  },
  givers: {
    slot: 'room',
    type: 'hash',
    life: '48 h',
    holds: 'points of tips in one live by account',
  },
  came: {
    slot: 'room',
    type: 'zset',
    life: '10 min',
    holds: 'who was shown coming in, by time',
  },
})
declareKeys('effects', {
  done: {
    slot: 'partition',
    type: 'string',
    life: '48 h',
    holds: 'what came of one spending on something owned',
  },
  owned: {
    slot: 'partition',
    type: 'hash',
    life: 'until the last of it ends',
    holds: 'colours and entrances an account bought, and until when',
  },
})
declareKeys('effects', {
  playing: {
    slot: 'config',
    type: 'zset',
    life: 'until closed and paid',
    holds: 'draws and votes as room:number, by end',
  },
})

export const playingKey = keyIn(configSlot, 'playing')

/** The keys of one room, under the names that scripts use. */
export function playKeysOf(room: string) {
  const slot = roomSlot(room)
  return {
    head: headKey(room),
    moments: momentsKey(room),
    asks: keyIn(slot, 'asks'),
    games: keyIn(slot, 'games'),
    past: keyIn(slot, 'past'),
    tips: keyIn(slot, 'tips'),
    came: keyIn(slot, 'came'),
  }
}

export function gameKeysOf(room: string, number: number) {
  const slot = roomSlot(room)
  return {
    game: keyIn(slot, 'game', number),
    entries: keyIn(slot, 'entries', number),
    parts: keyIn(slot, 'parts', number),
    owed: keyIn(slot, 'owed', number),
  }
}

export const actKey = (room: string, handle: string, id: string): string =>
  keyIn(roomSlot(room), 'act', handle, id)
export const askKey = (room: string, requestId: string): string =>
  keyIn(roomSlot(room), 'once', `game-${requestId}`)
export const giversKey = (room: string, live: number): string =>
  keyIn(roomSlot(room), 'givers', live)
export const doneKey = (slot: SlotTag, handle: string, id: string): string =>
  keyIn(slot, 'done', handle, id)
export const ownedKey = (slot: SlotTag, account: number): string => keyIn(slot, 'owned', account)
