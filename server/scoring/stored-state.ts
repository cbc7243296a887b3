/** What a viewer is shown, read from the records that scripts answer; the layouts are those of the Lua fragments. */

import type { QuestRow } from '../../shared/quests.ts'
import type { DayBounds } from '../../shared/time.ts'
import { must, type Unpacker, u8At, u16At, u32At, u48At } from '../kernel/index.ts'
import {
  ACCOUNT_RECORD,
  PackedRecord,
  packRecord,
  QUESTS,
  type RecordLayout,
  Strings,
  VISIT_RECORD,
} from '../redis/index.ts'
import type { StoredState } from './account-view.ts'
import { readTier } from './stored-tier.ts'
import { NO_TASKS, readVisit } from './stored-visit.ts'

const BUCKETS = [undefined, 'spendable', 'session', 'pending', 'held', 'frozen'] as const
/** An account is looked for where it acted within this time. */
const ACTIVE_MS = 120_000

/** Parts of an account. */
const [SESSIONS, WALLET, , COUNTERS, ATTENTION] = [0, 1, 2, 3, 4]

export interface Stored {
  /** Empty where there is no record yet. */
  account: Buffer
  visit: Buffer
}

export interface Reading {
  /** Redis time of the script that answered the records. */
  atMs: number
  /** Of the platform, as the script had them: it chose by its own time. */
  day: DayBounds
  /** Client session that is told where it stands; none for a server. */
  session?: { startMs: number; nonce: number } | undefined
  /** Number of the issuer who owes what is earned there; 0 is nobody. */
  home: number
  /** The one that asks, which is not named. */
  gateway?: number
}

const NOWHERE: readonly number[] = []

/** Bytes of a client session, and places in it. */
const SESSION_BYTES = 26
const [NONCE, HIGH, MASK, USED_MS, GATEWAY] = [6, 10, 14, 18, 24]

/** Where the session stands, and gateways on which the account was active lately. */
function readSessions(account: PackedRecord, of: Reading, state: StoredState): readonly number[] {
  state.applied.high = 0
  state.applied.mask = 0
  const { fixedBytes } = account
  const at = account.fixedAt(SESSIONS)
  let gateways = NOWHERE
  if (u8At(fixedBytes, at) > 0) {
    const gateway = gatewayAt(fixedBytes, at + 1, of)
    if (gateway > 0) gateways = [gateway]
    if (isAsking(fixedBytes, at + 1, of)) readApplied(fixedBytes, at + 1, state)
  }
  const section = account.section(SESSIONS)
  if (!section) return gateways
  section.skip(6)
  const all = [...gateways]
  for (let n = section.u8(); n > 0; n--) {
    const row = section.raw(SESSION_BYTES)
    const gateway = gatewayAt(row, 0, of)
    if (gateway > 0) all.push(gateway)
    if (isAsking(row, 0, of)) readApplied(row, 0, state)
  }
  return all
}

const isAsking = (bytes: Buffer, at: number, { session }: Reading): boolean =>
  session !== undefined &&
  u32At(bytes, at + NONCE) === session.nonce &&
  u48At(bytes, at) === session.startMs

/** Another gateway on which the session was active lately; 0 is none. */
function gatewayAt(bytes: Buffer, at: number, { atMs, gateway: own }: Reading): number {
  const gateway = u16At(bytes, at + GATEWAY)
  return gateway !== own && atMs - u48At(bytes, at + USED_MS) < ACTIVE_MS ? gateway : 0
}

function readApplied(bytes: Buffer, at: number, { applied }: StoredState): void {
  applied.high = u32At(bytes, at + HIGH)
  applied.mask = u32At(bytes, at + MASK)
}

const NO_OTHERS: StoredState['others'] = new Map()

/** Places in the fixed part of a wallet, behind what was issued: of the first spendable lot and the first of the session. */
const [SPENDABLE_ISSUER, SPENDABLE_POINTS, SESSION_POINTS] = [11, 15, 28]

/** Points by bucket; spendable ones that `home` does not owe apart, which most have none of. */
function readWallet(account: PackedRecord, home: number, state: StoredState): void {
  const { balance } = state
  clearBalance(balance)
  state.others = NO_OTHERS
  const { fixedBytes } = account
  const at = account.fixedAt(WALLET)
  state.earned = u48At(fixedBytes, at)
  balance.spendable = u48At(fixedBytes, at + SPENDABLE_POINTS)
  balance.session = u48At(fixedBytes, at + SESSION_POINTS)
  const issuer = u16At(fixedBytes, at + SPENDABLE_ISSUER)
  if (issuer !== home) addOwed(state, issuer, balance.spendable)
  const section = account.section(WALLET)
  state.earned += section?.u48() ?? 0
  for (let n = skipSums(section); section && n > 0; n--) {
    const bucket = must(BUCKETS[section.u8()], 'a bucket')
    const issuer = section.u16()
    section.skip(4 + 2)
    const points = section.u48()
    balance[bucket] += points
    if (bucket === 'spendable' && issuer !== home) addOwed(state, issuer, points)
  }
}

function addOwed(state: StoredState, issuer: number, points: number): void {
  const { others } = state
  if (points > 0) state.others = new Map([...others, [issuer, (others.get(issuer) ?? 0) + points]])
}

function clearBalance(balance: StoredState['balance']): void {
  balance.spendable = 0
  balance.session = 0
  balance.pending = 0
  balance.held = 0
  balance.frozen = 0
}

