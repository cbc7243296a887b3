/** The hot path's queue: gathers commands per partition and scores them in batches that grow under load. */

import type { Clock, Log } from '../kernel/index.ts'
import type { Partitions, Store } from '../redis/index.ts'
import {
  ACTIONS_PER_VIEWER,
  type ScoredAction,
  type ScoreReply,
  score,
  VIEWERS_PER_CALL,
  type ViewerAnswer,
  type Work,
} from '../scoring/index.ts'
import {
  GATHER_MS,
  OVERDUE_CHECK_MS,
  PENDING_VIEWERS_MAX,
  RETRY_MS,
  SCORE_DEADLINE_MS,
} from './limits.ts'

/** Who acts; the intake keeps one entry per session until it is scored, and hands back the very actions it was given. */
export interface Actor<Action extends ScoredAction = ScoredAction> {
  account: number
  live: number
  session: { startMs: number; nonce: number }
  personal: number
  /** The compiled context of the actor's room, as of now. */
  context(): Buffer
  /** Each answer for the actions handed in, in their order; undefined where they could not be scored. */
  answered(actions: readonly Action[], answer: ViewerAnswer | undefined, atMs: number): void
  /** The call with them hangs; they may still be applied, and `answered` comes when that is known. */
  overdue(actions: readonly Action[]): void
}

interface Pending {
  actor: Actor
  actions: ScoredAction[]
  sinceMs: number
}

export interface IntakeOptions {
  store: Store
  partitions: Partitions
  clock: Clock
  log: Log
  gateway: number
  journalMax: number
  /** Of the rulebook in force. */
  platform: () => { timeZone: string; dailyPoints: number }
  onFlush?: (flush: { viewers: number; ms: number }) => void
}

export interface Intake {
  /** False where the partition's queue or the actor's window is full: answer `busy`. */
  add<Action extends ScoredAction>(actor: Actor<Action>, action: Action): boolean
  /** Viewers that wait. */
  depth(): number
  /** Takes nothing more; resolves when everything that was handed in has been answered. */
  drain(): Promise<void>
}

export function createIntake(options: IntakeOptions): Intake {
  const lanes = options.partitions.slots.map((_, index) => new Lane(options, index))
  let draining = false
  return {
    add: (actor, action) =>
      (!draining && lanes[options.partitions.indexOf(actor.account)]?.add(actor, action)) ?? false,
    depth: () => lanes.reduce((sum, lane) => sum + lane.depth, 0),
    async drain() {
      draining = true
      await Promise.all(lanes.map((lane) => lane.idle()))
    },
  }
}

/** One partition. At most one call is under way, so its batches are as large as the load makes them. */
class Lane {
  readonly #options: IntakeOptions
  readonly #index: number
  #waiting = new Map<Actor, Pending>()
  #running = false
  #idle: (() => void)[] = []

  constructor(options: IntakeOptions, index: number) {
    this.#options = options
    this.#index = index
  }

  get depth(): number {
    return this.#waiting.size
  }

