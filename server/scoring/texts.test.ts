import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TaskProgress } from '../../shared/account-state.ts'
import { ACTIONS, BUCKETS, REASONS } from '../../shared/receipt.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import { dayBounds } from '../../shared/time.ts'
import { JsonBytes, must, Packer } from '../kernel/index.ts'
import { ACCOUNT_RECORD, packRecord } from '../redis/index.ts'
import { type StoredState, TASK_STATES, toAccountState } from './account-view.ts'
import { AnswerReader, PackedAnswers, readAnswer } from './answer.ts'
import { readReceipts, TASK_RULE, toReceipt } from './receipts.ts'
import { writeAccount, writeReceipt } from './texts.ts'

const book = Rulebook.parse(PRESETS.live)
const AT_MS = Date.UTC(2026, 4, 1, 4)
const SESSION = { startMs: AT_MS - 1000, nonce: 5 }
const u8 = fc.nat(255)
const u16 = fc.nat(0xffff)
const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
const u48 = fc.oneof(
  fc.nat(10_000),
  fc.maxSafeInteger().map((n) => Math.abs(n) % 2 ** 48),
)
const ruleNo = fc.oneof(
  fc.constantFrom(...book.earn.map(({ no }) => no), TASK_RULE),
  fc.integer({ min: 1, max: 255 }),
)

const task: fc.Arbitrary<TaskProgress> = fc
  .record({ task: u32, progress: u32, state: fc.constantFrom(...TASK_STATES), rank: u32 })
  .map(({ rank, ...of }) => (rank > 0 ? { ...of, rank } : of))

const state: fc.Arbitrary<StoredState> = fc.record({
  version: u48,
  balance: fc.record({ spendable: u48, session: u48, pending: u48, held: u48, frozen: u48 }),
  tier: fc
    .record({ growth: u48, rung: u8, promotions: u16, rungs: fc.nat(2), untilMs: u48 })
    .map(({ rungs, untilMs, ...tier }) => ({
      ...tier,
      ...(rungs > 0 && { boost: { rungs, untilMs } }),
      ...(tier.rung > 2 && {
        keep: { growth: 7, untilMs, ...(rungs > 1 && { warned: true as const }) },
      }),
    })),
  earned: u48,
  dayEndsAtMs: u48,
  live: fc.record({ points: u48, watchedMs: u48, continuousMs: u48 }),
  watch: fc.record({ nonce: u32, dueAtMs: u48 }),
  applied: fc.record({ high: u32, mask: u32 }),
  used: fc
    .uniqueArray(fc.tuple(fc.oneof(fc.constant(0), ruleNo), u32), {
      maxLength: 6,
      selector: ([no]) => no,
    })
    .map((used) => new Map(used)),
  tasks: fc.array(task, { maxLength: 4 }),
  others: fc.array(fc.tuple(fc.nat(5), u48), { maxLength: 3 }).map((others) => new Map(others)),
})

const receipt: fc.Arbitrary<Buffer> = fc
  .record({
    ruleNo,
    action: fc.constantFrom(...Object.values(ACTIONS)),
    reason: fc.constantFrom(...Object.values(REASONS)),
    bucket: fc.constantFrom(...Object.values(BUCKETS)),
    counts: fc.array(u32, { minLength: 4, maxLength: 4 }),
    factors: fc.array(u16, { minLength: 6, maxLength: 6 }),
    points: u48,
    growth: u32,
    resetsAtMs: fc.oneof(fc.constant(0), u48),
    task: u32,
    flags: fc.nat(3),
  })
  .map((of) => {
    const out = new Packer().u8(of.ruleNo).u8(of.action).u8(of.reason).u8(of.bucket)
    for (const count of of.counts) out.u32(count)
    for (const factor of of.factors) out.u16(factor)
    return out.u48(of.points).u32(of.growth).u48(of.resetsAtMs).u32(of.task).u8(of.flags).bytes()
  })

const parsed = (write: (out: JsonBytes) => void): unknown => {
  const out = new JsonBytes(8)
  write(out)
  return JSON.parse(out.toString())
}

test('[S33] an account written at once says what its object says', () => {
  fc.assert(
    fc.property(state, fc.string(), fc.option(fc.nat(3)), (stored, epoch, good) => {
      // Those whose points are good here are some of those who owe any, or nobody asks.
      const payers = good === null ? undefined : new Set([...stored.others.keys()].slice(0, good))
      const of = { book, epoch, payers }
      expect(parsed((out) => writeAccount(out, stored, of))).toEqual(
        JSON.parse(JSON.stringify(toAccountState(stored, of))),
      )
    }),
    { numRuns: 500 },
  )
})

