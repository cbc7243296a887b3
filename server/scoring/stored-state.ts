/** What a viewer is shown, read from the records that scripts answer; the layouts are those of the Lua fragments. */

import type { TaskProgress } from '../../shared/account-state.ts'
import type { QuestRow } from '../../shared/quests.ts'
import type { DayBounds } from '../../shared/time.ts'
import { must, type Unpacker } from '../kernel/index.ts'
import { ACCOUNT_RECORD, PackedRecord, packRecord, QUESTS, VISIT_RECORD } from '../redis/index.ts'
import { DAY_PASS } from '../wallet/index.ts'
import { type StoredState, TASK_STATES } from './records.ts'

const BUCKETS = [undefined, 'spendable', 'session', 'pending', 'held', 'frozen'] as const
const PLATFORM_LADDER = 1
/** The window in which the rung is being kept, and what it asks (tiers/lua/growth.lua). */
const [WINDOW, ASKED] = [251, 252]
/** An account is looked for where it acted within this time. */
const ACTIVE_MS = 120_000

/** Parts of an account and of a visit. */
const [SESSIONS, WALLET, GROWTH, COUNTERS, ATTENTION] = [0, 1, 2, 3, 4]
const [, VISIT_ATTENTION, TASKS] = [0, 1, 2]

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

/** Where the session stands, and gateways on which the account was active lately. */
function readSessions(account: PackedRecord, of: Reading, state: StoredState): readonly number[] {
  let gateways: number[] | undefined
  state.applied.high = 0
  state.applied.mask = 0
  const read = (from: Unpacker) => {
    const startMs = from.u48()
    const nonce = from.u32()
    const asking = startMs === of.session?.startMs && nonce === of.session.nonce
    const high = from.u32()
    const mask = from.u32()
    const usedMs = from.u48()
    const gateway = from.u16()
    if (asking) {
      state.applied.high = high
      state.applied.mask = mask
    }
    if (gateway === 0 || gateway === of.gateway || of.atMs - usedMs >= ACTIVE_MS) return
    gateways ??= []
    gateways.push(gateway)
  }
  const fixed = account.fixed(SESSIONS)
  if (fixed.u8() > 0) read(fixed)
  const section = account.section(SESSIONS)
  section?.skip(6)
  for (let n = section?.u8() ?? 0; section && n > 0; n--) read(section)
  return gateways ?? NOWHERE
}

const NO_OTHERS: StoredState['others'] = new Map()

