/**
 * A second scoring, written from SPEC.md alone, with Maps and BigInts and one viewer after another. Slow and
 * plain; random histories compare the scripts with it.
 */

import type { Action } from '../../shared/receipt.ts'
import {
  dayOf,
  ModelAccount,
  type ModelSession,
  ModelVisit,
  maskOf,
  midnightAfter,
} from './account.model.ts'
import type { StoredState } from './account-view.ts'
import type { Outcome, ViewerAnswer } from './answer.ts'
import { earn, grantPlace, type ModelContext, rise, type Turn } from './earn.model.ts'
import type { GrowthEntry, JournalEntry } from './journal.ts'
import { keepRung, rungByPoints } from './keep.model.ts'
import type { ScoreCall, ScoreReply, Work } from './score.ts'
import type { EventReply } from './score-event.ts'
import { watch } from './watch.model.ts'

export interface ModelCall extends Omit<ScoreCall, 'slot' | 'contexts' | 'aroundMs' | 'gateway'> {
  contexts: readonly ModelContext[]
  nowMs: number
}

export interface ModelEvent {
  account: number
  id: string
  body: string
  context: ModelContext
  action: Action
  units: number
  place?: { task: number; rank: number; points: number; growth: number }
  journalMax: number
  nowMs: number
}

const SESSIONS_KEPT = 8
const WINDOW = 32
const NO_SESSION: ModelSession = {
  startMs: 0,
  nonce: 0,
  high: 0,
  applied: new Set(),
  lastAppliedMs: 0,
}

/** One partition. */
export class ScoringModel {
  readonly accounts = new Map<number, ModelAccount>()
  readonly visits = new Map<string, ModelVisit>()
  readonly ended = new Set<number>()
  /** [S1] One element per call; those of sweeps are left out. */
  readonly journal: (
    | { atMs: number; entries: JournalEntry[]; growth: GrowthEntry[] }
    | undefined
  )[] = []
  /** [E2] Keys expire by the real clock, which histories do not wait for. */
  /** [TI9] Of the call that is played. */
  #kept: GrowthEntry[] = []
  readonly #once = new Map<string, { body: string; entry: JournalEntry }>()

  account(no: number): ModelAccount {
    let account = this.accounts.get(no)
    if (!account) {
      account = new ModelAccount()
      this.accounts.set(no, account)
    }
    return account
  }

  visit(account: number, live: number): ModelVisit {
    const key = `${account} ${live}`
    let visit = this.visits.get(key)
    if (!visit) {
      visit = new ModelVisit()
      this.visits.set(key, visit)
    }
    return visit
  }

  /** The partition's conservation counters. */
  totals(): { issued: bigint; spendable: bigint; session: bigint; expired: bigint } {
    const totals = { issued: 0n, spendable: 0n, session: 0n, expired: 0n }
    for (const { points, expired } of this.accounts.values()) {
      totals.spendable += points.get('spendable') ?? 0n
      totals.session += points.get('session') ?? 0n
      totals.expired += expired
    }
    totals.issued = totals.spendable + totals.session + totals.expired
    return totals
  }

  /** Who has session points of a live. */
  holders(live: number): number[] {
    return [...this.accounts.keys()].filter((no) => this.visit(no, live).sessionPoints > 0n)
  }

  /** Session points of a live expire in these accounts; answers how many. */
  sweep(live: number, accounts: readonly number[]): number {
    let swept = 0n
    for (const no of accounts) {
      const visit = this.visit(no, live)
      if (visit.sessionPoints === 0n) continue
      const account = this.account(no)
      account.points.set('session', (account.points.get('session') ?? 0n) - visit.sessionPoints)
      account.expired += visit.sessionPoints
      account.version += 1
      swept += visit.sessionPoints
      visit.sessionPoints = 0n
    }
    // The journal has an element of ledger entries, which is not looked at here.
    if (swept > 0n) this.journal.push(undefined)
    return Number(swept)
  }