test('[S33] a receipt written at once says what its object says', () => {
  fc.assert(
    fc.property(receipt, u32, u48, (packed, rulebook, atMs) => {
      const of = { book, rulebook, atMs }
      const bytes = Buffer.concat([Buffer.alloc(3, 7), packed])
      const stored = must(readReceipts(packed)[0], 'a receipt')
      expect(parsed((out) => writeReceipt(out, { bytes, at: 3 }, of))).toEqual(
        JSON.parse(JSON.stringify(toReceipt(stored, of))),
      )
    }),
    { numRuns: 500 },
  )
})

/** The fixed parts of an account: session, wallet, growth, counters, heat. */
const account: fc.Arbitrary<Buffer> = fc
  .record({ changes: u48, high: u32, mask: u32, gateway: u16, points: u48, growth: u48, rung: u8 })
  .map((of) => {
    const sections = ACCOUNT_RECORD.fixed.map(() => Buffer.alloc(0))
    const record = packRecord(ACCOUNT_RECORD, { frozen: false, changes: of.changes }, sections)
    const fixed = new Packer()
      .u8(1)
      .u48(SESSION.startMs)
      .u32(SESSION.nonce)
      .u32(of.high)
      .u32(of.mask)
      .u48(AT_MS)
      .u16(of.gateway)
    fixed.u48(of.points).u16(0).u16(0).u8(1).u16(1).u16(0).u48(of.points)
    fixed.u8(0).u16(0).u32(0).u48(0).u8(of.rung).u16(1).u48(of.growth).u16(0).u8(0).u48(0)
    fixed.bytes().copy(record, ACCOUNT_RECORD.fixedAt[0])
    return record
  })

test('[S33] an answer read where it stands says what its object says', () => {
  const heat = fc.array(fc.tuple(fc.constantFrom(...Object.values(ACTIONS)), u32), { maxLength: 3 })
  const entry = fc.record({ rulebook: u32, receipts: fc.array(receipt, { maxLength: 4 }) })
  const reader = new AnswerReader()
  fc.assert(
    fc.property(
      fc.array(fc.nat(2), { minLength: 1, maxLength: 32 }),
      account,
      fc.tuple(u32, heat),
      fc.option(entry, { nil: undefined }),
      (outcomes, packed, [weight, warmed], done) => {
        const head = new Packer().u8(0).u8(outcomes.length)
        for (const outcome of outcomes) head.u8(outcome)
        head.u32(weight).u8(warmed.length)
        for (const [action, of] of warmed) head.u8(action).u32(of)
        const made = new Packer()
        if (done) {
          const { rulebook, receipts } = done
          made.u48(9).u32(7).u32(5).u32(rulebook).u48(3).u16(1).u16(2).u16(receipts.length)
          for (const one of receipts) made.raw(one)
          made.u8(0).u8(0)
        }
        const answer = {
          ...{ head: head.bytes(), account: packed, visit: Buffer.alloc(0), entry: made.bytes() },
          reading: { atMs: AT_MS, day: dayBounds(AT_MS, 'UTC'), session: SESSION, home: 1 },
        }
        const whole = readAnswer(answer)
        if (whole.status !== 'ok') throw new Error('it is an answer')
        reader.read(PackedAnswers.of([answer]), 0)
        const receipts = whole.entry?.receipts ?? []
        expect(reader.state).toEqual(whole.state)
        expect(outcomes.map((_, i) => reader.outcome(i))).toEqual(whole.outcomes)
        expect(reader).toMatchObject({
          ...{ status: 'ok', heat: weight, heats: warmed.length },
          ...{ isElsewhere: whole.elsewhere.length > 0, hasEntry: done !== undefined },
          ...{ rulebook: done ? done.rulebook : reader.rulebook, receiptCount: receipts.length },
        })
        expect(warmed.map((_, i) => [reader.heatAction(i), reader.heatOf(i)])).toEqual(warmed)
        expect(reader.issued()).toBe(receipts.reduce((sum, { points }) => sum + points, 0))
        expect(reader.watched()).toBe(
          receipts.some(({ action, counted }) => action === 'watch' && counted > 0),
        )
      },
    ),
    { numRuns: 500 },
  )
})