/** Behind what was issued: answers the number of lots behind the sums. */
function skipSums(section: Unpacker | undefined): number {
  section?.skip(5 * 6 + 2 * 2)
  return section?.u8() ?? 0
}

/** Numbers of rules and their units, one behind the other; used again by each reading. */
const rows: number[] = []

/** Units of the day by rule; 0 stands for points by behaviour. Yesterday's are none. */
function readUsed(account: PackedRecord, day: number, used: StoredState['used']): void {
  rows.length = 0
  const { fixedBytes } = account
  const at = account.fixedAt(COUNTERS)
  const fixedDay = u32At(fixedBytes, at)
  if (fixedDay >= day) {
    const points = u32At(fixedBytes, at + 4)
    if (points > 0) rows.push(0, points)
    const units = u32At(fixedBytes, at + 9)
    if (units > 0) rows.push(u8At(fixedBytes, at + 8), units)
  }
  const section = account.section(COUNTERS)
  if (section) {
    section.skip(1)
    if (section.u32() >= Math.max(day, fixedDay))
      for (let n = section.u8(); n > 0; n--) rows.push(section.u8(), section.u32())
  }
  keepRows(used)
}

/** Nearly all use the same few rules: a map that is not cleared is not made anew either. */
function keepRows(used: StoredState['used']): void {
  let isSame = 2 * used.size === rows.length
  for (let i = 0; i < rows.length && isSame; i += 2) isSame = used.has(rows[i] ?? 0)
  if (!isSame) used.clear()
  for (let i = 0; i < rows.length; i += 2) used.set(rows[i] ?? 0, rows[i + 1] ?? 0)
}

function readWatch(account: PackedRecord, session: number, watch: StoredState['watch']): void {
  watch.nonce = 0
  watch.dueAtMs = 0
  const section = account.section(ATTENTION)
  section?.skip(6 + 6 + 6 + 4)
  for (let n = section?.u8() ?? 0; section && n > 0; n--) {
    const found = section.u32() === session
    section.skip(6)
    const dueAtMs = section.u48()
    const nonce = section.u32()
    if (!found) continue
    watch.nonce = nonce
    watch.dueAtMs = dueAtMs
    return
  }
}

/** How far an account is in quests; `tasks/lua/quests.lua` writes it. */
export function questRows(account: Buffer): { began: number; rows: QuestRow[] } {
  const from =
    account.length > 0 ? new PackedRecord(account, ACCOUNT_RECORD).extra(QUESTS) : undefined
  if (!from) return { began: 0, rows: [] }
  const began = from.u32()
  const rows = Array.from(
    { length: from.u8() },
    (): QuestRow => ({
      quest: from.u8(),
      period: from.u32(),
      progress: from.u32(),
      paid: from.u8(),
    }),
  )
  return { began, rows }
}

/** Of an account that has not done anything yet. */
export const emptyState = (): StoredState => ({
  version: 0,
  balance: { spendable: 0, session: 0, pending: 0, held: 0, frozen: 0 },
  tier: { growth: 0, rung: 0, promotions: 0 },
  earned: 0,
  dayEndsAtMs: 0,
  live: { points: 0, watchedMs: 0, continuousMs: 0 },
  watch: { nonce: 0, dueAtMs: 0 },
  applied: { high: 0, mask: 0 },
  used: new Map(),
  tasks: NO_TASKS,
  others: NO_OTHERS,
})
const emptyRecord = (of: RecordLayout): Buffer =>
  packRecord(
    of,
    { frozen: false, changes: 0 },
    of.fixed.map(() => Buffer.alloc(0)),
  )
const NOBODY = emptyRecord(ACCOUNT_RECORD)

/** Opened again for each answer. */
const opened = {
  account: new PackedRecord(NOBODY, ACCOUNT_RECORD),
  visit: new PackedRecord(emptyRecord(VISIT_RECORD), VISIT_RECORD),
}

/**
 * The state, and gateways on which the account was active lately. Throws where a record is of another version or torn, which
 * scripts see first.
 */
export function readStored(
  { account, visit }: Stored,
  reading: Reading,
): { state: StoredState; gateways: readonly number[]; frozen: boolean } {
  const state = emptyState()
  const strings = new Strings([account, visit])
  const gateways = readStanding({ strings, i: 0 }, reading, state)
  return { state, gateways, frozen: opened.account.frozen }
}

/** An account and its visit: the i-th of these strings and the next. */
export interface Standing {
  strings: Strings
  i: number
}

/** The same of records where they stand: overwrites the state, but for its tier, and answers the gateways. */
export function readStanding(
  { strings, i }: Standing,
  reading: Reading,
  into: StoredState,
): readonly number[] {
  const { atMs, day, session, home } = reading
  const account =
    openAt(opened.account, strings, i) ?? opened.account.open(NOBODY, 0, NOBODY.length)
  const isOver = atMs >= day.endsAtMs
  into.version = account.changes
  into.dayEndsAtMs = isOver ? day.nextEndsAtMs : day.endsAtMs
  into.tier = readTier(account, atMs)
  readWallet(account, home, into)
  readUsed(account, isOver ? day.day + 1 : day.day, into.used)
  readWatch(account, session?.nonce ?? 0, into.watch)
  readVisit(openAt(opened.visit, strings, i + 1), into)
  return readSessions(account, reading, into)
}

/** Undefined where there is no record yet. */
function openAt(record: PackedRecord, strings: Strings, i: number): PackedRecord | undefined {
  const [from, end] = [strings.begin(i), strings.end(i)]
  return from < end ? record.open(strings.bytes, from, end) : undefined
}
