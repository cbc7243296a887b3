/** What was leased of a budget: it counts once no crash of its shard can undo the lease, else the same points would be leased again. */

/** Of the shard where the budget lies: up to when nothing is lost by a crash, and its epoch. */
export interface Ripening {
  durableAtMs: number
  epoch: string
}

/** A lease that a crash of the shard could still undo. */
interface Unripe {
  /** All told, with this one. */
  leased: number
  atMs: number
  epoch: string
}

export class Leased {
  #ripe = 0
  #unripe: Unripe[] = []

  /** Points that may be paid from. */
  get ripe(): number {
    return this.#ripe
  }

  /** With those that a crash could still undo. */
  get all(): number {
    return this.#unripe.at(-1)?.leased ?? this.#ripe
  }

  /** Leases that a crash could still undo. */
  get unripe(): number {
    return this.#unripe.length
  }

  ripen({ durableAtMs, epoch }: Ripening): void {
    if (this.#unripe.length === 0) return
    this.#unripe = this.#unripe.filter((lease) => {
      if (lease.epoch !== epoch) return false
      if (lease.atMs >= durableAtMs) return true
      this.#ripe = lease.leased
      return false
    })
  }

  /** What the shard answered to who had said `all` before. */
  answered(lease: Unripe, before: number): void {
    if (lease.leased > before) this.#unripe.push(lease)
    else this.keep(lease.leased)
  }

  /** Gives back what is above that. */
  keep(leased: number): void {
    this.#ripe = Math.min(this.#ripe, leased)
    for (const lease of this.#unripe) lease.leased = Math.min(lease.leased, leased)
  }
}
