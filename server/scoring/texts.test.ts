import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ACTIONS, BUCKETS, REASONS } from '../../shared/receipt.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import { JsonBytes, must, Packer, Unpacker } from '../kernel/index.ts'
import { AnswerReader, readAnswer } from './answer.ts'
import { readReceipts, readState, TASK_RULE, toAccountState, toReceipt } from './records.ts'
import { writeAccount, writeReceipt } from './texts.ts'

const book = Rulebook.parse(PRESETS.live)
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

/** Packed as lua/earn.lua packs it. */
const state: fc.Arbitrary<Buffer> = fc
  .record({
    amounts: fc.array(u48, { minLength: 7, maxLength: 7 }),
    rung: u8,
    promotions: u16,
    boost: fc.oneof(fc.constant(0), u8),
    times: fc.array(u48, { minLength: 5, maxLength: 5 }),
    nonce: u32,
    due: u48,
    applied: fc.tuple(u32, u32),
    used: fc.uniqueArray(fc.tuple(fc.oneof(fc.constant(0), ruleNo), u32), {
      maxLength: 6,
      selector: ([no]) => no,
    }),
    others: fc.array(fc.tuple(fc.nat(5), u48), { maxLength: 3 }),
    tasks: fc.array(fc.record({ task: u32, done: u32, state: fc.nat(3), rank: u32, at: u48 }), {
      maxLength: 4,
    }),
  })
  .map((of) => {
    const out = new Packer()
    for (const amount of of.amounts) out.u48(amount)
    out.u8(of.rung).u16(of.promotions).u8(of.boost)
    for (const time of of.times) out.u48(time)
    out.u32(of.nonce).u48(of.due).u32(of.applied[0]).u32(of.applied[1]).u8(of.used.length)
    for (const [no, units] of of.used) out.u8(no).u32(units)
    out.u8(of.tasks.length)
    for (const task of of.tasks)
      out.u32(task.task).u32(task.done).u8(task.state).u32(task.rank).u48(task.at)
    out.u8(of.others.length)
    for (const [issuer, points] of of.others) out.u16(issuer).u48(points)
    return out.bytes()
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
    fc.property(state, fc.string(), u8, fc.option(fc.nat(3)), (packed, epoch, at, good) => {
      const bytes = Buffer.concat([Buffer.alloc(at, 7), packed])
      const stored = readState(new Unpacker(packed))
      // Those whose points are good here are some of those who owe any, or nobody asks.
      const payers = good === null ? undefined : new Set([...stored.others.keys()].slice(0, good))
      const of = { book, epoch, payers }
      expect(parsed((out) => writeAccount(out, { bytes, at }, of))).toEqual(
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

test('[S33] an answer read where it stands says what its object says', () => {
  const heat = fc.array(fc.tuple(fc.constantFrom(...Object.values(ACTIONS)), u32), { maxLength: 3 })
  const entry = fc.record({ rulebook: u32, receipts: fc.array(receipt, { maxLength: 4 }) })
  const reader = new AnswerReader()
  fc.assert(
    fc.property(
      fc.array(fc.nat(2), { minLength: 1, maxLength: 32 }),
      state,
      fc.tuple(u32, heat),
      fc.array(u16, { maxLength: 3 }),
      fc.option(entry, { nil: undefined }),
      (outcomes, packed, [weight, warmed], gateways, done) => {
        const out = new Packer().u8(0).u8(outcomes.length)
        for (const outcome of outcomes) out.u8(outcome)
        out.raw(packed).u32(weight).u8(warmed.length)
        for (const [action, of] of warmed) out.u8(action).u32(of)
        out.u8(gateways.length)
        for (const gateway of gateways) out.u16(gateway)
        if (done) {
          out.u48(9).u32(7).u32(5).u32(done.rulebook).u48(3).u16(1).u16(2).u16(done.receipts.length)
          for (const one of done.receipts) out.raw(one)
          out.u8(0).u8(0)
        }
        const bytes = out.bytes()
        const whole = readAnswer(bytes)
        if (whole.status !== 'ok') throw new Error('it is an answer')
        reader.read(bytes)
        const receipts = whole.entry?.receipts ?? []
        const { state: account } = whole
        expect(readState(new Unpacker(bytes, reader.state))).toEqual(account)
        expect(outcomes.map((_, i) => reader.outcome(i))).toEqual(whole.outcomes)
        expect(reader).toMatchObject({
          ...{ status: 'ok', heat: weight, heats: warmed.length },
          ...{ livePoints: account.live.points, ...account.applied },
          ...{ isElsewhere: gateways.length > 0, hasEntry: done !== undefined },
          ...{ rulebook: done ? done.rulebook : reader.rulebook, receiptCount: receipts.length },
        })
        expect(reader.tier()).toEqual(account.tier)
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