  score(call: ModelCall): ScoreReply {
    // [S10]
    if (this.journal.length >= call.journalMax) return { tag: 'busy' }
    const left = call.allowance < 0 ? undefined : BigInt(call.allowance)
    const budget: Turn['budget'] = { left, reason: call.reason ?? 'budget' }
    this.#kept = []
    const answers = call.viewers.map((work) => this.#viewer(call, work, budget))
    this.#tellKept(call.nowMs)
    const entries = answers.flatMap((a) => (a.status === 'ok' && a.entry ? [a.entry] : []))
    if (entries.length > 0) this.journal.push({ atMs: call.nowMs, entries, growth: [] })
    const allowanceLeft = budget.left === undefined ? -1 : Number(budget.left)
    return { tag: 'scored', atMs: call.nowMs, allowanceLeft, answers }
  }

  #viewer(call: ModelCall, work: Work, budget: Turn['budget']): ViewerAnswer {
    const account = this.account(work.account)
    const context = call.contexts[work.context]
    if (!context) throw new Error('no such context')
    // [S9] [S13] [S12]
    if (account.unreadable) return { status: 'internal' }
    if (this.ended.has(work.live)) return { status: 'room_ended' }
    const known = account.sessions.find(
      (s) => s.startMs === work.session.startMs && s.nonce === work.session.nonce,
    )
    if (!known && work.session.startMs <= account.floorMs) return { status: 'session_expired' }
    const session = known ?? addSession(account, work.session)
    const turn = newTurn({
      nowMs: call.nowMs,
      timeZone: call.timeZone,
      dailyPoints: call.dailyPoints,
      budget,
      account,
      visit: this.visit(work.account, work.live),
      context,
      personal: work.personal,
    })
    const fresh = work.actions.some(
      ({ seq }) => seq > session.high - WINDOW && !session.applied.has(seq),
    )
    if (fresh) this.#keep(turn, work.account)
    const outcomes = work.actions.map((act): Outcome => {
      // [S2] [S3]
      if (act.seq <= session.high - WINDOW) return 'too_old'
      if (session.applied.has(act.seq)) return 'dup'
      session.applied.add(act.seq)
      session.high = Math.max(session.high, act.seq)
      session.lastAppliedMs = call.nowMs
      if (act.action === 'watch')
        watch(turn, { act, session: session.nonce, account: work.account, live: work.live })
      else earn(turn, act)
      return 'applied'
    })
    const applied = outcomes.includes('applied')
    if (applied) account.version += 1
    const of = {
      ...work,
      session,
      nowMs: call.nowMs,
      timeZone: call.timeZone,
      home: context.room.issuer,
    }
    return {
      status: 'ok',
      outcomes,
      state: this.#state(of),
      heat: [...turn.heat.values()].reduce((a, b) => a + b, 0),
      heatBy: turn.heat,
      elsewhere: [],
      ...(applied ? { entry: entryOf(turn, { ...work, session: work.session.nonce }) } : {}),
    }
  }

