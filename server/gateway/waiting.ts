/** Viewers of one partition that wait to be scored: the oldest first, though some are taken out of their turn. */

import type { Pending } from './intake.ts'

/** Places at the head that may be empty before the rest is moved up. */
const EMPTY_MAX = 1000

/** An actor that was taken into a call has another entry or none; its old place stays, empty. */
const isWaiting = (pending: Pending): boolean => pending.actor.pending === pending

export class Waiting {
  #places: (Pending | undefined)[] = []
  #head = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The place of the oldest. */
  get head(): number {
    return this.#head
  }

  /** The place behind the newest. */
  get end(): number {
    return this.#places.length
  }

  /** Undefined where the place is empty. */
  at(place: number): Pending | undefined {
    const pending = this.#places[place]
    return pending && isWaiting(pending) ? pending : undefined
  }

  /** Those that wait since then or longer. */
  since(ms: number): Pending[] {
    return this.#places
      .slice(this.#head)
      .filter((pending) => pending !== undefined)
      .filter((pending) => pending.sinceMs <= ms && isWaiting(pending))
  }

  add(pending: Pending): void {
    pending.actor.pending = pending
    this.#places.push(pending)
    this.#size += 1
  }

  remove({ actor }: Pending): void {
    actor.pending = undefined
    this.#size -= 1
    this.#passEmpty()
    if (this.#head <= EMPTY_MAX && this.#head < this.#places.length) return
    this.#places = this.#places.slice(this.#head)
    this.#head = 0
  }

  /** Lets go of what the places held: entries that live on for long are collected dearly. */
  #passEmpty(): void {
    for (let first = this.#places[this.#head]; first && !isWaiting(first); ) {
      this.#places[this.#head++] = undefined
      first = this.#places[this.#head]
    }
  }
}
