/** Redis keys of the rulebook and of the platform's issuance (one slot each script), and of the budgets of rooms. */

import { configSlot, declareKeys, keyIn, roomSlot } from '../redis/index.ts'

export const governanceKeys = declareKeys('governance', {
  rulebook: {
    slot: 'config',
    type: 'string',
    life: 'for ever',
    holds:
      '"VERSION AT_MS" of the rulebook that holds and from when, then the same of each that was scheduled; all that watchers poll',
  },
  rulebooks: {
    slot: 'config',
    type: 'hash',
    life: 'the newest 1,000 versions',
    holds:
      'per version "PUBLISHED_AT_MS JSON {by, book}"; back:VERSION, "AT_MS BY" of who called back what was scheduled',
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
    holds:
      'id:RULE to its number and no:NUMBER to its rule, of every rule that ever was; last, the largest number of a version',
  },
  issuance: {
    slot: 'config',
    type: 'hash',
    life: 'for ever',
    holds:
      'base (issued before counting), paid and beside (issued since, within the cap and beside it), i:FILE (points of an import), gone (what processes that ended may have paid), binds (when the cap begins to bind, ms), operator and alarm ("LEVEL JSON" of a brown-out set by hand), and per process p:INCARNATION "SEQUENCE LEASED PAID UNTIL"',
  },
  issued: {
    slot: 'config',
    type: 'hash',
    life: 'days of the last two years',
    holds: 'points paid by day of the platform',
  },
  sales: {
    slot: 'config',
    type: 'hash',
    life: 'for ever, one number a day',
    holds: 'net sales in fen by day of the platform: orders, less refunds, and what was reported',
  },
  'sales-reports': {
    slot: 'config',
    type: 'hash',
    life: 'for ever, one number a day and brand',
    holds: '"DAY BRAND" to the fen that were reported',
  },
  'sales-counted': {
    slot: 'config',
    type: 'hash',
    life: 'for ever',
    holds: 'per partition the journal element up to which its orders are in the sales',
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
export const issuanceKey = keyIn(configSlot, 'issuance')
export const issuedKey = keyIn(configSlot, 'issued')
export const salesKey = keyIn(configSlot, 'sales')
export const salesReportsKey = keyIn(configSlot, 'sales-reports')
export const salesCountedKey = keyIn(configSlot, 'sales-counted')

export const budgetKey = (room: string): string => keyIn(roomSlot(room), 'budget')
