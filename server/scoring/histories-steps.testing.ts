/** Draws the steps of a history: what viewers, servers, hosts and time do next. */

import { SESSION_WINDOW } from '../../shared/protocol/limits.ts'
import { REASONS } from '../../shared/receipt.ts'
import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { dayBounds, monthBounds } from '../../shared/time.ts'
import { platformContext, type RoomContext } from './compile.ts'
import type { ModelContext } from './earn.model.ts'
import { brownoutAt, randomBooks, randomCampaign, randomTask } from './histories-rules.testing.ts'
import type { Step } from './histories-stand.testing.ts'
import { Random } from './random.testing.ts'
import type { ScoredAction, Work } from './score.ts'
import type { ScoringModel } from './scoring.model.ts'

/**
 * Shortly before something turns: a minute, a midnight, the change of summer time in Berlin and New York; a month, a
 * quarter and a year in Shanghai, Berlin and New York; both ends of a leap day.
 */
const STARTS = [
  Date.UTC(2026, 4, 1, 4),
  Date.UTC(2026, 4, 1, 16),
  Date.UTC(2026, 2, 29, 1),
  Date.UTC(2026, 9, 25, 1),
  Date.UTC(2026, 2, 8, 7),
  Date.UTC(2026, 9, 31, 22),
  Date.UTC(2026, 10, 30, 16),
  Date.UTC(2026, 5, 30, 22),
  Date.UTC(2026, 9, 1, 4),
  Date.UTC(2026, 11, 31, 16),
  Date.UTC(2026, 11, 31, 23),
  Date.UTC(2027, 0, 1, 5),
  Date.UTC(2028, 1, 28, 16),
  Date.UTC(2028, 1, 29, 16),
  Date.UTC(2028, 1, 29, 23),
] as const
const ZONES = [
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'UTC',
  // Their offsets are no whole hours, and one changes by half an hour.
  'Pacific/Chatham',
  'Australia/Lord_Howe',
] as const
const SECOND = 1000
const HOUR = 3_600_000
const LIVES = 6
const SESSIONS = 11
const COMMENT_HASHES = 7

interface Client {
  account: number
  session: { startMs: number; nonce: number }
  live: number
  nextSeq: number
  sent: ScoredAction[]
}

export class HistorySteps {
  readonly books: [Rulebook, ...Rulebook[]]
  readonly #r: Random
  readonly #rooms: RoomContext[]
  readonly #clients: Client[] = []
  readonly #accounts: number[]
  /** Some histories are mostly of one viewer with a few tabs. */
  readonly #watching: boolean
  #nowMs: number
  #last: Extract<Step, { kind: 'score' }> | undefined
  #serial = 1

