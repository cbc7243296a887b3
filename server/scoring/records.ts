/** Decodes what the scoring scripts answer and journal. The layouts are those of lua/receipts.lua and viewers.lua. */

import type { AccountState, TaskProgress } from '../../shared/account-state.ts'
import { CAUSES, type Cause } from '../../shared/ledger.ts'
import type { Applied } from '../../shared/protocol/index.ts'
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
import { asksPoints, goalOf } from '../../shared/rulebook/ways.ts'
import { must, Unpacker, u8At, u48At } from '../kernel/index.ts'
import {
  type AccountEntry,
  type KeptEntry,
  readKept,
  readLedgerEntry,
  readOldMovement,
} from '../wallet/index.ts'

/** Names by number. */
export const named = <T extends string>(table: Record<T, number>) => {
  const names: T[] = []
  for (const [name, no] of Object.entries(table) as [T, number][]) names[no] = name
  return (no: number): T => must(names[no], `number ${no} of a packed record`)
}
const actionOf = named<Action>(ACTIONS)
const reasonOf = named<Reason>(REASONS)
const bucketName = named<Bucket>(BUCKETS)
export const TASK_STATES = [
  'open',
  'claiming',
  'won',
  'full',
] as const satisfies TaskProgress['state'][]

/** Layouts of journal elements: lua/viewers.lua and wallet/lua/purse.lua write the newer two. */
const OLD_SCORED = 1
const OLD_MOVED = 2
export const SCORED = 3
const LEDGER = 4
const GROWTH = 5
const KEPT = 6
export const NEWEST_LAYOUT = KEPT

export const unknownLayout = (layout: number): Error =>
  new Error(`journal entry of unknown version ${layout}`)

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

export interface JournalEntry {
  account: number
  live: number
  /** Nonce of the client session; 0 where a server caused it. */
  session: number
  rulebook: number
  /** Change counter of the account after it. */
  version: number
  /** Number of the brand that owes the points, and the month of their lot; 0 in entries of older releases. */
  issuer: number
  month: number
  receipts: StoredReceipt[]
  promotions: Promotion[]
  /** Goals reached that wait for a place; with what the task promised, which its room may have forgotten by then. */
  claims: Claim[]
}

export interface Promotion {
  ladder: number
  rung: number
  /** The rung before; absent in entries of older releases. */
  from?: number
  no: number
}

export interface Claim {
  task: number
  points: number
  growth: number
  reachedAtMs: number
}

/** Bytes of a stored receipt; rule, action and reason are the first three of them. */
export const RECEIPT_BYTES = 53

/** An entry whose receipts are still packed: what most readers of the journal never look into. */
export interface SkimmedEntry extends Omit<JournalEntry, 'receipts' | 'promotions' | 'claims'> {
  receipts: Buffer
  promotions: readonly Promotion[]
  claims: readonly Claim[]
}

/** What nearly every entry has of promotions and claims: the worker keeps thousands of entries, and no list for each. */
export const NONE: readonly never[] = []

export function readPromotions(from: Unpacker): readonly Promotion[] {
  const length = from.u8()
  if (length === 0) return NONE
  return Array.from({ length }, () => ({
    ladder: from.u8(),
    ...readRungs(from.u8()),
    no: from.u16(),
  }))
}

export function readClaims(from: Unpacker): readonly Claim[] {
  const length = from.u8()
  if (length === 0) return NONE
  return Array.from({ length }, () => ({
    task: from.u32(),
    points: from.u32(),
    growth: from.u32(),
    reachedAtMs: from.u48(),
  }))
}

/** A rung and the one before it, as `growth.rungs` in tiers/lua/growth.lua puts them together. */
const readRungs = (byte: number): { rung: number; from?: number } => ({
  rung: byte % 16,
  ...(byte >= 16 && { from: Math.floor(byte / 16) - 1 }),
})

function skimEntry(from: Unpacker, layout = SCORED): SkimmedEntry {
  return {
    account: from.u48(),
    live: from.u32(),
    session: from.u32(),
    rulebook: from.u32(),
    version: from.u48(),
    issuer: layout === SCORED ? from.u16() : 0,
    month: layout === SCORED ? from.u16() : 0,
    receipts: from.raw(RECEIPT_BYTES * from.u16()),
    promotions: readPromotions(from),
    claims: readClaims(from),
  }
}

export function readReceipts(packed: Buffer): StoredReceipt[] {
  const from = new Unpacker(packed)
  const receipts: StoredReceipt[] = []
  while (!from.done) receipts.push(readReceipt(from))
  return receipts
}

export function readEntry(from: Unpacker, layout = SCORED): JournalEntry {
  const skimmed = skimEntry(from, layout)
  const { receipts, promotions, claims } = skimmed
  return {
    ...skimmed,
    receipts: readReceipts(receipts),
    promotions: [...promotions],
    claims: [...claims],
  }
}

