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
  LEASE_WAIT_MS,
  OVERDUE_CHECK_MS,
  PENDING_VIEWERS_MAX,
  RETRY_MS,
  SCORE_DEADLINE_MS,
} from './limits.ts'

/** Points that a room may pay. */
export interface Budget {
  /** Awards that do not fit are not paid in part. */
  readonly whole: boolean
  /** What a call that may pay `need` at most holds of it, perhaps less; undefined where it has to wait. */
  hold(need: number): number | undefined
  /** `paid` is undefined where the outcome is not known. */
  settle(held: number, paid?: number): void
}

/** Who acts; the intake keeps one entry per session until it is scored, and hands back the very actions it was given. */
export interface Actor<Action extends ScoredAction = ScoredAction> {
  account: number
  live: number
  session: { startMs: number; nonce: number }
  personal: number
  /** The compiled context of the actor's room, as of now. */
  context(): Buffer
  /** Of the actor's room; undefined where it may pay any number of points. */
  readonly budget: Budget | undefined
  /** The most an action can pay in the actor's room. */
  most(action: ScoredAction): number
  /** Each answer for the actions handed in, in their order; undefined where they could not be scored. */
  answered(actions: readonly Action[], answer: ViewerAnswer | undefined, atMs: number): void
  /** The call with them hangs; they may still be applied, and `answered` comes when that is known. */
  overdue(actions: readonly Action[]): void
}

/** Who is scored in one call, and what it may pay. */
interface Batch {
  viewers: Pending[]
  budget: Budget | undefined
  held: number
}

/** The allowance of a call without a budget. */
const UNLIMITED = -1

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
    while (this.#waiting.size > 0) {
      const batch = this.#take()
      if (batch) await this.#flush(batch)
      else await this.#waitForLease()
    }
    this.#running = false
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** The oldest viewers who can be scored now; undefined where all wait for a lease. A call draws on one budget. */
  #take(): Batch | undefined {
    const waits = new Set<Budget>()
    for (const { actor } of this.#waiting.values()) {
      const { budget } = actor
      if (budget && waits.has(budget)) continue
      const viewers = this.#gather(budget)
      const held = budget ? budget.hold(mostOf(viewers)) : UNLIMITED
      if (held !== undefined) {
        for (const pending of viewers) this.#waiting.delete(pending.actor)
        return { viewers, budget, held }
      }
      if (budget) waits.add(budget)
    }
    return undefined
  }

  /** Each account once: a call reads every record before it writes any. */
  #gather(budget: Budget | undefined): Pending[] {
    const viewers: Pending[] = []
    const accounts = new Set<number>()
    for (const pending of this.#waiting.values()) {
      if (viewers.length >= VIEWERS_PER_CALL) break
      const { actor } = pending
      if (actor.budget !== budget || accounts.has(actor.account)) continue
      accounts.add(actor.account)
      viewers.push(pending)
    }
    return viewers
  }

  async #waitForLease(): Promise<void> {
    await this.#options.clock.sleep(LEASE_WAIT_MS)
    this.#overdue([])
  }

  async #flush(batch: Batch): Promise<void> {
    const stop = this.#options.clock.every(OVERDUE_CHECK_MS, () => this.#overdue(batch.viewers))
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
  async #scoreUntilKnown(batch: Batch): Promise<void> {
    const { clock, log } = this.#options
    const { viewers } = batch
    const started = clock.now()
    const oldest = viewers.reduce((since, pending) => Math.min(since, pending.sinceMs), started)
    for (let attempt = 1; ; attempt++) {
      try {
        const reply = await this.#score(batch)
        // What an attempt without an answer paid is not in the reply.
        settle(batch, attempt === 1 ? paidOf(batch, reply) : undefined)
        this.#answer(viewers, reply)
        this.#options.onFlush?.({ viewers: viewers.length, ms: clock.now() - started })
        return
      } catch (error) {
        const isFault = isScriptFault(error)
        if (!isFault && clock.now() - oldest <= SCORE_DEADLINE_MS) {
          await clock.sleep(RETRY_MS)
          continue
        }
        settle(batch, isFault && attempt === 1 ? 0 : undefined)
        if (isFault && viewers.length > 1) return this.#oneByOne(viewers, error)
        log.error({ err: error, viewers: viewers.length }, 'a batch could not be scored')
        this.#refuse(viewers)
        return
      }
    }
  }

  /** A record that makes the script fail must not cost its neighbours their points. */
  async #oneByOne(viewers: Pending[], error: unknown): Promise<void> {
    this.#options.log.error({ err: error, viewers: viewers.length }, 'a batch failed; one by one')
    for (const pending of viewers) {
      const { budget } = pending.actor
      const held = budget ? budget.hold(mostOf([pending])) : UNLIMITED
      if (held === undefined) this.#refuse([pending])
      else await this.#flush({ viewers: [pending], budget, held })
    }
  }

  #score({ viewers: pending, budget, held }: Batch): Promise<ScoreReply> {
    const { store, partitions, gateway, journalMax, clock } = this.#options
    const contexts: Buffer[] = []
    const known = new Map<Buffer, number>()
    const viewers = pending.map(({ actor, actions }): Work => {
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
      allowance: held,
      ...(budget && { whole: budget.whole }),
      journalMax,
      aroundMs: clock.now(),
      ...this.#options.platform(),
    })
  }

  #answer(viewers: readonly Pending[], reply: ScoreReply): void {
    if (reply.tag !== 'scored') return this.#refuse(viewers)
    viewers.forEach(({ actor, actions }, i) => {
      actor.answered(actions, reply.answers[i], reply.atMs)
    })
  }

  #refuse(viewers: readonly Pending[]): void {
    for (const { actor, actions } of viewers) actor.answered(actions, undefined, 0)
  }
}

function mostOf(viewers: readonly Pending[]): number {
  let most = 0
  for (const { actor, actions } of viewers) for (const action of actions) most += actor.most(action)
  return most
}

const paidOf = ({ held }: Batch, reply: ScoreReply): number =>
  reply.tag === 'scored' ? held - reply.allowanceLeft : 0

function settle({ budget, held }: Batch, paid: number | undefined): void {
  budget?.settle(held, paid)
}

/** The script itself failed, which Redis says; anything else is the connection. */
const isScriptFault = (error: unknown): boolean =>
  error instanceof Error && /user_script|ERR Error|script:|WRONGTYPE/.test(error.message)
