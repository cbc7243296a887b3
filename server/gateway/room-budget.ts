/** A live's budget on this gateway: leased from the room, paid from here, given back where it is not needed. */

import type { BudgetPolicy } from '../../shared/rulebook/budget.ts'
import { type Lease, type LeaseAsk, Leased } from '../governance/index.ts'
import { assert, randomId } from '../kernel/index.ts'
import { LEASE_FLOOR, LEASE_SPAN_MS, LEASES_UNRIPE_MAX } from './limits.ts'

export interface BudgetSource {
  lease(ask: Pick<LeaseAsk, Asked>): Promise<Lease | undefined>
  /** Of the room's shard: Redis time up to which nothing is lost by a crash, and its epoch. */
  durableAtMs(): number
  epoch(): string
  /** Monotonic, ms. */
  elapsedMs(): number
}
type Asked = 'most' | 'incarnation' | 'sequence' | 'leased' | 'paid' | 'need' | 'want'

export class RoomBudget {
  readonly #source: BudgetSource
  readonly #policy: () => BudgetPolicy
  readonly #incarnation = randomId(6)
  #sequence = 0
  readonly #leased = new Leased()
  /** All told, since the live began here: paid, and held by calls that are under way. */
  #paid = 0
  #held = 0
  /** The most that somebody waits for. */
  #need = 0
  /** Nobody's points, as of the last answer to us; undefined before the first. */
  #left: number | undefined
  #asking: Promise<void> | undefined
  #reported = { paid: -1, atMs: 0, most: 0 }
  #rate = 0

  constructor(source: BudgetSource, policy: () => BudgetPolicy) {
    this.#source = source
    this.#policy = policy
  }

  /** Awards that do not fit are not paid in part. */
  get whole(): boolean {
    return this.#policy().atCap === 'refuse'
  }

  /**
   * Holds what a call may pay at most: `need`, or all there is where the budget is used up. Undefined where it has to
   * wait for a lease. Whoever holds must `settle`.
   */
  hold(need: number): number | undefined {
    this.#ripen()
    const free = this.#spare()
    if (free >= need) return this.#take(need)
    const more = this.#left !== 0 || this.#leased.unripe > 0
    this.#need = Math.max(this.#need, need)
    // Calls that are under way give back what they did not pay.
    if (!more && this.#held === 0) return this.#take(free)
    // The next pulse asks again, and says what failed.
    if (more) this.#ask().catch(() => undefined)
    return undefined
  }

  /** `paid` is undefined where the call's outcome is unknown: then all of it counts as paid. */
  settle(held: number, paid = held): void {
    assert(paid <= held, 'a call paid more than it held')
    this.#held -= held
    this.#paid += paid
  }

  /** With each pulse of the room. Rejects where Redis cannot be reached; the next one tells the same. */
  tick(): Promise<void> {
    this.#ripen()
    const { paid, most } = this.#reported
    const isKnown = paid === this.#paid && most === this.#policy().points
    const target = this.#target()
    const coming = this.#leased.all - this.#paid - this.#held
    const isFit = (this.#left === 0 || 2 * coming >= target) && this.#spare() <= 2 * target
    return isKnown && isFit && this.#need === 0 ? Promise.resolve() : this.#ask()
  }

  /** Gives back what is left. */
  async close(): Promise<void> {
    await this.#asking?.catch(() => undefined)
    if (this.#sequence === 0) return
    this.#leased.keep(this.#paid + this.#held)
    await this.#send(0, 0)
  }

  #take(points: number): number {
    this.#held += points
    return points
  }

  #spare(): number {
    return this.#leased.ripe - this.#paid - this.#held
  }

  /** What should lie here to pay from until the next lease has become durable. */
  #target(): number {
    return Math.max(LEASE_FLOOR, this.#need, Math.ceil(this.#rate * LEASE_SPAN_MS))
  }

  #ripen(): void {
    this.#leased.ripen({ durableAtMs: this.#source.durableAtMs(), epoch: this.#source.epoch() })
  }

  #ask(): Promise<void> {
    if (this.#asking || this.#leased.unripe >= LEASES_UNRIPE_MAX)
      return this.#asking ?? Promise.resolve()
    this.#measure()
    const target = this.#target()
    if (this.#spare() > 2 * target) this.#leased.keep(this.#paid + this.#held + target)
    this.#asking = this.#send(this.#need, target).finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  /** Points a millisecond since the last report, of which the memory fades by half each time. */
  #measure(): void {
    const now = this.#source.elapsedMs()
    const { paid, atMs } = this.#reported
    if (paid >= 0 && now > atMs)
      this.#rate = Math.max(this.#rate / 2, (this.#paid - paid) / (now - atMs))
    this.#reported.atMs = now
  }

  async #send(need: number, want: number): Promise<void> {
    const { paid, most } = { paid: this.#paid, most: this.#policy().points }
    const known = this.#leased.all
    const epoch = this.#source.epoch()
    // What is held may be paid before the next report, so it stays on record beside what should be free.
    const lease = await this.#source.lease({
      most,
      incarnation: this.#incarnation,
      sequence: ++this.#sequence,
      leased: known,
      paid,
      need: need + this.#held,
      want: want + this.#held,
    })
    this.#need = 0
    this.#reported = { ...this.#reported, paid, most }
    if (!lease) return
    this.#left = lease.left
    this.#leased.answered({ leased: lease.leased, atMs: lease.atMs, epoch }, known)
  }
}