/** A change of growth that no receipt tells of; layout in change-growth.lua. */
export interface GrowthEntry {
  account: number
  /** Change counter of the account after it. */
  version: number
  cause: Cause
  ladder: number
  /** Negative where it was taken. */
  growth: number
  /** The rung it led to; it is not announced. */
  rung: number
  /** The rung before; absent in entries of older releases. */
  from?: number
  ref: string
  subject: string
}

const causeOf = named<Cause>(CAUSES)

function readGrowth(from: Unpacker): GrowthEntry {
  const account = from.u48()
  const version = from.u48()
  const cause = causeOf(from.u8())
  const ladder = from.u8()
  const rungs = readRungs(from.u8())
  const sign = from.u8() === 1 ? -1 : 1
  const growth = sign * from.u48()
  return {
    account,
    version,
    cause,
    ladder,
    ...rungs,
    growth,
    ref: from.text(),
    subject: from.text(),
  }
}

interface Batch<E> {
  /** Redis time of the script that wrote it. */
  atMs: number
  /** What viewers did and what it paid. */
  entries: E[]
  /** Points that moved otherwise. */
  ledger: AccountEntry[]
  /** Growth that came or went without an action of the viewer. */
  growth: GrowthEntry[]
  /** What accounts have beside points. */
  kept: KeptEntry[]
}
export type JournalBatch = Batch<JournalEntry>
export type SkimmedBatch = Batch<SkimmedEntry>

function readBatch<E>(bytes: Buffer, read: (from: Unpacker, layout: number) => E): Batch<E> {
  const from = new Unpacker(bytes)
  const layout = from.u8()
  const atMs = from.u48()
  const batch: Batch<E> = { atMs, entries: [], ledger: [], growth: [], kept: [] }
  for (let n = from.u16(); n > 0; n--) {
    switch (layout) {
      case OLD_SCORED:
      case SCORED:
        batch.entries.push(read(from, layout))
        break
      case OLD_MOVED:
        batch.ledger.push(readOldMovement(from, atMs))
        break
      case LEDGER:
        batch.ledger.push(readLedgerEntry(from, atMs))
        break
      case GROWTH:
        batch.growth.push(readGrowth(from))
        break
      case KEPT:
        batch.kept.push(readKept(from))
        break
      default:
        throw unknownLayout(layout)
    }
  }
  return batch
}

/** One element of a partition's journal. Throws on a layout this release does not know. */
export const readJournal = (bytes: Buffer): JournalBatch => readBatch(bytes, readEntry)

/** The same without unpacking receipts. */
export const skimJournal = (bytes: Buffer): SkimmedBatch => readBatch(bytes, skimEntry)

/** The account as scripts answer it, before names of rules and the shard's epoch are known. */
export interface StoredState {
  version: number
  balance: AccountState['balance']
  /** How the rung is kept is shown to devices once its loss was told. */
  tier: AccountState['tier']
  /** Points ever issued to the account. */
  earned: number
  dayEndsAtMs: number
  live: { points: number; watchedMs: number; continuousMs: number }
  watch: AccountState['watch']
  applied: Applied
  /** Units used today by rule number; 0 stands for points by behaviour. */
  used: Map<number, number>
  tasks: TaskProgress[]
  /** Spendable points of others than who owes what is earned in the room, by issuer. */
  others: ReadonlyMap<number, number>
}

/** Spendable points that are not good where those of `payers` are; none where nobody says whose they are. */
export function elsewhereOf(
  { others }: Pick<StoredState, 'others'>,
  payers: ReadonlySet<number> | undefined,
): number {
  let points = 0
  if (payers) for (const [issuer, sum] of others) if (!payers.has(issuer)) points += sum
  return points
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

/** What an account is shown by; `payers` are those whose points are good where it is shown. */
export interface Showing {
  book: Rulebook
  /** With how the rung is kept, also where nothing was told of it. */
  keep?: boolean
  epoch: string
  payers?: ReadonlySet<number> | undefined
}

function tierOf(stored: StoredState, { book, keep: always }: Showing): AccountState['tier'] {
  const { keep, ...rest } = stored.tier
  const goal = goalOf(book.ladder, { ...rest, earned: stored.earned })
  return {
    ...rest,
    ...(asksPoints(book.ladder) && { earned: stored.earned }),
    ...(goal && { goal }),
    ...(keep && (always || keep.warned) && { keep }),
  }
}

/** The account as clients show it. */
export function toAccountState(stored: StoredState, of: Showing): AccountState {
  const elsewhere = elsewhereOf(stored, of.payers)
  const used: Record<string, number> = {}
  for (const [no, units] of stored.used) if (no > 0) used[ruleName(of.book, no)] = units
  return {
    epoch: of.epoch,
    version: stored.version,
    balance: stored.balance,
    ...(elsewhere > 0 && { elsewhere }),
    tier: tierOf(stored, of),
    today: { points: stored.used.get(0) ?? 0, used, resetsAtMs: stored.dayEndsAtMs },
    live: { ...stored.live, tasks: stored.tasks },
    watch: stored.watch,
  }
}
