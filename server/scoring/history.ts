/** An account's last receipts and ledger entries, projected from the journal by the worker, for the viewer to look back on. */

import { formatAccount } from '../../shared/ids.ts'
import type { Balances } from '../../shared/ledger.ts'
import { BUCKETS, type Bucket } from '../../shared/receipt.ts'
import { keepNewsOf } from '../../shared/tiers.ts'
import { must, Packer, Unpacker } from '../kernel/index.ts'
import { declareKeys, defineScript, keyIn, type SlotTag, type Store } from '../redis/index.ts'
import { type AccountEntry, journalKey, packLedgerEntry, readLedgerEntry } from '../wallet/index.ts'
import source from './history.lua'
import {
  RECEIPT_BYTES,
  readReceipts,
  type SkimmedBatch,
  type SkimmedEntry,
  type StoredReceipt,
} from './records.ts'

declareKeys('scoring', {
  h: {
    slot: 'partition',
    type: 'list',
    life: 'for ever, newest 200 lines',
    holds: 'packed receipts and ledger entries of one account, newest first',
  },
})

export const historyKey = (slot: SlotTag, account: number): string =>
  keyIn(slot, 'h', formatAccount(account))

export const HISTORY_LINES = 200
/** Accounts in one call. */
export const HISTORIES_PER_CALL = 150

/** Id of the journal element (6 + 4 bytes), number of the line in it (2), time (6), rulebook (4), live (4). */
const HEAD_BYTES = 26
/** Of most lines, with their length. */
const LINE_BYTES = 2 + HEAD_BYTES + RECEIPT_BYTES + 2
/** Stands where a receipt has the number of its rule. */
const LEDGER = 255
const WATCH = 4
const PROGRESS = 1

const isBucket = (place: string): place is Bucket => place in BUCKETS

const script = defineScript({
  name: 'scoring.write_history',
  source,
  keys: ['journal', 'cursors'],
  args: { last: 'str', head_bytes: 'int', lines_max: 'int' },
  each: { keys: ['list'], args: { lines: 'bin' } },
  replies: { written: {}, gone: {} },
})

/** One element of the journal, as far as histories need it. */
export interface HistoryElement {
  id: { ms: number; seq: number }
  atMs: number
  entries: readonly SkimmedEntry[]
  ledger: readonly AccountEntry[]
  growth: SkimmedBatch['growth']
}

/** Of growth only what happened to a rung by time has a line: as an entry of the ledger that moves nothing. */
function tierLines({ atMs, growth }: Pick<HistoryElement, 'atMs' | 'growth'>): AccountEntry[] {
  return growth.flatMap(({ account, version, cause, subject }) => {
    const news = keepNewsOf({ cause, subject })
    if (!news) return []
    const { untilMs } = news
    const line = {
      account,
      version,
      cause,
      subject,
      atMs,
      ref: '',
      by: '',
      at: 0,
      live: 0,
      moves: [],
    }
    return [{ ...line, ...(untilMs !== undefined && { untilMs }) }]
  })
}

/** A line of an element as it stands there; it is packed where it is needed. */
interface UnpackedLine {
  of: HistoryElement
  /** Among the lines of its element. */
  no: number
  account: number
  told: SkimmedEntry | AccountEntry
  /** Where its receipt begins. */
  at: number
}

const isReceipt = (told: SkimmedEntry | AccountEntry): told is SkimmedEntry => 'receipts' in told

/** Lines of one element, oldest first; beats and mere progress are not worth one. */
function* linesIn(of: HistoryElement): Generator<UnpackedLine> {
  let no = 0
  for (const told of of.entries) {
    const { account, receipts } = told
    for (let at = 0; at < receipts.length; at += RECEIPT_BYTES) {
      const reason = receipts[at + 2]
      if (reason === PROGRESS || (receipts[at] === 0 && receipts[at + 1] === WATCH)) continue
      yield { of, no: no++, account, told, at }
    }
  }
  for (const told of [...of.ledger, ...tierLines(of)])
    yield { of, no: no++, account: told.account, told, at: 0 }
}

