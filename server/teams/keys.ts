/** Keys of team tasks: what members do in the partition of their account, the team in a slot of its own. */

import { declareKeys, keyIn, type SlotTag, teamSlot } from '../redis/index.ts'

declareKeys('teams', {
  teams: {
    slot: 'partition',
    type: 'hash',
    life: '7 days after the last of them ends',
    holds:
      'teams of an account as JSON, by task and period: how the membership stands, and what was contributed',
  },
  teammembers: {
    slot: 'partition',
    type: 'zset',
    life: 'as their teams',
    holds: 'accounts that have such a record, in the order in which they came first',
  },
  teamdo: {
    slot: 'partition',
    type: 'zset',
    life: 'until done',
    holds: 'account, task and period of which the team has to hear, by when it is to be told',
  },
})
declareKeys('teams', {
  team: {
    slot: 'team',
    type: 'hash',
    life: '7 days after its end',
    holds:
      'what the task asks and pays, when it was reached, and of each member what was contributed and paid',
  },
  teamput: {
    slot: 'team',
    type: 'hash',
    life: '7 days after the period',
    holds: 'points that are put aside for teams of a task and period, by code; `#` is their sum',
  },
})

export const claimsKey = (slot: SlotTag, account: number): string => keyIn(slot, 'teams', account)
export const membersKey = (slot: SlotTag): string => keyIn(slot, 'teammembers')
export const todoKey = (slot: SlotTag): string => keyIn(slot, 'teamdo')
export const teamKey = (code: string): string => keyIn(teamSlot(code), 'team')
export const budgetKey = (task: string, period: number): string =>
  keyIn(teamSlot(task), 'teamput', period)
