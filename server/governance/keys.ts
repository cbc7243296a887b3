/** Redis keys of the rulebook (one slot, so that publishing is one script) and of the budgets of rooms. */

import { configSlot, declareKeys, keyIn, roomSlot } from '../redis/index.ts'

export const governanceKeys = declareKeys('governance', {
  rulebook: {
    slot: 'config',
    type: 'string',
    life: 'for ever',
    holds: '"VERSION PUBLISHED_AT_MS" of the current rulebook; all that watchers poll',
  },
  rulebooks: {
    slot: 'config',
    type: 'hash',
    life: 'the newest 1,000 versions',
    holds: 'per version "PUBLISHED_AT_MS JSON {by, book}"',
  },
  'rulebook-draft': {
    slot: 'config',
    type: 'string',
    life: 'for ever',
    holds:
      '"REVISION SAVED_AT_MS JSON {by, basis, book}" of what may become the next version; without JSON there is none',
  },
  'dry-run': {
    slot: 'config',
    type: 'string',
    life: 'until the next one is asked for',
    holds:
      '"REVISION SAVED_AT_MS JSON" of the dry run that was asked for last: what was asked, how far it is, what it found',
  },
  'rule-numbers': {
    slot: 'config',
    type: 'hash',
    life: 'for ever',
    holds: 'id:RULE to its number and no:NUMBER to its rule, of every rule that ever was',
  },
  budget: {
    slot: 'room',
    type: 'hash',
    life: 'until the next live that has a budget',
    holds: 'the live, and per gateway "INCARNATION SEQUENCE LEASED PAID"',
  },
})

export const rulebookKey = keyIn(configSlot, 'rulebook')
export const rulebooksKey = keyIn(configSlot, 'rulebooks')
export const rulebookDraftKey = keyIn(configSlot, 'rulebook-draft')
export const dryRunKey = keyIn(configSlot, 'dry-run')
export const ruleNumbersKey = keyIn(configSlot, 'rule-numbers')

export const budgetKey = (room: string): string => keyIn(roomSlot(room), 'budget')