  /** [TI9] A change of its own, with an entry of its own. [TI11] What has come since raises the rung. */
  #keep(turn: Turn, no: number): void {
    const { account, nowMs, context } = turn
    const { book } = context.room
    const told = keepRung(account, { nowMs, book })
    if (told) {
      account.version += 1
      this.#kept.push({ account: no, version: account.version, ...told })
    }
    if (rungByPoints(account, { book }) > account.rung) rise(turn)
  }

  #tellKept(atMs: number): void {
    if (this.#kept.length > 0) this.journal.push({ atMs, entries: [], growth: this.#kept })
  }

  event(call: ModelEvent): EventReply {
    const { context, nowMs } = call
    const { live, book } = context.room
    const account = this.account(call.account)
    if (account.unreadable) return { tag: 'unreadable' }
    const home = context.room.issuer
    const { timeZone } = book
    const of = { account: call.account, live, session: NO_SESSION, nowMs, timeZone, home }
    // [E2]
    const key = `${call.account} ${call.id}`
    const first = this.#once.get(key)
    if (first) {
      if (first.body !== call.body) return { tag: 'conflict' }
      const { entry } = first
      return { tag: 'replayed', atMs: nowMs, state: this.#state(of), entry, gateways: [] }
    }
    // [S10] [E3] [E4]
    if (this.journal.length >= call.journalMax) return { tag: 'busy' }
    if (!call.place && this.ended.has(live)) return { tag: 'ended' }
    const bought = call.action === 'purchase' || call.action === 'order'
    const turn = newTurn({
      nowMs,
      timeZone: book.timeZone,
      dailyPoints: bought ? -1 : (book.dailyPoints ?? 0),
      budget: { left: undefined, reason: 'budget' },
      account,
      visit: this.visit(call.account, live),
      context,
      personal: 1000,
    })
    this.#kept = []
    this.#keep(turn, call.account)
    this.#tellKept(nowMs)
    if (call.place) grantPlace(turn, call.place)
    else earn(turn, { seq: 0, action: call.action, units: call.units, p1: 0, p2: 0, refused: 0 })
    account.version += 1
    const entry = entryOf(turn, { account: call.account, live, session: 0 })
    this.journal.push({ atMs: nowMs, entries: [entry], growth: [] })
    this.#once.set(key, { body: call.body, entry })
    return { tag: 'applied', atMs: nowMs, state: this.#state(of), entry, gateways: [] }
  }

  #state(of: {
    account: number
    live: number
    session: ModelSession
    nowMs: number
    timeZone: string
    /** Who owes what is earned there. */
    home: number
  }): StoredState {
    const account = this.account(of.account)
    const visit = this.visit(of.account, of.live)
    const clock = account.clocks.find((clock) => clock.session === of.session.nonce)
    return {
      version: account.version,
      balance: {
        spendable: Number(account.points.get('spendable')),
        session: Number(account.points.get('session')),
        pending: 0,
        held: 0,
        frozen: 0,
      },
      tier: {
        growth: Number(account.growth / 1000n),
        rung: account.rung,
        promotions: account.promotions,
        ...(account.window && {
          keep: {
            growth: account.window.asked,
            untilMs: account.window.endsAtMs,
            ...(account.window.warned && { warned: true as const }),
          },
        }),
      },
      earned: Number(account.earned),
      dayEndsAtMs: midnightAfter(of.nowMs, of.timeZone),
      live: {
        points: Number(visit.points),
        watchedMs: visit.watchedMs,
        continuousMs: visit.stretchMs,
      },
      watch: { nonce: clock?.nonce ?? 0, dueAtMs: clock?.dueMs ?? 0 },
      applied: { high: of.session.high, mask: maskOf(of.session) },
      used: new Map(account.today.at(dayOf(of.nowMs, of.timeZone))),
      tasks: [...visit.tasks.values()].map((task) => ({ ...task })),
      others: new Map(
        [...account.owed].flatMap(([issuer, points]) =>
          issuer === of.home || points === 0n ? [] : [[issuer, Number(points)]],
        ),
      ),
    }
  }
}

const newTurn = (part: Omit<Turn, 'receipts' | 'promotions' | 'claims' | 'heat'>): Turn => ({
  ...part,
  receipts: [],
  promotions: [],
  claims: [],
  heat: new Map(),
})

/** [S37] Month at whose start points given now are gone, from January 2000. */
function lastsUntil({ room }: ModelContext, nowMs: number): number {
  const { expiry } = room.book.wallet
  if (expiry.kind === 'never') return 0
  const date = new Date(nowMs).toLocaleDateString('sv-SE', { timeZone: room.book.timeZone })
  const [year = 0, month = 0] = date.split('-').map(Number)
  const now = (year - 2000) * 12 + (month - 1)
  if (expiry.kind === 'rolling') return now + expiry.months + 1
  let gone = now + expiry.leastMonths + 1
  while (gone % 12 !== expiry.month % 12) gone++
  return gone
}

const entryOf = (
  turn: Turn,
  of: { account: number; live: number; session: number },
): JournalEntry => ({
  account: of.account,
  live: of.live,
  session: of.session,
  rulebook: turn.context.room.rulebook,
  version: turn.account.version,
  issuer: turn.context.room.issuer,
  month: lastsUntil(turn.context, turn.nowMs),
  receipts: turn.receipts,
  promotions: turn.promotions,
  claims: turn.claims,
})

/** [S12] */
function addSession(
  account: ModelAccount,
  { startMs, nonce }: { startMs: number; nonce: number },
): ModelSession {
  if (account.sessions.length >= SESSIONS_KEPT) {
    let oldest = account.sessions[0]
    for (const session of account.sessions)
      if (oldest && session.lastAppliedMs < oldest.lastAppliedMs) oldest = session
    account.sessions = account.sessions.filter((session) => session !== oldest)
    account.floorMs = Math.max(account.floorMs, oldest?.startMs ?? 0)
  }
  const session = { startMs, nonce, high: 0, applied: new Set<number>(), lastAppliedMs: 0 }
  account.sessions.push(session)
  return session
}
