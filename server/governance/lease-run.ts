/** The figures of one lease of the issuance cap, from a process's start to its end. */

import { assert, randomId } from '../kernel/index.ts'
import type { IssuanceAsk, IssuanceLease } from './lease-issuance.ts'
import { Leased, type Ripening } from './leased.ts'
import {
  ISSUANCE_FLOOR,
  ISSUANCE_IDLE_PART,
  ISSUANCE_SPAN_MS,
  ISSUANCE_UNRIPE_MAX,
} from './limits.ts'

/** What one call holds. */
export interface Holding {
  settle(paid: number | undefined): void
}

export class LeaseRun {
  readonly incarnation = randomId(9)
  /** Points issued since the last call that the cap does not bound. */
  beside = 0
  readonly #elapsed: () => number
  #sequence = 0
  readonly #leased = new Leased()
  /** All told: certainly paid, paid or not by calls without an answer, held by calls under way. */
  #paid = 0
  #unknown = 0
  #held = 0
  /** The most that somebody waits for. */
  #need = 0
  #reported = { paid: 0, atMs: 0 }
  /** Points a millisecond of late. */
  #rate = 0

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed
  }

  /** Points for a call: `need`, or all there is where nobody has any; undefined where it has to wait. */
  take(need: number, now: Ripening, left: number | undefined): number | undefined {
    this.#leased.ripen(now)
    const free = Math.max(0, this.#spare())
    if (free >= need) return need
    this.#need = Math.max(this.#need, need)
    const more = left !== 0 || this.#leased.unripe > 0
    // Calls that are under way give back what they did not pay.
    return more || this.#held > 0 ? undefined : free
  }

  /** Whether another lease would bring what somebody waits for; else one is on its way, or nobody has any. */
  lacks(left: number | undefined): boolean {
    return left !== 0 && this.#leased.all - this.#busy() < this.#need
  }

  hold(points: number): Holding {
    this.#held += points
    return {
      settle: (paid) => {
        assert(points === 0 || (paid ?? 0) <= points, 'a call paid more than it held')
        this.#held -= points
        if (paid === undefined) this.#unknown += points
        else this.#paid += paid
      },
    }
  }

  mayAsk(now: Ripening): boolean {
    this.#leased.ripen(now)
    return this.#leased.unripe < ISSUANCE_UNRIPE_MAX
  }

  /** What to say to the platform next. */
  ask(ends: boolean, left: number | undefined): IssuanceAsk {
    this.#measure()
    const target = ends ? 0 : this.#target(left)
    if (ends || this.#spare() > 2 * target) this.#leased.keep(this.#busy() + target)
    const ask: IssuanceAsk = {
      incarnation: this.incarnation,
      sequence: ++this.#sequence,
      leased: this.#leased.all,
      paid: this.#paid,
      // What is held may be paid before the next report, so it stays on record beside what should be free.
      unknown: this.#unknown + this.#held,
      beside: this.beside,
      need: this.#need,
      want: target,
      ends,
    }
    // A call that is lost is not said again: too few beside the cap leave more of it unused, never less.
    this.beside = 0
    return ask
  }

  told(ask: IssuanceAsk, { leased, atMs, epoch }: IssuanceLease & { epoch: string }): void {
    this.#need = 0
    this.#reported.paid = ask.paid
    this.#leased.answered({ leased, atMs, epoch }, ask.leased)
  }

  #busy(): number {
    return this.#paid + this.#unknown + this.#held
  }

  #spare(): number {
    return this.#leased.ripe - this.#busy()
  }

  /** What should lie here until the next lease has become durable; near the end of the cap the idle keep little. */
  #target(left: number | undefined): number {
    const idle =
      left === undefined
        ? ISSUANCE_FLOOR
        : Math.min(ISSUANCE_FLOOR, Math.floor(left / ISSUANCE_IDLE_PART))
    return Math.max(idle, this.#need, Math.ceil(this.#rate * ISSUANCE_SPAN_MS))
  }

  /** The memory fades by half with each report. */
  #measure(): void {
    const now = this.#elapsed()
    const { paid, atMs } = this.#reported
    if (this.#sequence > 0 && now > atMs)
      this.#rate = Math.max(this.#rate / 2, (this.#paid - paid) / (now - atMs))
    this.#reported.atMs = now
  }
}