  idle(): Promise<void> {
    if (!this.#running) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  add(actor: Actor, action: ScoredAction): boolean {
    const pending = this.#waiting.get(actor)
    if (pending) {
      if (pending.actions.length >= ACTIONS_PER_VIEWER) return false
      pending.actions.push(action)
      return true
    }
    if (this.#waiting.size >= PENDING_VIEWERS_MAX) return false
    this.#waiting.set(actor, { actor, actions: [action], sinceMs: this.#options.clock.now() })
    if (!this.#running) {
      this.#running = true
      this.#options.clock.after(GATHER_MS, () => void this.#run())
    }
    return true
  }

  async #run(): Promise<void> {
    while (this.#waiting.size > 0) await this.#flush(this.#take())
    this.#running = false
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** The oldest viewers, each account once: a call reads every record before it writes any. */
  #take(): Pending[] {
    const batch: Pending[] = []
    const accounts = new Set<number>()
    for (const pending of this.#waiting.values()) {
      if (batch.length >= VIEWERS_PER_CALL) break
      if (accounts.has(pending.actor.account)) continue
      accounts.add(pending.actor.account)
      batch.push(pending)
    }
    for (const { actor } of batch) this.#waiting.delete(actor)
    return batch
  }

  async #flush(batch: Pending[]): Promise<void> {
    const stop = this.#options.clock.every(OVERDUE_CHECK_MS, () => this.#overdue(batch))
    try {
      await this.#scoreUntilKnown(batch)
    } finally {
      stop()
    }
  }

  /** While a call hangs, nobody is left without an answer: neither who is in it nor who waits behind it. */
  #overdue(batch: readonly Pending[]): void {
    const since = this.#options.clock.now() - SCORE_DEADLINE_MS
    for (const { actor, actions, sinceMs } of batch) if (sinceMs <= since) actor.overdue(actions)
    for (const { actor, actions, sinceMs } of this.#waiting.values()) {
      if (sinceMs > since) continue
      this.#waiting.delete(actor)
      actor.answered(actions, undefined, 0)
    }
  }

  /** Scores, again and again while Redis does not answer: what was applied meanwhile answers `dup`. */
  async #scoreUntilKnown(batch: Pending[]): Promise<void> {
    const { clock, log } = this.#options
    const started = clock.now()
    const oldest = batch.reduce((since, pending) => Math.min(since, pending.sinceMs), started)
    for (;;) {
      try {
        const reply = await this.#score(batch)
        if (reply.tag === 'scored') this.#answer(batch, reply)
        else for (const { actor, actions } of batch) actor.answered(actions, undefined, 0)
        this.#options.onFlush?.({ viewers: batch.length, ms: clock.now() - started })
        return
      } catch (error) {
        if (isScriptFault(error) && batch.length > 1) return this.#oneByOne(batch, error)
        if (clock.now() - oldest > SCORE_DEADLINE_MS || isScriptFault(error)) {
          log.error({ err: error, viewers: batch.length }, 'a batch could not be scored')
          for (const { actor, actions } of batch) actor.answered(actions, undefined, 0)
          return
        }
        await clock.sleep(RETRY_MS)
      }
    }
  }

  /** A record that makes the script fail must not cost its neighbours their points. */
  async #oneByOne(batch: Pending[], error: unknown): Promise<void> {
    this.#options.log.error({ err: error, viewers: batch.length }, 'a batch failed; one by one')
    for (const pending of batch) await this.#flush([pending])
  }

  #score(batch: Pending[]): Promise<ScoreReply> {
    const { store, partitions, gateway, journalMax, clock } = this.#options
    const contexts: Buffer[] = []
    const known = new Map<Buffer, number>()
    const viewers = batch.map(({ actor, actions }): Work => {
      const bytes = actor.context()
      let context = known.get(bytes)
      if (context === undefined) {
        context = contexts.push(bytes) - 1
        known.set(bytes, context)
      }
      return {
        account: actor.account,
        live: actor.live,
        context,
        session: actor.session,
        personal: actor.personal,
        actions,
      }
    })
    const slot = partitions.slots[this.#index]
    if (!slot) throw new Error(`no partition ${this.#index}`)
    return score(store, {
      slot,
      gateway,
      contexts,
      viewers,
      allowance: -1,
      journalMax,
      aroundMs: clock.now(),
      ...this.#options.platform(),
    })
  }

  #answer(batch: Pending[], reply: Extract<ScoreReply, { tag: 'scored' }>): void {
    batch.forEach(({ actor, actions }, i) => {
      actor.answered(actions, reply.answers[i], reply.atMs)
    })
  }
}

/** The script itself failed, which Redis says; anything else is the connection. */
const isScriptFault = (error: unknown): boolean =>
  error instanceof Error && /user_script|ERR Error|script:|WRONGTYPE/.test(error.message)
