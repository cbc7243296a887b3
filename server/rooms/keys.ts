/** Keys of rooms: the list and the counters of the deployment, and what one room shares in its slot. */

import { configSlot, declareKeys, headKey, keyIn, momentsKey, roomSlot } from '../redis/index.ts'

declareKeys('rooms', {
  rooms: { slot: 'config', type: 'zset', life: 'for ever', holds: 'ids of all rooms, by name' },
  lives: { slot: 'config', type: 'string', life: 'for ever', holds: 'number of the newest live' },
  places: { slot: 'config', type: 'hash', life: '48 h after the live', holds: 'room of each live' },
  endings: {
    slot: 'config',
    type: 'zset',
    life: '48 h after the live',
    holds: 'lives that end or have ended, as room:live, by how far their end has got',
  },
  brands: {
    slot: 'config',
    type: 'hash',
    life: 'for ever',
    holds: 'issuer number of each brand, and of rooms and hosts with points of their own',
  },
  owners: {
    slot: 'config',
    type: 'hash',
    life: 'for ever',
    holds: 'brand, room or host of each issuer number',
  },
  room: {
    slot: 'room',
    type: 'hash',
    life: 'for ever',
    holds: 'name, brand, host, time zone, profile',
  },
  heat: { slot: 'room', type: 'hash', life: 'until the next live', holds: 'heat, level, shares' },
  actors: {
    slot: 'room',
    type: 'zset',
    life: 'last minute, at most 64',
    holds: 'accounts that heated the room, by last time',
  },
  gateways: {
    slot: 'room',
    type: 'hash',
    life: '10 min after the last pulse',
    holds: 'last sequence and audience of each gateway',
  },
  pulses: {
    slot: 'room',
    type: 'stream',
    life: 'until the next live, at most about 20,000',
    holds: 'the log from which heat can be replayed',
  },
  board: {
    slot: 'room',
    type: 'zset',
    life: 'until the next live, top 1,000',
    holds: 'points earned in this live by account',
  },
  names: {
    slot: 'room',
    type: 'hash',
    life: 'as the board',
    holds: 'rung and name of those on the board',
  },
  comments: {
    slot: 'room',
    type: 'stream',
    life: 'until the next live, newest 200',
    holds: 'comments: author account and JSON',
  },
  spotlit: {
    slot: 'room',
    type: 'zset',
    life: 'until the next live, newest 1,000',
    holds: 'comments that were put on stage',
  },
  liked: {
    slot: 'room',
    type: 'zset',
    life: 'until the next live, of comments that are kept, at most 50 each',
    holds: 'who liked which comment, as comment:account',
  },
  owed: {
    slot: 'room',
    type: 'hash',
    life: 'until paid or the next live, at most 20',
    holds: 'authors of top comments whose bonus is not paid yet',
  },
  cues: {
    slot: 'room',
    type: 'hash',
    life: 'until announced, skipped or the next live, at most 100',
    holds: 'tier-ups to announce',
  },
  queue: { slot: 'room', type: 'zset', life: 'as the cues', holds: 'cues by rank' },
  reached: {
    slot: 'room',
    type: 'zset',
    life: 'newest 50,000, 48 h',
    holds: 'tier-ups already told, by time',
  },
})

export const roomsKey = keyIn(configSlot, 'rooms')
export const livesKey = keyIn(configSlot, 'lives')
export const placesKey = keyIn(configSlot, 'places')
export const endingsKey = keyIn(configSlot, 'endings')
/** Called what it was when brands alone had numbers: it must never begin anew. */
export const issuersKey = keyIn(configSlot, 'brands')
export const ownersKey = keyIn(configSlot, 'owners')

/** The keys of one room, under the names that scripts use. */
export function keysOfRoom(room: string) {
  const slot = roomSlot(room)
  return {
    head: headKey(room),
    moments: momentsKey(room),
    room: keyIn(slot, 'room'),
    heat: keyIn(slot, 'heat'),
    actors: keyIn(slot, 'actors'),
    gateways: keyIn(slot, 'gateways'),
    pulses: keyIn(slot, 'pulses'),
    board: keyIn(slot, 'board'),
    names: keyIn(slot, 'names'),
    comments: keyIn(slot, 'comments'),
    spotlit: keyIn(slot, 'spotlit'),
    liked: keyIn(slot, 'liked'),
    owed: keyIn(slot, 'owed'),
    cues: keyIn(slot, 'cues'),
    queue: keyIn(slot, 'queue'),
    reached: keyIn(slot, 'reached'),
  }
}
