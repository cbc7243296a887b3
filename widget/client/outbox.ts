/** Commands until they are durable: numbered, kept on record, sent again until the server has them. */

import type { Scored } from '../../shared/account-state.ts'
import type { Refusal } from '../../shared/errors.ts'
import type { Applied, CommandName, Commands, SentOf } from '../../shared/protocol/index.ts'
import { LIKES_PER_COMMAND, SESSION_WINDOW } from '../../shared/protocol/limits.ts'
import { KEPT_MAX, STALL_MS } from './limits.ts'
import type { Store, Stored } from './store.ts'

export type ScoredName = {
  [N in CommandName]: Commands[N]['scored'] extends true ? N : never
}[CommandName]

export type ScoredInput = {
  [N in ScoredName]: { name: N; input: Omit<SentOf<N>, 'seq'> }
}[ScoredName]

export interface Waiting {
  /** It may have reached a server, so its number belongs to it for ever. */
  sent: boolean
  /** Set while an answer is awaited: when to stop waiting. */
  answerByMs?: number
  notBeforeMs: number
  /** Times it went unanswered, and times it was answered `internal`. */
  tries: number
  faults: number
  /** The shard has applied it in this epoch; durable once the watermark passes `atMs`. */
  applied?: { epoch: string; atMs: number }
  /** It had been applied before an epoch was left, so its credit has been shown already. */
  again: boolean
  settled?: (answer: Scored | Refusal) => void
}

export type Entry = ScoredInput & { seq: number } & Waiting

export class Outbox {
  readonly #store: Store
  /** In order of their numbers. */
  #entries: Entry[] = []
  /** Of the last pulse. */
  #heardMs = 0

  constructor(store: Store) {
    this.#store = store
  }

  /** Goes on with what is on record. */
  restore(): void {
    this.#entries = this.#store.saved.entries.map(wake)
  }

  get entries(): readonly Entry[] {
    return this.#entries
  }

  /**
   * The lowest number that may have to be sent again. Nothing 32 or more above it may leave, or a server
   * that was set back would find the lower one too old.
   */
  get #windowStart(): number {
    const stalledMs = this.#heardMs - STALL_MS
    const first = this.#entries.find((e) => !e.applied || e.applied.atMs > stalledMs)
    return first?.seq ?? this.#store.saved.next
  }

  get hasRoom(): boolean {
    return this.#store.saved.next < this.#windowStart + SESSION_WINDOW
  }

  /** Puts a command on record under the next number. Only where `hasRoom`. */
  add(command: ScoredInput, settled?: Waiting['settled']): Entry {
    const seq = this.#store.saved.next
    const entry: Entry = wake({ ...command, seq, sent: false })
    if (settled) entry.settled = settled
    this.#entries.push(entry)
    // Only commands that are applied can be this many; see STALL_MS.
    if (this.#entries.length > KEPT_MAX) this.#entries.shift()
    this.#save(seq + 1)
    return entry
  }

  /** Adds likes to the last like command that has not left yet; answers how many found no place. */
  mergeLikes(count: number): number {
    const last = this.#entries.filter((e) => e.name === 'like.send' && !e.sent).at(-1)
    if (last?.name !== 'like.send') return count
    const more = Math.min(count, LIKES_PER_COMMAND - last.input.count)
    if (more > 0) {
      last.input = { count: last.input.count + more }
      this.#save()
    }
    return count - more
  }

  /** Those that may leave now, lowest number first. */
  ready(nowMs: number): Entry[] {
    const end = this.#windowStart + SESSION_WINDOW
    return this.#entries.filter(
      (e) => !e.applied && e.answerByMs === undefined && e.notBeforeMs <= nowMs && e.seq < end,
    )
  }

  /** To be called before the command leaves. */
  leaving(entry: Entry, answerByMs: number): void {
    entry.answerByMs = answerByMs
    if (entry.sent) return
    entry.sent = true
    this.#save()
  }

  has(entry: Entry): boolean {
    return this.#entries.includes(entry)
  }

  applied(entry: Entry, applied: NonNullable<Waiting['applied']>): void {
    delete entry.answerByMs
    entry.applied = applied
  }

  drop(entry: Entry): void {
    this.#keep((e) => e !== entry)
  }

  /** What the shard says it has applied, in its present epoch. What it lacks is sent again. */
  learn({ high, mask }: Applied, at: NonNullable<Waiting['applied']>): Entry[] {
    // 32 and more below leave only behind what was applied long ago (see STALL_MS): past recall.
    this.#keep((e) => high - e.seq < SESSION_WINDOW)
    const fresh: Entry[] = []
    for (const entry of this.#entries) {
      const below = high - entry.seq
      const has = below >= 0 && ((mask >>> below) & 1) === 1
      if (has && entry.applied?.epoch === at.epoch) continue
      if (has) {
        this.applied(entry, at)
        fresh.push(entry)
      } else this.#again(entry)
    }
    return fresh
  }

  /** What was applied in another epoch may be gone. */
  epochIs(epoch: string): void {
    for (const entry of this.#entries) {
      if (entry.applied && entry.applied.epoch !== epoch) this.#again(entry)
    }
  }

  /** A pulse of `atMs`: what survives a crash of the shard is let go. */
  durable(uptoMs: number, atMs: number): void {
    this.#heardMs = atMs
    this.#keep((e) => !e.applied || e.applied.atMs >= uptoMs)
  }

  /** No answer will come on the connection that ended. */
  disconnected(): void {
    for (const entry of this.#entries) delete entry.answerByMs
  }

  /**
   * A new client session. What never left is numbered anew where it belongs to the same viewer. What left
   * may have been credited under the old session, so it must not be sent under a new one: it is given up.
   */
  restart(keep: boolean, session: { session: string; handle: string }): Entry[] {
    const stays = (e: Entry) => keep && !e.sent
    const lost = this.#entries.filter((e) => !stays(e) && !e.applied)
    this.#entries = this.#entries.filter(stays)
    this.#entries.forEach((e, i) => {
      e.seq = i + 1
    })
    this.#store.save(session)
    this.#save(this.#entries.length + 1)
    return lost
  }

  #again(entry: Entry): void {
    if (entry.applied) entry.again = true
    delete entry.applied
    delete entry.answerByMs
    entry.notBeforeMs = 0
  }

  #keep(stays: (entry: Entry) => boolean): void {
    const before = this.#entries.length
    this.#entries = this.#entries.filter(stays)
    if (this.#entries.length < before) this.#save()
  }

  #save(next = this.#store.saved.next): void {
    const entries = this.#entries.map(
      ({ name, input, seq, sent }) => ({ name, input, seq, sent }) as Stored,
    )
    this.#store.save({ next, entries })
  }
}

const wake = (stored: Stored | (ScoredInput & { seq: number; sent: boolean })): Entry =>
  ({ ...stored, notBeforeMs: 0, tries: 0, faults: 0, again: false }) as Entry