  constructor(seed: number) {
    const r = new Random(seed)
    this.#r = r
    const [first, ...rest] = randomBooks(r, 2)
    if (!first) throw new Error('no rulebook')
    this.books = [first, ...rest]
    this.#watching = r.chance(0.3)
    this.#nowMs = r.pick(STARTS) - r.between(0, 90 * SECOND)
    this.#accounts = Array.from({ length: 3 }, () => 1 + r.below(2 ** 47))
    this.#rooms = Array.from(
      { length: LIVES },
      (_, i): RoomContext => ({
        live: 7 + i,
        issuer: 1 + (i % 2),
        rulebook: 1,
        book: first,
        profile: r.pick(['', 'weighty']),
        timeZone: r.pick(ZONES),
        heatLevel: 0,
        campaigns: [],
        tasks: [],
        validUntilMs: 0,
      }),
    )
  }

  next(model: ScoringModel): Step {
    const r = this.#r
    this.#turnRooms()
    this.#passTime()
    if (this.#watching && r.chance(0.6)) return this.#beat(model)
    const what = r.below(100)
    if (what < 66) return this.#commands(model)
    if (what < 74) return this.#beat(model)
    if (what < 80 && this.#last) return { ...this.#last, nowMs: this.#nowMs }
    if (what < 93) return this.#event(model)
    const room = this.#room()
    if (what === 93) return { kind: 'end', live: room.live }
    if (what < 96) {
      const ended = r.pickFrom([...model.ended])
      if (ended !== undefined) return { kind: 'sweep', live: ended, nowMs: this.#nowMs }
    }
    if (what < 98) return { kind: 'freeze', account: this.#account(), frozen: r.chance(0.5) }
    if (what === 98 && r.chance(0.2)) return { kind: 'spoil', account: this.#account() }
    return this.#commands(model)
  }

  #account(): number {
    return this.#r.pickFrom(this.#accounts) ?? 1
  }

  /** Mostly the first two. */
  #room(): RoomContext {
    const room = this.#rooms[this.#r.chance(0.85) ? this.#r.below(2) : this.#r.below(LIVES)]
    if (!room) throw new Error('no room')
    return room
  }

  #passTime(): void {
    const r = this.#r
    const zone = r.chance(0.4) ? this.books[0].timeZone : this.#room().timeZone
    const turn = r.chance(0.75)
      ? dayBounds(this.#nowMs, zone).endsAtMs
      : monthBounds(this.#nowMs, this.books[0].timeZone).endsAtMs
    const minute = (Math.floor(this.#nowMs / 60_000) + 1) * 60_000
    const kind = r.below(100)
    if (kind < 20) return
    if (kind < 55) this.#nowMs += r.between(1, 900)
    else if (kind < 80) this.#nowMs += r.between(900, 8000)
    else if (kind < 88) this.#nowMs += r.between(8000, 40_000)
    else if (kind < 92) this.#nowMs = minute + r.pick([-1, 0, 0, 1])
    else if (kind < 98) this.#nowMs = Math.max(this.#nowMs, turn + r.pick([-1, 0, 0, 1]))
    else this.#nowMs += r.between(HOUR, 30 * HOUR)
  }

  /** Heat, campaigns, tasks and the rulebook of rooms change as they do. */
  #turnRooms(): void {
    const r = this.#r
    const now = this.#nowMs
    for (const room of this.#rooms.slice(0, 2)) {
      if (r.chance(0.15)) room.heatLevel = r.below(4)
      if (r.chance(0.08)) {
        room.campaigns = [...room.campaigns, randomCampaign(r, this.#serial++, now)].slice(-2)
      }
      if (r.chance(0.08)) room.tasks = [...room.tasks, randomTask(r, this.#serial++, now)].slice(-3)
      if (r.chance(0.03)) {
        room.rulebook = r.between(1, this.books.length)
        room.book = this.books[room.rulebook - 1] ?? this.books[0]
      }
    }
  }

  /** What a gateway would have: sometimes made a while ago or past its time, sometimes by a clock that is ahead. */
  #context(room: RoomContext): ModelContext {
    const r = this.#r
    const age = r.chance(0.7)
      ? r.between(-100, 800)
      : r.pick([-2000, 4000, 6000, 70_000, 20 * HOUR])
    const madeAtMs = this.#nowMs - age
    return {
      room: { ...room, validUntilMs: madeAtMs + 5000, ...brownoutAt(this.#nowMs) },
      madeAtMs,
    }
  }

  #client(): Client {
    const r = this.#r
    const account = this.#account()
    const own = this.#clients.filter((c) => c.account === account)
    const known = own[r.below(SESSIONS)]
    if (known && r.chance(0.97)) return known
    // Sessions begin before now, some long before, some at the same instant.
    const startMs = r.chance(0.2) && own[0] ? own[0].session.startMs : this.#nowMs - r.below(9000)
    const client = {
      account,
      session: { startMs, nonce: 1 + r.below(0xffff_fffe) },
      live: this.#room().live,
      nextSeq: 1,
      sent: [],
    }
    this.#clients.push(client)
    return client
  }

  #action(client: Client, model: ScoringModel): ScoredAction {
    const r = this.#r
    const old = r.pickFrom(client.sent)
    if (old && r.chance(0.18)) return old
    // The last number that can still be told apart from those that are too old.
    const oldest = client.sent.find((sent) => sent.seq === client.nextSeq - SESSION_WINDOW)
    if (oldest && r.chance(0.3)) return oldest
    if (r.chance(0.05)) client.nextSeq += r.pick([1, 2, 5, 30, 31, 32, 33, 100])
    const seq = r.chance(0.04) ? Math.max(1, client.nextSeq - r.between(1, 45)) : client.nextSeq++
    const base = { seq, units: 1, p1: 0, p2: 0, refused: 0 }
    const action = r.pick([
      'like',
      'like',
      'like',
      'comment',
      'comment',
      'question',
      'share',
      'vote',
      'watch',
      'browse',
    ] as const)
    switch (action) {
      case 'like':
        return { ...base, action, units: r.chance(0.5) ? 1 : r.between(1, 50) }
      case 'comment':
      case 'question': {
        const gate = r.pick([REASONS.comment_short, REASONS.comment_link, REASONS.comment_blocked])
        const refused = r.chance(0.12) ? gate : 0
        return { ...base, action, p1: 1 + r.below(COMMENT_HASHES), refused }
      }
      case 'watch': {
        const clock = clockOf(model, client)
        const p1 = r.chance(0.9) ? (clock?.nonce ?? 0) : r.below(9)
        return { ...base, action, units: r.chance(0.85) ? 1 : 0, p1, p2: 1 + r.below(2 ** 31) }
      }
      default:
        return { ...base, action }
    }
  }

  #commands(model: ScoringModel): Step {
    const r = this.#r
    const clients = new Map<number, Client>()
    for (let n = r.between(1, 3); n > 0; n--) {
      const client = this.#client()
      clients.set(client.account, client)
    }
    const works: Omit<Work, 'context'>[] = []
    for (const client of clients.values()) {
      const actions: ScoredAction[] = []
      for (let n = r.between(1, r.chance(0.1) ? 20 : 4); n > 0; n--) {
        const act = this.#action(client, model)
        actions.push(act)
        client.sent = [...client.sent, act].slice(-40)
      }
      works.push({
        account: client.account,
        live: r.chance(0.95) ? client.live : this.#room().live,
        session: client.session,
        personal: r.pick([1000, 1000, 1500, 800]),
        actions: r.chance(0.2) ? r.shuffled(actions) : actions,
      })
    }
    return this.#call(model, works)
  }

  /** An honest viewer's heartbeat, at its time. */
  #beat(model: ScoringModel): Step {
    const r = this.#r
    const [viewer] = this.#accounts
    const tabs = this.#watching
      ? this.#clients.filter((client) => client.account === viewer)
      : this.#clients
    const client = r.pickFrom(tabs.slice(0, 4)) ?? this.#client()
    const clock = clockOf(model, client)
    if (clock && clock.dueMs > this.#nowMs && clock.dueMs < this.#nowMs + 60_000)
      this.#nowMs = Math.max(this.#nowMs, clock.dueMs - r.pick([0, 0, 249, 250, 251, -30]))
    const { account, live, session } = client
    const act: ScoredAction = {
      seq: client.nextSeq++,
      action: 'watch',
      units: r.chance(0.95) ? 1 : 0,
      p1: clock?.nonce ?? 0,
      p2: 1 + r.below(2 ** 31),
      refused: 0,
    }
    client.sent = [...client.sent, act].slice(-40)
    return this.#call(model, [{ account, live, session, personal: 1000, actions: [act] }])
  }

  #call(model: ScoringModel, works: readonly Omit<Work, 'context'>[]): Step {
    const r = this.#r
    const lives = [...new Set(works.map((work) => work.live))]
    const contexts = lives.map((live) => {
      const room = this.#rooms.find((room) => room.live === live)
      if (!room) throw new Error('no room')
      return this.#context(room)
    })
    this.#last = {
      kind: 'score',
      nowMs: this.#nowMs,
      contexts,
      viewers: works.map((work) => ({ ...work, context: lives.indexOf(work.live) })),
      allowance: r.chance(0.15) ? r.pick([0, 1, 7, 40]) : -1,
      reason: this.#nowMs % 2 === 0 ? 'budget' : 'issuance_cap',
      journalMax: r.chance(0.02) ? model.journal.length : 1_000_000,
    }
    return this.#last
  }

  #event(model: ScoringModel): Step {
    const r = this.#r
    const account = this.#account()
    const room = this.#room()
    const at = {
      nowMs: this.#nowMs,
      account,
      journalMax: r.chance(0.02) ? model.journal.length : 1_000_000,
    }
    const waiting = [...(model.visits.get(`${account} ${room.live}`)?.tasks.values() ?? [])]
    const task = r.pickFrom(waiting.filter((t) => t.state !== 'open'))
    if (task && r.chance(0.5)) {
      const rank = r.chance(0.7) ? r.between(1, 50) : 0
      const place = { task: task.task, rank, points: r.below(200), growth: r.below(9) }
      const id = `task-${task.task}`
      const context = this.#context(room)
      const body = r.chance(0.9) ? 'place' : 'other'
      return { kind: 'event', ...at, id, body, context, action: 'task', units: 1, place }
    }
    const outside = r.chance(0.2)
    // The bounds of the day come from the context, which events make at once.
    const context = outside
      ? { room: platformContext(1, this.books[0], 1), madeAtMs: this.#nowMs }
      : {
          room: { ...room, validUntilMs: this.#nowMs + 5000, ...brownoutAt(this.#nowMs) },
          madeAtMs: this.#nowMs,
        }
    const action = r.pick(['purchase', 'purchase', 'order', 'follow', 'register'] as const)
    const units = action === 'purchase' ? r.between(0, 60) : 1
    const id = `e${r.below(12)}`
    const body = r.chance(0.8) ? 'same' : 'other'
    return { kind: 'event', ...at, id, body, context, action, units }
  }
}

const clockOf = (model: ScoringModel, client: Client) =>
  model.account(client.account).clocks.find((clock) => clock.session === client.session.nonce)
