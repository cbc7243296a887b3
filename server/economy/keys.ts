/** Keys of the economy: what each partition counts of a day, and the days that are closed. */

import { configSlot, declareKeys, keyIn, type SlotTag } from '../redis/index.ts'

declareKeys('economy', {
  economy: {
    slot: 'partition',
    type: 'hash',
    life: 'for ever',
    holds: 'stock of points and number of accounts by the journal, as far as it was counted',
  },
  tally: {
    slot: 'partition',
    type: 'hash',
    life: 'until the day is closed, at most 30 days',
    holds: 'what the journal says of one day: points by source, use and bucket, sales, lives',
  },
  active: {
    slot: 'partition',
    type: 'set',
    life: 'as tally',
    holds: 'accounts that did something on a day',
  },
  watched: {
    slot: 'partition',
    type: 'set',
    life: 'as tally',
    holds: 'accounts that did something in a live on a day',
  },
  redeemed: {
    slot: 'partition',
    type: 'set',
    life: 'as tally',
    holds: 'accounts that redeemed a reward in a live on a day',
  },
  study: {
    slot: 'partition',
    type: 'hash',
    life: 'until the experiment is done, at most 120 days',
    holds:
      'per account, or account and version, its numbers in an experiment; `full` where more came',
  },
  used: {
    slot: 'partition',
    type: 'set',
    life: 'for ever',
    holds: 'accounts that have ever spent points',
  },
  members: {
    slot: 'partition',
    type: 'set',
    life: 'for ever',
    holds: 'accounts that have registered',
  },
  answered: {
    slot: 'partition',
    type: 'string',
    life: 'two periods of the survey, or until the person is erased',
    holds: 'of an account, the period and what it answered to the survey',
  },
  survey: {
    slot: 'partition',
    type: 'hash',
    life: 'for ever',
    holds: 'how often each answer was given, by month, rung and answer',
  },
})
declareKeys('economy', {
  'economy-days': {
    slot: 'config',
    type: 'hash',
    life: 'newest 1,100 days',
    holds: 'closed days by number, as JSON',
  },
  'economy-lives': {
    slot: 'config',
    type: 'hash',
    life: 'newest 100 days',
    holds: 'lives of closed days, as JSON',
  },
  'economy-told': {
    slot: 'config',
    type: 'string',
    life: 'for ever',
    holds: 'newest closed day whose alarms were told',
  },
})

export const countedKey = (slot: SlotTag): string => keyIn(slot, 'economy')
export const tallyKey = (slot: SlotTag, day: number): string => keyIn(slot, 'tally', day)
export const activeKey = (slot: SlotTag, day: number): string => keyIn(slot, 'active', day)
export const watchedKey = (slot: SlotTag, day: number, live: number): string =>
  keyIn(slot, 'watched', day, live)
export const redeemedKey = (slot: SlotTag, day: number, live: number): string =>
  keyIn(slot, 'redeemed', day, live)
export const studyKey = (slot: SlotTag, study: string): string => keyIn(slot, 'study', study)
export const usedKey = (slot: SlotTag): string => keyIn(slot, 'used')
export const membersKey = (slot: SlotTag): string => keyIn(slot, 'members')
export const answeredKey = (slot: SlotTag, account: number): string =>
  keyIn(slot, 'answered', account)
export const surveyKey = (slot: SlotTag): string => keyIn(slot, 'survey')
export const daysKey = keyIn(configSlot, 'economy-days')
export const livesOfDaysKey = keyIn(configSlot, 'economy-lives')
export const toldKey = keyIn(configSlot, 'economy-told')
