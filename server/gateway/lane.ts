/**
 * One partition of the intake. At most one call is under way, so its batches are as large as the load makes them; a
 * call that hangs is repeated until it is known what became of it.
 */

import { must } from '../kernel/index.ts'
import { whyAway } from '../redis/index.ts'
import {
  ACTIONS_PER_VIEWER,
  AnswerReader,
  type PackedReply,
  type ScoredAction,
  scorePacked,
  VIEWERS_PER_CALL,
  type Work,
} from '../scoring/index.ts'
import { type Budget, type HeldAllowance, holdAllowance } from './allowance.ts'
import type { Actor, IntakeOptions, Pending } from './intake.ts'
import {
  GATHER_MS,
  LEASE_WAIT_MS,
  OVERDUE_CHECK_MS,
  PENDING_VIEWERS_MAX,
  RETRY_MS,
  SCORE_DEADLINE_MS,
} from './limits.ts'
import { Waiting } from './waiting.ts'

/** Who is scored in one call, and what it may pay. */
interface Batch {
  viewers: Pending[]
  held: HeldAllowance
}

export class Lane {
  readonly #options: IntakeOptions
  readonly #index: number
  readonly #waiting = new Waiting()
  #underWay: readonly Pending[] = []
  #running = false
  readonly #reader = new AnswerReader()
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
    const { pending } = actor
    if (pending) {
      if (pending.actions.length >= ACTIONS_PER_VIEWER) return false
      pending.actions.push(action)
      return true
    }
    if (this.#waiting.size >= PENDING_VIEWERS_MAX) return false
    this.#waiting.add({ actor, actions: [action], sinceMs: this.#options.clock.now() })
    if (!this.#running) {
      this.#running = true
      this.#options.clock.after(GATHER_MS, () => void this.#run())
    }
    return true
  }

  async #run(): Promise<void> {
    const stop = this.#options.clock.every(OVERDUE_CHECK_MS, () => this.#overdue())
    while (this.#waiting.size > 0) {
      const batch = this.#take()
      if (batch) await this.#flush(batch)
      else await this.#options.clock.sleep(LEASE_WAIT_MS)
    }
    stop()
    this.#running = false
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** The oldest viewers who can be scored now; undefined where all wait for a lease. A call draws on one budget. */
  #take(): Batch | undefined {
    const { cap } = this.#options
    const waits = new Set<Budget>()
    for (let place = this.#waiting.head; place < this.#waiting.end; place++) {
      const pending = this.#waiting.at(place)
      if (!pending) continue
      const { budget } = pending.actor
      if (budget && waits.has(budget)) continue
      const viewers = this.#gather(place, budget)
      const held = holdAllowance({ cap, budget }, () => mostOf(viewers))
      if ('allowance' in held) {
        for (const taken of viewers) this.#waiting.remove(taken)
        return { viewers, held }
      }
      if (!budget || held.waits === cap) return undefined
      waits.add(budget)
    }
    return undefined
  }

  /** Each account once: a call reads every record before it writes any. */
  #gather(from: number, budget: Budget | undefined): Pending[] {
    const viewers: Pending[] = []
    const accounts = new Set<number>()
    const { end } = this.#waiting
    for (let place = from; place < end && viewers.length < VIEWERS_PER_CALL; place++) {
      const pending = this.#waiting.at(place)
      if (!pending) continue
      const { actor } = pending
      if (actor.budget !== budget || accounts.has(actor.account)) continue
      accounts.add(actor.account)
      viewers.push(pending)
    }
    return viewers
  }

  async #flush(batch: Batch): Promise<void> {
    this.#underWay = batch.viewers
    await this.#scoreUntilKnown(batch)
    this.#underWay = []
  }

  /** While a call hangs, nobody is left without an answer: neither who is in it nor who waits behind it. */
  #overdue(): void {
    const since = this.#options.clock.now() - SCORE_DEADLINE_MS
    for (const { actor, actions, sinceMs } of this.#underWay)
      if (sinceMs <= since) actor.overdue(actions)
    for (const pending of this.#waiting.since(since)) {
      this.#waiting.remove(pending)
      pending.actor.answered(pending.actions, undefined, 0)
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
        const epoch = this.#epoch()
        const reply = await this.#score(batch)
        // The answer may be of a master that was replaced meanwhile, and what it applied may be lost: ask the new one.
        if (epoch !== this.#epoch()) continue
        // After an attempt without an answer the reply does not tell all that was paid.
        batch.held.settle(attempt === 1 ? paidOf(batch, reply) : undefined)
        this.#answer(viewers, reply)
        const now = clock.now()
        this.#options.onFlush?.({
          viewers: viewers.length,
          ms: now - started,
          waitedMs: now - oldest,
        })
        return
      } catch (error) {
        const isFault = isScriptFault(error)
        if (!isFault && clock.now() - oldest <= SCORE_DEADLINE_MS) {
          await clock.sleep(RETRY_MS)
          continue
        }
        batch.held.settle(isFault && attempt === 1 ? 0 : undefined)
        if (isFault && viewers.length > 1) return this.#oneByOne(viewers, error)
        const why = whyAway(error)
        if (why === undefined)
          log.error({ err: error, viewers: viewers.length }, 'a batch could not be scored')
        else log.warn({ why, viewers: viewers.length }, 'Redis is away: a batch waits')
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
      const held = holdAllowance({ cap: this.#options.cap, budget }, () => mostOf([pending]))
      if ('allowance' in held) await this.#flush({ viewers: [pending], held })
      else this.#refuse([pending])
    }
  }

  /** Of the master that has the partition. */
  #epoch(): string {
    const { shards, partitions } = this.#options
    return shards.epoch(shards.indexOfSlot(must(partitions.slots[this.#index], 'a partition')))
  }

  #score({ viewers: pending, held }: Batch): Promise<PackedReply> {
    const { store, partitions, gateway, journalMax, clock } = this.#options
    const contexts: Buffer[] = []
    const viewers: Work[] = []
    for (const { actor, actions } of pending) {
      const { account, live, session, personal } = actor
      const context = indexOf(contexts, actor.context())
      viewers.push({ account, live, context, session, personal, actions, keys: actor.keys() })
    }
    const slot = must(partitions.slots[this.#index], 'a partition')
    return scorePacked(store, {
      slot,
      gateway,
      contexts,
      viewers,
      ...held.allowance,
      journalMax,
      aroundMs: clock.now(),
      ...this.#options.platform(),
    })
  }

  #answer(viewers: readonly Pending[], reply: PackedReply): void {
    if (reply.tag !== 'scored') return this.#refuse(viewers)
    const { answers, atMs } = reply
    for (let i = 0; i < viewers.length; i++) {
      const { actor, actions } = must(viewers[i], 'a viewer')
      actor.answered(actions, this.#reader.read(answers, i), atMs)
    }
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

const paidOf = ({ held }: Batch, reply: PackedReply): number =>
  reply.tag === 'scored' ? held.allowance.allowance - reply.allowanceLeft : 0

/** The script itself failed, which Redis says; anything else is the connection. */
const isScriptFault = (error: unknown): boolean =>
  error instanceof Error && /user_function|script:|WRONGTYPE/.test(error.message)

/** Where it is in the list, which it is added to. Nearly always all viewers of a call are in the same few rooms. */
function indexOf(contexts: Buffer[], context: Buffer): number {
  const known = contexts.indexOf(context)
  return known < 0 ? contexts.push(context) - 1 : known
}
