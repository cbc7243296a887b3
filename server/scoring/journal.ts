/** Elements of a journal, decoded: what viewers did, and what else changed accounts. The layouts are those of lua/viewers.lua and others named below. */

import { CAUSES, type Cause } from '../../shared/ledger.ts'
import { named, Unpacker } from '../kernel/index.ts'
import { type AccountEntry, type KeptEntry, readKept, readLedgerEntry } from '../wallet/index.ts'
import { RECEIPT_BYTES, readReceipts, type StoredReceipt } from './receipts.ts'

/** Layouts of journal elements: lua/viewers.lua writes the first, wallet/lua/purse.lua the second. */
export const SCORED = 3
const LEDGER = 4
const GROWTH = 5
const KEPT = 6

export const NEWEST_LAYOUT = KEPT

export const unknownLayout = (layout: number): Error =>
  new Error(`journal entry of unknown version ${layout}`)

export interface JournalEntry {
  account: number
  live: number
  /** Nonce of the client session; 0 where a server caused it. */
  session: number
  rulebook: number
  /** Change counter of the account after it. */
  version: number
  /** Number of the brand that owes the points, and the month of their lot. */
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
  /** The rung before. */
  from: number
  no: number
}

export interface Claim {
  task: number
  points: number
  growth: number
  reachedAtMs: number
}

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
const readRungs = (byte: number): { rung: number; from: number } => ({
  rung: byte % 16,
  from: Math.floor(byte / 16) - 1,
})

function skimEntry(from: Unpacker): SkimmedEntry {
  return {
    account: from.u48(),
    live: from.u32(),
    session: from.u32(),
    rulebook: from.u32(),
    version: from.u48(),
    issuer: from.u16(),
    month: from.u16(),
    receipts: from.raw(RECEIPT_BYTES * from.u16()),
    promotions: readPromotions(from),
    claims: readClaims(from),
  }
}

export function readEntry(from: Unpacker): JournalEntry {
  const skimmed = skimEntry(from)
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
  /** The rung before. */
  from: number
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

function readBatch<E>(bytes: Buffer, read: (from: Unpacker) => E): Batch<E> {
  const from = new Unpacker(bytes)
  const layout = from.u8()
  const atMs = from.u48()
  const batch: Batch<E> = { atMs, entries: [], ledger: [], growth: [], kept: [] }
  for (let n = from.u16(); n > 0; n--) {
    switch (layout) {
      case SCORED:
        batch.entries.push(read(from))
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
