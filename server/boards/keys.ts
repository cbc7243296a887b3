/** Keys of boards: what each partition counts, and what all of them together say. */

import { configSlot, declareKeys, keyIn, type SlotTag } from '../redis/index.ts'

declareKeys('boards', {
  week: {
    slot: 'partition',
    type: 'zset',
    life: '28 days after the last change, top 20,000',
    holds: 'points earned in a week by account, and the second at which they were reached',
  },
  'week-boards': {
    slot: 'partition',
    type: 'zset',
    life: '28 days after the last change',
    holds: 'boards of which anything was counted in a week, as number.brand',
  },
  'week-joined': {
    slot: 'partition',
    type: 'zset',
    life: '28 days after the last change, newest 1,000',
    holds: 'accounts into which another was merged in a week',
  },
  'week-counted': {
    slot: 'partition',
    type: 'hash',
    life: 'for ever',
    holds: 'up to when the journal was counted, Redis time in ms',
  },
  'room-redeemed': {
    slot: 'partition',
    type: 'zset',
    life: '400 days after the last, newest 1,000',
    holds: 'redemptions in a room by accounts of the partition, by time',
  },
})
declareKeys('boards', {
  'boards-now': {
    slot: 'config',
    type: 'hash',
    life: 'for ever, one entry a board',
    holds: 'how each board of the running week stands, by accounts, as JSON',
  },
  'boards-closed': {
    slot: 'config',
    type: 'hash',
    life: 'newest 12 weeks',
    holds: 'boards of weeks that are over, by accounts, as JSON',
  },
  'boards-due': {
    slot: 'config',
    type: 'hash',
    life: 'until paid',
    holds: 'prizes of closed weeks that are not paid yet',
  },
  'boards-stars': {
    slot: 'config',
    type: 'hash',
    life: 'until over',
    holds: 'badges by account: which, and until when',
  },
  'boards-week': {
    slot: 'config',
    type: 'string',
    life: 'for ever',
    holds: 'newest week of which every board is closed',
  },
})

/** Of one board in one week, in the accounts of a partition. */
export const weekKey = (slot: SlotTag, week: number, board: string): string =>
  keyIn(slot, 'week', week, ...board.split('.'))
export const weekBoardsKey = (slot: SlotTag, week: number): string =>
  keyIn(slot, 'week-boards', week)
export const weekJoinedKey = (slot: SlotTag, week: number): string =>
  keyIn(slot, 'week-joined', week)
export const countedKey = (slot: SlotTag): string => keyIn(slot, 'week-counted')
export const redeemedKey = (slot: SlotTag, room: string): string =>
  keyIn(slot, 'room-redeemed', room)
export const nowKey = keyIn(configSlot, 'boards-now')
export const closedKey = keyIn(configSlot, 'boards-closed')
export const dueKey = keyIn(configSlot, 'boards-due')
export const starsKey = keyIn(configSlot, 'boards-stars')
export const closedWeekKey = keyIn(configSlot, 'boards-week')