const headOf = (out: Packer, { of, no }: UnpackedLine, from: { rulebook: number; live: number }) =>
  out
    .u48(of.id.ms)
    .u32(of.id.seq)
    .u16(no % 65_536)
    .u48(of.atMs)
    .u32(from.rulebook)
    .u32(from.live)

/** Behind its length. */
function packLine(out: Packer, line: UnpackedLine): Packer {
  const { told, at } = line
  if (isReceipt(told)) {
    headOf(out.u16(HEAD_BYTES + RECEIPT_BYTES + 2), line, told)
    return out.raw(told.receipts.subarray(at, at + RECEIPT_BYTES)).u16(told.issuer)
  }
  const entry = packLedgerEntry(told)
  headOf(out.u16(HEAD_BYTES + 1 + entry.length), line, { rulebook: 0, live: told.live })
  return out.u8(LEDGER).raw(entry)
}

/** Lines of a batch by account, oldest first. */
function linesOf(elements: readonly HistoryElement[]): Map<number, UnpackedLine[]> {
  const byAccount = new Map<number, UnpackedLine[]>()
  for (const element of elements)
    for (const line of linesIn(element)) {
      const lines = byAccount.get(line.account)
      if (lines) lines.push(line)
      else byAccount.set(line.account, [line])
    }
  return byAccount
}

/** What an element tells, without making lines of it: what it changed, and of whom it has a line. */
export interface Told {
  changed(account: number, bucket: Bucket, points: number): void
  /** `refusal` names what paid nothing, and why; 0 for any other line. */
  line(account: number, refusal: number): void
}

const BUCKET_AT = 3
const POINTS_AT = 32
const GROWTH_AT = 38
const bucketsByNo = new Map<number, Bucket>(
  Object.entries(BUCKETS).map(([name, no]) => [no, name as Bucket]),
)

export function tellElement(
  { entries, ledger, growth }: Pick<HistoryElement, 'entries' | 'ledger' | 'growth'>,
  told: Told,
): void {
  for (const { account, receipts } of entries)
    for (let at = 0; at < receipts.length; at += RECEIPT_BYTES) {
      const points = receipts.readUIntBE(at + POINTS_AT, 6)
      const bucket = bucketsByNo.get(receipts.readUInt8(at + BUCKET_AT))
      if (points > 0 && bucket) told.changed(account, bucket, points)
      const [rule = 0, action = 0, reason = 0] = receipts.subarray(at, at + 3)
      if (reason === PROGRESS || (rule === 0 && action === WATCH)) continue
      const refused = points === 0 && receipts.readUInt32BE(at + GROWTH_AT) === 0
      told.line(account, refused ? 1 + rule + action * 2 ** 8 + reason * 2 ** 16 : 0)
    }
  for (const { account, moves } of ledger) {
    for (const { from, to, points } of moves) {
      if (isBucket(from)) told.changed(account, from, -points)
      if (isBucket(to)) told.changed(account, to, points)
    }
    told.line(account, 0)
  }
  for (const { account } of tierLines({ atMs: 0, growth })) told.line(account, 0)
}

const LENGTH_BYTES = 2

/** What an element tells of each account, oldest first, under the ids that the history has them. */
export function linesByAccount(element: HistoryElement, only?: number): Map<number, HistoryLine[]> {
  const found = new Map<number, HistoryLine[]>()
  for (const line of linesIn(element)) {
    const { account } = line
    if (only !== undefined && account !== only) continue
    const told = readLine(packLine(new Packer(LINE_BYTES), line).bytes().subarray(LENGTH_BYTES))
    const lines = found.get(account)
    if (lines) lines.push(told)
    else found.set(account, [told])
  }
  return found
}

/** Used again by each call, whose bytes are copied before the next. */
const packed = new Packer(HISTORIES_PER_CALL * LINE_BYTES)

/** Each line behind its length; of too many the newest. */
function packLines(lines: readonly UnpackedLine[]): Buffer {
  const { length } = packed.bytes()
  for (let i = Math.max(0, lines.length - HISTORY_LINES); i < lines.length; i++)
    packLine(packed, must(lines[i], 'a line'))
  return packed.bytes().subarray(length)
}