/** Points by bucket; spendable ones that `home` does not owe apart, which most have none of. */
function readWallet(account: PackedRecord, home: number, state: StoredState): void {
  const { balance } = state
  clearBalance(balance)
  let others: Map<number, number> | undefined
  const owed = (issuer: number, points: number) => {
    if (issuer === home || points === 0) return
    others ??= new Map()
    others.set(issuer, (others.get(issuer) ?? 0) + points)
  }
  const fixed = account.fixed(WALLET)
  state.earned = fixed.u48()
  fixed.skip(2 + 2 + 1)
  const issuer = fixed.u16()
  fixed.skip(2)
  balance.spendable = fixed.u48()
  owed(issuer, balance.spendable)
  fixed.skip(1 + 2 + 4)
  balance.session = fixed.u48()
  const section = account.section(WALLET)
  state.earned += section?.u48() ?? 0
  for (let n = skipSums(section); section && n > 0; n--) {
    const bucket = must(BUCKETS[section.u8()], 'a bucket')
    const issuer = section.u16()
    section.skip(4 + 2)
    const points = section.u48()
    balance[bucket] += points
    if (bucket === 'spendable') owed(issuer, points)
  }
  state.others = others ?? NO_OTHERS
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

interface Rung {
  rung: number
  promotions: number
  growth: number
}

function readRung(from: Unpacker): Rung {
  const rung = { rung: from.u8(), promotions: from.u16(), growth: from.u48() }
  from.skip(2)
  return rung
}

function readTier(account: PackedRecord, atMs: number): StoredState['tier'] {
  const fixed = account.fixed(GROWTH)
  let platform = readRung(fixed)
  let pass = { rungs: fixed.u8(), untilMs: fixed.u48() }
  let window: Rung | undefined
  let asked = 0
  const section = account.section(GROWTH)
  for (let n = section?.u8() ?? 0; section && n > 0; n--) {
    const ladder = section.u8()
    const rung = readRung(section)
    if (ladder === PLATFORM_LADDER) platform = rung
    else if (ladder === DAY_PASS) pass = { rungs: rung.rung, untilMs: rung.growth }
    else if (ladder === WINDOW) window = rung
    else if (ladder === ASKED) asked = rung.growth
  }
  const { growth, rung, promotions } = platform
  const tier: StoredState['tier'] = { growth, rung, promotions }
  if (window?.rung === rung)
    tier.keep = {
      growth: asked,
      untilMs: window.growth,
      ...(window.promotions > 0 && { warned: true as const }),
    }
  return pass.rungs > 0 && atMs < pass.untilMs ? { ...tier, boost: pass } : tier
}

/** Units of the day by rule; 0 stands for points by behaviour. Yesterday's are none. */
function readUsed(account: PackedRecord, day: number, used: StoredState['used']): void {
  used.clear()
  const fixed = account.fixed(COUNTERS)
  const fixedDay = fixed.u32()
  if (fixedDay >= day) {
    const points = fixed.u32()
    if (points > 0) used.set(0, points)
    const no = fixed.u8()
    const units = fixed.u32()
    if (units > 0) used.set(no, units)
  }
  const section = account.section(COUNTERS)
  if (!section) return
  section.skip(1)
  if (section.u32() < Math.max(day, fixedDay)) return
  for (let n = section.u8(); n > 0; n--) used.set(section.u8(), section.u32())
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

const NO_TASKS: TaskProgress[] = []

function readVisit(bytes: Buffer, state: StoredState): void {
  const { live } = state
  live.points = 0
  live.watchedMs = 0
  live.continuousMs = 0
  state.tasks = NO_TASKS
  if (bytes.length === 0) return
  const visit = new PackedRecord(bytes, VISIT_RECORD)
  live.points = visit.fixed(VISIT_ATTENTION).u48()
  const watch = visit.section(VISIT_ATTENTION)
  if (watch) {
    live.watchedMs = watch.u48()
    live.continuousMs = watch.u48()
    watch.skip(6 + 6)
    live.points += watch.u48()
  }
  const section = visit.section(TASKS)
  const count = section?.u8() ?? 0
  if (section && count > 0) state.tasks = readTasks(section, count)
}

function readTasks(section: Unpacker, count: number): TaskProgress[] {
  const tasks: TaskProgress[] = []
  for (let n = count; n > 0; n--) {
    const task: TaskProgress = {
      task: section.u32(),
      progress: section.u32(),
      state: must(TASK_STATES[section.u8()], 'a task state'),
    }
    const rank = section.u32()
    if (rank > 0) task.rank = rank
    section.skip(6)
    tasks.push(task)
  }
  return tasks
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
const NOBODY = packRecord(
  ACCOUNT_RECORD,
  { flags: 0, changes: 0 },
  ACCOUNT_RECORD.fixed.map(() => Buffer.alloc(0)),
)

/**
 * The state, and gateways on which the account was active lately. `into` is overwritten, but for its tier, which may be
 * kept. Throws where a record is of another version or torn, which scripts see first.
 */
export function readStored(
  stored: Stored,
  reading: Reading,
  into: StoredState = emptyState(),
): { state: StoredState; gateways: readonly number[]; frozen: boolean } {
  const { atMs, day, session, home } = reading
  const account = new PackedRecord(
    stored.account.length > 0 ? stored.account : NOBODY,
    ACCOUNT_RECORD,
  )
  const isOver = atMs >= day.endsAtMs
  into.version = account.changes
  into.dayEndsAtMs = isOver ? day.nextEndsAtMs : day.endsAtMs
  into.tier = readTier(account, atMs)
  readWallet(account, home, into)
  readUsed(account, isOver ? day.day + 1 : day.day, into.used)
  readWatch(account, session?.nonce ?? 0, into.watch)
  readVisit(stored.visit, into)
  const gateways = readSessions(account, reading, into)
  return { state: into, gateways, frozen: account.flags % 2 === 1 }
}
