/** The platform's cap in this process: leased, paid from here whatever issues points, given back where it is not needed. */

import { brownoutFactor, brownoutLevel } from '../../shared/rulebook/issuance-levels.ts'
import { type Clock, elapsedMs, type Log } from '../kernel/index.ts'
import { configSlot, type Shards, type Store } from '../redis/index.ts'
import {
  beginIssuance,
  type IssuanceLease,
  type IssuanceTerms,
  leaseIssuance,
} from './lease-issuance.ts'
import { type Holding, LeaseRun } from './lease-run.ts'
import type { Ripening } from './leased.ts'
import { ISSUANCE_LOOK_MS, ISSUANCE_TICK_MS, ISSUANCE_WAIT_MS, NO_BOUND } from './limits.ts'

/** What a call may pay. Whoever holds one must settle it. */
export interface Held {
  /** Points it may pay at most. */
  points: number
  /** Redis time after which it pays nothing. */
  untilMs: number
  /** The lease it is part of. */
  of: Holding
}

/** A brown-out as awards are scored with it: a level of the rulebook, and what it leaves of an award in thousandths. */
export interface Brownout {
  level: number
  factor: number
}

export interface IssuanceOptions {
  store: Store
  shards: Pick<Shards, 'indexOfSlot' | 'durableAt' | 'epoch'>
  rulebook: () => { book: IssuanceTerms }
  clock: Clock
  log: Log
  /** Points that were ever issued, by the partitions' counters. */
  issued: () => Promise<number>
  /** Tests: monotonic time, and how leases are asked for. */
  elapsed?: () => number
  lease?: typeof leaseIssuance
}

const NO_BROWNOUT: Brownout = { level: 0, factor: 1000 }

export class Issuance {
  readonly #options: IssuanceOptions
  #run: LeaseRun
  #last: IssuanceLease | undefined
  #brownout = NO_BROWNOUT
  #asking: Promise<void> | undefined
  #stop: (() => void) | undefined

  constructor(options: IssuanceOptions) {
    this.#options = options
    this.#run = this.#begin()
  }

  /** Takes the first lease where Redis answers, and keeps it. */
  async start(): Promise<this> {
    await this.tick()
    this.#stop = this.#options.clock.every(ISSUANCE_TICK_MS, () => void this.tick())
    return this
  }

  /** Gives back what is left. */
  async close(): Promise<void> {
    this.#stop?.()
    await this.#asking
    await this.#quietly(() => this.#send(true))
  }

  /** Whether calls are bounded: only then does `hold` look at what they need. */
  get binds(): boolean {
    return this.#last?.binds ?? true
  }

  /** The same object for as long as nothing changes. */
  get brownout(): Brownout {
    return this.#brownout
  }

  /** As of the last answer; undefined before the first. */
  get standing(): Readonly<IssuanceLease> | undefined {
    return this.#last
  }

  /**
   * Holds what a call may pay at most: `need`, or all there is where the cap is reached. Undefined where it has to wait
   * for a lease.
   */
  hold(need: number): Held | undefined {
    const last = this.#last
    if (!last) return undefined
    const of = this.#run
    if (!last.binds) return { points: NO_BOUND, untilMs: last.endsAtMs, of: of.hold(0) }
    const points = of.take(need, this.#ripening(), last.left)
    if (points !== undefined) return { points, untilMs: last.endsAtMs, of: of.hold(points) }
    if (of.lacks(last.left)) void this.#ask()
    return undefined
  }

  /** `paid` is undefined where the call's outcome is unknown: it may have paid all it held. */
  settle({ of }: Held, paid?: number): void {
    of.settle(paid)
  }

  /**
   * Runs a call that pays `need` at most with what it may pay, and settles it. Undefined where no lease came in time.
   * Throws what the call throws; then all it held counts as paid.
   */
  async within<R extends { paid: number }>(
    need: number,
    call: (held: Held) => Promise<R>,
  ): Promise<R | undefined> {
    for (let waited = 0; waited <= ISSUANCE_WAIT_MS; waited += ISSUANCE_LOOK_MS) {
      const held = this.hold(need)
      if (held) {
        let paid: number | undefined
        try {
          const result = await call(held)
          paid = result.paid
          return result
        } finally {
          this.settle(held, paid)
        }
      }
      await this.#options.clock.sleep(ISSUANCE_LOOK_MS)
    }
    return undefined
  }

  /** Points were issued that the cap does not bound: balances taken over, points that were burned for them. */
  beside(points: number): void {
    // Before the first lease it may be among what counting began with; too few leave more of the cap unused, never less.
    if (this.#last) this.#run.beside += points
  }

  /** Says what was paid, and takes what is needed next. Never throws; the next one tells the same. */
  tick(): Promise<void> {
    return this.#ask()
  }

  #begin(): LeaseRun {
    return new LeaseRun(this.#options.elapsed ?? elapsedMs)
  }

  #ripening(): Ripening {
    const { shards } = this.#options
    const shard = shards.indexOfSlot(configSlot)
    return { durableAtMs: shards.durableAt()[shard] ?? 0, epoch: shards.epoch(shard) }
  }

  #ask(): Promise<void> {
    if (this.#asking || !this.#run.mayAsk(this.#ripening()))
      return this.#asking ?? Promise.resolve()
    this.#asking = this.#quietly(() => this.#send(false)).finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  async #quietly(step: () => Promise<void>): Promise<void> {
    try {
      await step()
    } catch (error) {
      this.#options.log.warn({ err: error }, 'a lease of the issuance cap failed')
    }
  }

  /** `again` once: what fails another time waits for the next tick. */
  async #send(ends: boolean, again = true): Promise<void> {
    const { store, rulebook, clock, issued, lease = leaseIssuance } = this.#options
    const run = this.#run
    const { epoch } = this.#ripening()
    const ask = run.ask(ends, this.#last?.left)
    const reply = await lease(store, ask, { terms: rulebook().book, aroundMs: clock.now() })
    if (reply.tag === 'ok') {
      run.told(ask, { ...reply, epoch })
      this.#hear(reply)
      return
    }
    // Of a lease that was forgotten somebody has counted what it left; calls of it under way pay nothing any more.
    if (reply.tag === 'unready') await beginIssuance(store, await issued())
    this.#run = this.#begin()
    if (again && !ends) await this.#send(ends, false)
  }

  #hear(lease: IssuanceLease): void {
    this.#last = lease
    const { issuance } = this.#options.rulebook().book
    const level = brownoutLevel(issuance, lease)
    const factor = brownoutFactor(issuance, level)
    const was = this.#brownout
    if (was.level !== level || was.factor !== factor) this.#brownout = { level, factor }
  }
}