/**
 * Adds the lines of elements of one partition and moves the cursor behind them, in one step; lines that are not
 * newer than the cursor are passed over. False where the journal holds the newest of the elements no more: the
 * shard has lost its end, so they never happened.
 */
export async function writeHistory(
  store: Store,
  of: { slot: SlotTag; cursors: string },
  elements: readonly HistoryElement[],
): Promise<boolean> {
  const newest = must(elements.at(-1), 'an element').id
  packed.clear()
  const reply = await script.run(store, {
    keys: { journal: journalKey(of.slot), cursors: of.cursors },
    args: {
      last: `${newest.ms}-${newest.seq}`,
      head_bytes: HEAD_BYTES,
      lines_max: HISTORY_LINES,
    },
    each: [...linesOf(elements)].map(([account, lines]) => ({
      keys: { list: historyKey(of.slot, account) },
      args: { lines: packLines(lines) },
    })),
  })
  return reply.tag === 'written'
}

export type HistoryLine = {
  /** Names the line for `before`. */
  id: string
  atMs: number
} & (
  | { kind: 'receipt'; receipt: StoredReceipt; rulebook: number; live: number; issuer: number }
  | { kind: 'moved'; entry: AccountEntry }
)

function readLine(bytes: Buffer): HistoryLine {
  const from = new Unpacker(bytes)
  const id = `${from.u48()}-${from.u32()}-${from.u16()}`
  const atMs = from.u48()
  const of = { rulebook: from.u32(), live: from.u32() }
  if (bytes[HEAD_BYTES] === LEDGER) {
    from.u8()
    return { id, atMs, kind: 'moved', entry: readLedgerEntry(from, atMs) }
  }
  const receipt = must(readReceipts(from.raw(RECEIPT_BYTES))[0], 'a receipt')
  // Lines of older releases do not say whose points they were.
  const issuer = from.done ? 0 : from.u16()
  return { id, atMs, kind: 'receipt', receipt, issuer, ...of }
}

/** True where the line with id `a` is older than the one with id `b`. */
export function isOlder(a: string, b: string): boolean {
  const right = b.split('-').map(Number)
  for (const [i, part] of a.split('-').entries()) {
    const difference = Number(part) - (right[i] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

/** Names what paid nothing and why; lines of the same name that follow each other are one, the newest. */
export function refusalOf(line: HistoryLine): string | undefined {
  if (line.kind === 'moved') return undefined
  const { ruleNo, action, reason, points, growth } = line.receipt
  return points === 0 && growth === 0 ? `${ruleNo} ${action} ${reason}` : undefined
}

/** By how much a line changed each bucket. */
export function changesOf(line: HistoryLine): Balances {
  const changes: Balances = { spendable: 0, session: 0, pending: 0, held: 0, frozen: 0 }
  if (line.kind === 'receipt') {
    changes[line.receipt.bucket] += line.receipt.points
    return changes
  }
  for (const { from, to, points } of line.entry.moves) {
    if (isBucket(from)) changes[from] -= points
    if (isBucket(to)) changes[to] += points
  }
  return changes
}

/** The lines that an account's list has, newest first; where it is `full`, older ones have been pushed out of it. */
export async function readLines(
  store: Store,
  of: { slot: SlotTag; account: number },
): Promise<{ lines: HistoryLine[]; full: boolean }> {
  const stored = await store.lrangeBuffer(
    historyKey(of.slot, of.account),
    0,
    String(HISTORY_LINES - 1),
  )
  return { lines: stored.map(readLine), full: stored.length >= HISTORY_LINES }
}

/** Lines of an account's list, newest first, from the one before `before`; `next` continues where there are more. */
export async function readHistory(
  store: Store,
  of: { slot: SlotTag; account: number; before?: string; limit: number },
): Promise<{ lines: HistoryLine[]; next?: string }> {
  const { before } = of
  const stored = await readLines(store, of)
  const lines = stored.lines.filter(({ id }) => before === undefined || isOlder(id, before))
  const page = lines.slice(0, of.limit)
  const last = lines.length > page.length ? page.at(-1) : undefined
  return { lines: page, ...(last && { next: last.id }) }
}
