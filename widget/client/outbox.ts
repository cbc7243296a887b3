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

/** Known to be applied by the shard, in that epoch; durable once the watermark passes `atMs`. */
export interface AppliedAt {
  epoch: string
  atMs: number
}

export interface Waiting {
  /** It may have reached a server, so its number belongs to it for ever. */
  sent: boolean
  /** Set while an answer is awaited: when to stop waiting. */
  answerByMs?: number
  notBeforeMs: number
  /** Times it went unanswered, and times it was answered `internal`. */
  tries: number
  faults: number
  applied?: AppliedAt
  /** It had been applied before an epoch was left, so its credit has been shown already. */
  again: boolean
  settled?: (answer: Scored | Refusal) => void
}

export type Entry = ScoredInput & { seq: number } & Waiting

export type Outbox = ReturnType<typeof createOutbox>

export function createOutbox(store: Store) {
  /** In order of their numbers. */
  let entries: Entry[] = []
  /** Of the last pulse. */
  let heardMs = 0

  const save = (next = store.saved.next) =>
    store.save({
      next,
      entries: entries.map(({ name, input, seq, sent }) => ({ name, input, seq, sent }) as Stored),
    })

  const keep = (stays: (entry: Entry) => boolean) => {
    const before = entries.length
    entries = entries.filter(stays)
    if (entries.length < before) save()
  }

  const sendAgain = (entry: Entry) => {
    if (entry.applied) entry.again = true
    delete entry.applied
    delete entry.answerByMs
    entry.notBeforeMs = 0
  }

  const applied = (entry: Entry, at: AppliedAt) => {
    delete entry.answerByMs
    entry.applied = at
  }

  /** What was applied in another epoch may be gone; `epoch` may be its beginning. */
  const epochIs = (epoch: string) => {
    for (const e of entries) if (e.applied && !e.applied.epoch.startsWith(epoch)) sendAgain(e)
  }

  /**
   * Numbers from here on may not leave. The lowest that may have to be sent again bounds them, or a server
   * that was set back would find that one too old.
   */
  const windowEnd = () => {
    const stalledMs = heardMs - STALL_MS
    const first = entries.find((e) => !e.applied || e.applied.atMs > stalledMs)
    return (first?.seq ?? store.saved.next) + SESSION_WINDOW
  }

  return {
    entries: (): readonly Entry[] => entries,

    /** Goes on with what is on record. */
    restore(): void {
      entries = store.saved.entries.map(wake)
    },

    hasRoom: () => store.saved.next < windowEnd(),

    /** Puts a command on record under the next number. Only where `hasRoom`. */
    add(command: ScoredInput, settled?: Waiting['settled']): void {
      const seq = store.saved.next
      const entry: Entry = wake({ ...command, seq, sent: false })
      if (settled) entry.settled = settled
      entries.push(entry)
      // Only commands that are applied can be this many; see STALL_MS.
      if (entries.length > KEPT_MAX) entries.shift()
      save(seq + 1)
    },

    /** Adds likes to the last like command that has not left yet; answers how many found no place. */
    mergeLikes(count: number): number {
      const last = entries.filter((e) => e.name === 'like.send' && !e.sent).at(-1)
      if (last?.name !== 'like.send') return count
      const more = Math.min(count, LIKES_PER_COMMAND - last.input.count)
      last.input = { count: last.input.count + more }
      save()
      return count - more
    },

    /** Those that may leave now, lowest number first. */
    ready(nowMs: number): Entry[] {
      const end = windowEnd()
      return entries.filter(
        (e) => !e.applied && e.answerByMs === undefined && e.notBeforeMs <= nowMs && e.seq < end,
      )
    },

    /** To be called before the command leaves. */
    leaving(entry: Entry, answerByMs: number): void {
      entry.answerByMs = answerByMs
      if (entry.sent) return
      entry.sent = true
      save()
    },

    applied,

    drop(entry: Entry): void {
      keep((e) => e !== entry)
    },

    /** What the shard says it has applied, in its present epoch. What it lacks is sent again. */
    learn({ high, mask }: Applied, at: AppliedAt): Entry[] {
      // 32 and more below leave only behind what was applied long ago (see STALL_MS): past recall.
      keep((e) => high - e.seq < SESSION_WINDOW)
      const has = ({ seq }: Entry) => seq <= high && ((mask >>> (high - seq)) & 1) === 1
      const fresh = entries.filter((e) => has(e) && e.applied?.epoch !== at.epoch)
      for (const entry of fresh) applied(entry, at)
      for (const entry of entries) if (!has(entry)) sendAgain(entry)
      return fresh
    },

    epochIs,

    /**
     * A pulse of `atMs`: what survives a crash of the shard is let go. `epoch` is that of the watermark, or how
     * it begins.
     */
    durable(uptoMs: number, atMs: number, epoch = ''): void {
      heardMs = atMs
      epochIs(epoch)
      keep((e) => !e.applied || e.applied.atMs >= uptoMs)
    },

    /** No answer will come on the connection that ended. */
    disconnected(): void {
      for (const entry of entries) delete entry.answerByMs
    },

    /**
     * A new client session. What never left is numbered anew where it belongs to the same viewer. What left
     * may have been credited under the old session, so it must not be sent under a new one: it is given up.
     */
    restart(keepUnsent: boolean, session: { session: string; handle: string }): Entry[] {
      const stays = (e: Entry) => keepUnsent && !e.sent
      const lost = entries.filter((e) => !stays(e) && !e.applied)
      entries = entries.filter(stays)
      entries.forEach((e, i) => {
        e.seq = i + 1
      })
      store.save(session)
      save(entries.length + 1)
      return lost
    },
  }
}

const wake = (stored: Stored | (ScoredInput & { seq: number; sent: boolean })): Entry =>
  ({ ...stored, notBeforeMs: 0, tries: 0, faults: 0, again: false }) as Entry
