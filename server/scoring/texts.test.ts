import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ACTIONS,
  type Action,
  BUCKETS,
  type Bucket,
  REASONS,
  type Reason,
} from '../../shared/receipt.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import {
  type StoredReceipt,
  type StoredState,
  TASK_RULE,
  toAccountState,
  toReceipt,
} from './records.ts'
import { accountJson, receiptJson } from './texts.ts'

const book = Rulebook.parse(PRESETS.live)
const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
const u48 = fc.maxSafeInteger().map((n) => Math.abs(n) % 2 ** 48)
const u16 = fc.integer({ min: 0, max: 0xffff })
const ruleNo = fc.oneof(
  fc.constantFrom(...book.earn.map(({ no }) => no), TASK_RULE),
  fc.integer({ min: 1, max: 255 }),
)

const state: fc.Arbitrary<StoredState> = fc.record({
  version: u48,
  balance: fc.record({ spendable: u48, session: u48, pending: u48, held: u48, frozen: u48 }),
  tier: fc.record(
    {
      growth: u48,
      rung: fc.nat(255),
      promotions: u16,
      boost: fc.record({ rungs: fc.nat(255), untilMs: u48 }),
    },
    { requiredKeys: ['growth', 'rung', 'promotions'] },
  ),
  dayEndsAtMs: u48,
  live: fc.record({ points: u48, watchedMs: u48, continuousMs: u48 }),
  watch: fc.record({ nonce: u32, dueAtMs: u48 }),
  applied: fc.record({ high: u32, mask: u32 }),
  used: fc
    .array(fc.tuple(fc.oneof(fc.constant(0), ruleNo), u32), { maxLength: 6 })
    .map((entries) => new Map(entries)),
  others: fc.array(fc.tuple(u16, u48), { maxLength: 3 }).map((entries) => new Map(entries)),
  tasks: fc.array(
    fc.record(
      {
        task: u32,
        progress: u32,
        state: fc.constantFrom(
          'open' as const,
          'claiming' as const,
          'won' as const,
          'full' as const,
        ),
        rank: u32,
      },
      { requiredKeys: ['task', 'progress', 'state'] },
    ),
    { maxLength: 4 },
  ),
})

const receipt: fc.Arbitrary<StoredReceipt> = fc.record(
  {
    ruleNo,
    action: fc.constantFrom(...(Object.keys(ACTIONS) as Action[])),
    reason: fc.constantFrom(...(Object.keys(REASONS) as Reason[])),
    bucket: fc.constantFrom(...(Object.keys(BUCKETS) as Bucket[])),
    seq: u32,
    units: u32,
    counted: u32,
    baseMilli: u32,
    multipliers: fc.record({ heat: u16, campaign: u16, tier: u16, personal: u16 }),
    multiplier: u16,
    carry: u16,
    points: u48,
    growth: u32,
    task: u32,
    resetsAtMs: u48,
    stale: fc.constant(true as const),
  },
  {
    requiredKeys: [
      ...([
        'ruleNo',
        'action',
        'reason',
        'bucket',
        'seq',
        'units',
        'counted',
        'baseMilli',
      ] as const),
      ...(['multipliers', 'multiplier', 'carry', 'points', 'growth', 'task'] as const),
    ],
  },
)

test('[S33] an account written at once says what its object says', () => {
  fc.assert(
    fc.property(state, fc.string(), fc.option(fc.nat(3)), (stored, epoch, good) => {
      // Those whose points are good here are some of those who owe any, or nobody asks.
      const payers = good === null ? undefined : new Set([...stored.others.keys()].slice(0, good))
      const of = { book, epoch, payers }
      expect(JSON.parse(accountJson(stored, of))).toEqual(
        JSON.parse(JSON.stringify(toAccountState(stored, of))),
      )
    }),
    { numRuns: 500 },
  )
})

test('[S33] a receipt written at once says what its object says', () => {
  fc.assert(
    fc.property(receipt, u32, u48, (stored, rulebook, atMs) => {
      const of = { book, rulebook, atMs }
      expect(JSON.parse(receiptJson(stored, of))).toEqual(
        JSON.parse(JSON.stringify(toReceipt(stored, of))),
      )
    }),
    { numRuns: 500 },
  )
})
