/** Receipts as scripts pack them (lua/receipts.lua), and as clients and history show them. */

import {
  ACTIONS,
  type Action,
  BUCKETS,
  type Bucket,
  REASONS,
  type Reason,
  type Receipt,
} from '../../shared/receipt.ts'
import { capOf } from '../../shared/rulebook/caps.ts'
import { brownoutFactor } from '../../shared/rulebook/issuance-levels.ts'
import type { Label, Rulebook } from '../../shared/rulebook/schema.ts'
import { named, Unpacker, u8At, u48At } from '../kernel/index.ts'

const actionOf = named<Action>(ACTIONS)
const reasonOf = named<Reason>(REASONS)
const bucketName = named<Bucket>(BUCKETS)

/** Rule number of what a task pays; not an earn rule. */
export const TASK_RULE = 250

/** And of what a quest pays; its own number stands where that of a task would. */
export const QUEST_RULE = 249

/** Of an earn rule, not of a task, a quest or the clock of watching. */
export const isEarnRule = (ruleNo: number): boolean => ruleNo > 0 && ruleNo < QUEST_RULE

/** Quests have numbers of their own, so they are named apart from rules. */
const QUEST_NAMES = 1000

/** What a receipt was earned by, for `ruleName`. */
export const ruleRef = (ruleNo: number, task: number): number =>
  ruleNo === QUEST_RULE ? QUEST_NAMES + task : ruleNo

/** Title of the quest, where one paid. */
export const titleOf = (book: Rulebook, ref: number): Label | undefined =>
  ref > QUEST_NAMES ? book.quests.find(({ no }) => no === ref - QUEST_NAMES)?.title : undefined

/** A receipt as stored: the rule by number, and the task or quest where one paid. */
export interface StoredReceipt
  extends Omit<Receipt, 'rule' | 'title' | 'rulebook' | 'atMs' | 'brownout'> {
  ruleNo: number
  task: number
  /** Of the brown-out; its factor stands in the rulebook. */
  level?: number
}

const STALE = 1
const FIRST = 2

/** Flags above these are the level of the brown-out. */
export const LEVEL_BITS = 4

function readReceipt(from: Unpacker): StoredReceipt {
  const receipt: StoredReceipt = {
    ruleNo: from.u8(),
    action: actionOf(from.u8()),
    reason: reasonOf(from.u8()),
    bucket: bucketName(from.u8()),
    seq: from.u32(),
    units: from.u32(),
    counted: from.u32(),
    baseMilli: from.u32(),
    multipliers: { heat: from.u16(), campaign: from.u16(), tier: from.u16(), personal: from.u16() },
    multiplier: from.u16(),
    carry: from.u16(),
    points: from.u48(),
    growth: from.u32(),
    task: 0,
  }
  const resetsAtMs = from.u48()
  if (resetsAtMs > 0) receipt.resetsAtMs = resetsAtMs
  receipt.task = from.u32()
  const flags = from.u8()
  if (flags & STALE) receipt.stale = true
  if (flags & FIRST) receipt.first = true
  if (flags >= LEVEL_BITS) receipt.level = Math.floor(flags / LEVEL_BITS)
  return receipt
}

/** Bytes of a stored receipt; rule, action and reason are the first three of them. */
export const RECEIPT_BYTES = 53

export function readReceipts(packed: Buffer): StoredReceipt[] {
  const from = new Unpacker(packed)
  const receipts: StoredReceipt[] = []
  while (!from.done) receipts.push(readReceipt(from))
  return receipts
}

/** Where the points stand in a packed receipt. */
export const RECEIPT_POINTS = 32

/** What packed receipts of one action paid, without unpacking them. */
export function paidFor(receipts: Buffer, action: Action): number {
  let points = 0
  for (let at = 0; at < receipts.length; at += RECEIPT_BYTES)
    if (receipts[at + 1] === ACTIONS[action]) points += receipts.readUIntBE(at + RECEIPT_POINTS, 6)
  return points
}

const RECEIPT_BUCKET = 3

/** Calls `paid` for each packed receipt that paid points, without unpacking them. */
export function eachPaid(
  receipts: Buffer,
  paid: (action: Action, bucket: Bucket, points: number) => void,
): void {
  for (let at = 0; at < receipts.length; at += RECEIPT_BYTES) {
    const points = u48At(receipts, at + RECEIPT_POINTS)
    if (points > 0)
      paid(
        actionOf(u8At(receipts, at + 1)),
        bucketName(u8At(receipts, at + RECEIPT_BUCKET)),
        points,
      )
  }
}

/** The same with the number of the action alone. */
export function eachAward(receipts: Buffer, award: (action: number, points: number) => void): void {
  for (let at = 0; at < receipts.length; at += RECEIPT_BYTES) {
    const points = receipts.readUIntBE(at + RECEIPT_POINTS, 6)
    if (points > 0) award(receipts.readUInt8(at + 1), points)
  }
}

const RECEIPT_GROWTH = 38

/**
 * Whether packed receipts tell that something was done: watching, where a watch rule paid; else whatever a server
 * vouched for, also where it pays nothing, but not what counts once and had been done before.
 */
export function hasDone(receipts: Buffer, action: 'watch' | 'register' | 'order'): boolean {
  for (let at = 0; at < receipts.length; at += RECEIPT_BYTES) {
    if (receipts[at + 1] !== ACTIONS[action]) continue
    const reason = receipts[at + 2]
    const paid =
      receipts.readUIntBE(at + RECEIPT_POINTS, 6) > 0 ||
      receipts.readUInt32BE(at + RECEIPT_GROWTH) > 0
    if (action === 'watch' ? paid : reason !== REASONS.once_only && reason !== REASONS.frozen)
      return true
  }
  return false
}

const ruleNames = new WeakMap<Rulebook, Map<number, string>>()

/** `no` of an earn rule, or what `ruleRef` says. */
export function ruleName(book: Rulebook, no: number): string {
  let names = ruleNames.get(book)
  if (!names) {
    const quests = book.quests.map(({ no, id }) => [QUEST_NAMES + no, id] as const)
    names = new Map([...book.earn.map((rule) => [rule.no, rule.id] as const), ...quests])
    ruleNames.set(book, names)
  }
  return no === TASK_RULE ? 'task' : (names.get(no) ?? '')
}

/** The receipt as clients and history show it. */
export function toReceipt(
  stored: StoredReceipt,
  of: { book: Rulebook; rulebook: number; atMs: number },
): Receipt {
  const { ruleNo, task, level, ...rest } = stored
  const ref = ruleRef(ruleNo, task)
  const rule = ruleName(of.book, ref)
  const title = titleOf(of.book, ref)
  const cap = capOf(of.book, rule, stored.reason)
  return {
    ...rest,
    rule,
    ...(title && { title }),
    rulebook: of.rulebook,
    atMs: of.atMs,
    ...(cap !== undefined && { cap }),
    ...(level && { brownout: { level, factor: brownoutFactor(of.book.issuance, level) } }),
  }
}
