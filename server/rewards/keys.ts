/** Keys of rewards: the catalogue with the configuration, stock and redemptions in the reward's slot. */

import {
  configSlot,
  declareKeys,
  keyIn,
  pickupSlot,
  rewardSlot,
  roomSlot,
  type SlotTag,
} from '../redis/index.ts'

declareKeys('rewards', {
  rewards: {
    slot: 'config',
    type: 'hash',
    life: 'for ever',
    holds: 'newest version of each reward',
  },
  reward: {
    slot: 'config',
    type: 'hash',
    life: 'newest 50 versions',
    holds: 'versions of one reward, by number',
  },
  reward_head: {
    slot: 'config',
    type: 'string',
    life: 'for ever',
    holds: 'number of the last change of the catalogue',
  },
  reward_doubles: {
    slot: 'config',
    type: 'hash',
    life: 'for ever',
    holds: 'double-value events of all brands, by brand and id',
  },
  reward_policy: {
    slot: 'config',
    type: 'string',
    life: 'for ever',
    holds: 'what holds for every reward',
  },
  points: { slot: 'config', type: 'hash', life: 'for ever', holds: 'pick-up points' },
  cash_order: {
    slot: 'config',
    type: 'string',
    life: '400 days',
    holds: 'redemption whose cash part an order paid',
  },
  state: {
    slot: 'reward',
    type: 'hash',
    life: 'for ever',
    holds: 'version and stock of the reward, its flash window, its alerts',
  },
  red: {
    slot: 'reward',
    type: 'hash',
    life: '400 days after its end; one that failed a day',
    holds: 'one redemption: its state is decided here',
  },
  mine: {
    slot: 'reward',
    type: 'hash',
    life: 'for ever',
    holds: 'how many of the reward one account has taken: ever, in a day, in a week',
  },
  todo: {
    slot: 'reward',
    type: 'zset',
    life: 'until done',
    holds: 'redemptions with a step to be taken, by when (Redis time in ms)',
  },
  taken: {
    slot: 'reward',
    type: 'zset',
    life: 'newest 1,000',
    holds: 'redemptions of the reward that took a piece, by time',
  },
  together: {
    slot: 'reward',
    type: 'hash',
    life: '400 days after the last',
    holds: 'how many of those who took the reward took another one too, by reward',
  },
  flash_owed: {
    slot: 'reward',
    type: 'zset',
    life: 'until credited',
    holds: 'who took a piece in a flash window and is owed for taking part, by time',
  },
  alerts: {
    slot: 'reward',
    type: 'list',
    life: 'until told',
    holds: 'low stock and sold out, not yet told',
  },
  moved: {
    slot: 'reward',
    type: 'hash',
    life: '90 days',
    holds: 'one sale or restocking of the shop, by its id',
  },
  redeemed: {
    slot: 'partition',
    type: 'zset',
    life: 'newest 500',
    holds: 'redemptions of an account, by time',
  },
  watched: {
    slot: 'partition',
    type: 'set',
    life: 'for ever, up to 100',
    holds: 'lives that an account has watched',
  },
  flashes: {
    slot: 'room',
    type: 'hash',
    life: 'for ever',
    holds: 'opening of the last flash window of each reward that the room was told of',
  },
  codes: {
    slot: 'pickup',
    type: 'hash',
    life: 'for ever',
    holds: 'redemption of each pick-up code',
  },
  waiting: {
    slot: 'pickup',
    type: 'zset',
    life: '60 days',
    holds: 'redemptions to be picked up here, by day',
  },
  clerks: {
    slot: 'pickup',
    type: 'hash',
    life: 'until revoked',
    holds: 'keys of the clerks: label and digest',
  },
  conflicts: {
    slot: 'pickup',
    type: 'list',
    life: 'newest 500',
    holds: 'second uses that were found when a phone came back online',
  },
  wrong: {
    slot: 'pickup',
    type: 'string',
    life: '1 min',
    holds: 'wrong codes that one clerk typed',
  },
})

export const rewardsKey = keyIn(configSlot, 'rewards')
export const rewardHeadKey = keyIn(configSlot, 'reward_head')
export const doublesKey = keyIn(configSlot, 'reward_doubles')
export const policyKey = keyIn(configSlot, 'reward_policy')
export const pointsKey = keyIn(configSlot, 'points')
export const cashOrderKey = (brandNo: number, order: string): string =>
  keyIn(configSlot, 'cash_order', brandNo, order)
export const versionsKey = (reward: string): string => keyIn(configSlot, 'reward', reward)

export const stateKey = (reward: string): string => keyIn(rewardSlot(reward), 'state')
export const todoKey = (reward: string): string => keyIn(rewardSlot(reward), 'todo')
export const flashOwedKey = (reward: string): string => keyIn(rewardSlot(reward), 'flash_owed')
export const togetherKey = (reward: string): string => keyIn(rewardSlot(reward), 'together')
export const alertsKey = (reward: string): string => keyIn(rewardSlot(reward), 'alerts')
export const takenKey = (reward: string): string => keyIn(rewardSlot(reward), 'taken')
export const movedKey = (reward: string, id: string): string =>
  keyIn(rewardSlot(reward), 'moved', id)

/** One redemption: the reward, the account as people see it, and the id that the client chose. */
export interface RedemptionRef {
  reward: string
  account: number
  id: string
}

export const redKey = ({ reward, account, id }: RedemptionRef): string =>
  keyIn(rewardSlot(reward), 'red', account, id)
export const mineKey = ({ reward, account }: Pick<RedemptionRef, 'reward' | 'account'>): string =>
  keyIn(rewardSlot(reward), 'mine', account)

/** The keys of every script that changes a redemption. */
export const redemptionKeys = (ref: RedemptionRef) => ({
  state: stateKey(ref.reward),
  red: redKey(ref),
  mine: mineKey(ref),
  todo: todoKey(ref.reward),
  alerts: alertsKey(ref.reward),
})

export const redeemedKey = (slot: SlotTag, account: number): string =>
  keyIn(slot, 'redeemed', account)
export const watchedKey = (slot: SlotTag, account: number): string =>
  keyIn(slot, 'watched', account)
export const flashesKey = (room: string): string => keyIn(roomSlot(room), 'flashes')

export const codesKey = (point: string): string => keyIn(pickupSlot(point), 'codes')
export const waitingKey = (point: string): string => keyIn(pickupSlot(point), 'waiting')
export const clerksKey = (point: string): string => keyIn(pickupSlot(point), 'clerks')
export const conflictsKey = (point: string): string => keyIn(pickupSlot(point), 'conflicts')
export const wrongKey = (point: string, clerk: string): string =>
  keyIn(pickupSlot(point), 'wrong', clerk)
