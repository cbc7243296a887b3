/** An account's last receipts and ledger entries, projected from the journal by the worker, for the viewer to look back on. */

import { formatAccount } from '../../shared/ids.ts'
import type { Balances } from '../../shared/ledger.ts'
import { BUCKETS, type Bucket } from '../../shared/receipt.ts'
import { keepNewsOf } from '../../shared/tiers.ts'
import { must, Packer, Unpacker } from '../kernel/index.ts'
import { declareKeys, keyIn, type SlotTag, type Store } from '../redis/index.ts'
import { type AccountEntry, packLedgerEntry, readLedgerEntry } from '../wallet/index.ts'
import type { SkimmedBatch, SkimmedEntry } from './journal.ts'
import { RECEIPT_BYTES, readReceipts, type StoredReceipt } from './receipts.ts'

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

/** Id of the journal element (6 + 4 bytes), number of the line in it (2), time (6), rulebook (4), live (4). */
export const HEAD_BYTES = 26
/** Of most lines, with their length. */
export const LINE_BYTES = 2 + HEAD_BYTES + RECEIPT_BYTES + 2
/** Stands where a receipt has the number of its rule. */
const LEDGER = 255
const WATCH = 4
const PROGRESS = 1

const isBucket = (place: string): place is Bucket => place in BUCKETS

/** One element of the journal, as far as histories need it. */
export interface HistoryElement {
  id: { ms: number; seq: number }
  atMs: number
  entries: readonly SkimmedEntry[]
  ledger: readonly AccountEntry[]
  growth: SkimmedBatch['growth']
}

/** Points that moved, what happened to a rung by time, and rungs of fan clubs: an entry of the ledger that moves nothing. */
export const movedIn = (of: Pick<HistoryElement, 'atMs' | 'ledger' | 'growth'>): AccountEntry[] =>
  of.growth.length === 0 ? [...of.ledger] : [...of.ledger, ...tierLines(of)]

function tierLines({ atMs, growth }: Pick<HistoryElement, 'atMs' | 'growth'>): AccountEntry[] {
  return growth.flatMap(({ account, version, cause, subject }) => {
    const news = keepNewsOf({ cause, subject })
    if (!news && cause !== 'club_rung') return []
    const untilMs = news?.untilMs
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

/** Of which element a line is, and which of its lines. */
export interface LinePlace {
  id: { ms: number; seq: number }
  atMs: number
  no: number
}

/** Beats and mere progress are not worth a line. */
export const isWorthLine = (receipts: Buffer, at: number): boolean =>
  receipts[at + 2] !== PROGRESS && !(receipts[at] === 0 && receipts[at + 1] === WATCH)

const headOf = (out: Packer, { id, atMs, no }: LinePlace, of: { rulebook: number; live: number }) =>
  out
    .u48(id.ms)
    .u32(id.seq)
    .u16(no % 65_536)
    .u48(atMs)
    .u32(of.rulebook)
    .u32(of.live)

/** The receipt that begins at `at`, as a line behind its length. */
export function packReceipt(
  out: Packer,
  place: LinePlace,
  { told, at }: { told: SkimmedEntry; at: number },
): void {
  out.u16(HEAD_BYTES + RECEIPT_BYTES + 2)
  headOf(out, place, told)
    .part(told.receipts, at, at + RECEIPT_BYTES)
    .u16(told.issuer)
}

/** Points that moved otherwise, as a line behind its length. */
export function packMoved(out: Packer, place: LinePlace, told: AccountEntry): void {
  const entry = packLedgerEntry(told)
  out.u16(HEAD_BYTES + 1 + entry.length)
  headOf(out, place, { rulebook: 0, live: told.live }).u8(LEDGER).raw(entry)
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
      if (!isWorthLine(receipts, at)) continue
      const [rule = 0, action = 0, reason = 0] = receipts.subarray(at, at + 3)
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
  const place = { id: element.id, atMs: element.atMs, no: 0 }
  const tell = (account: number, pack: (out: Packer) => void) => {
    if (only === undefined || account === only) {
      const out = new Packer(LINE_BYTES)
      pack(out)
      const line = readLine(out.bytes().subarray(LENGTH_BYTES))
      const lines = found.get(account)
      if (lines) lines.push(line)
      else found.set(account, [line])
    }
    place.no++
  }
  for (const entry of element.entries)
    for (let at = 0; at < entry.receipts.length; at += RECEIPT_BYTES)
      if (isWorthLine(entry.receipts, at))
        tell(entry.account, (out) => packReceipt(out, place, { told: entry, at }))
  for (const moved of movedIn(element)) tell(moved.account, (out) => packMoved(out, place, moved))
  return found
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
  return { id, atMs, kind: 'receipt', receipt, issuer: from.u16(), ...of }
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
