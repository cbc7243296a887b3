/** What is known to stand in sets of a partition, so that an account that likes all day is written once. */

import { NOTED_MAX } from '../limits.ts'

export class Noted {
  readonly #sets = new Map<string, Set<number>>()
  #size = 0

  /** Those of the accounts that may not stand in the set yet. */
  fresh(set: string, accounts: ReadonlySet<number>): number[] {
    const known = this.#sets.get(set)
    return known ? [...accounts].filter((account) => !known.has(account)) : [...accounts]
  }

  /** They were written. Of too many all are forgotten: writing them again is harmless. */
  add(set: string, accounts: readonly number[]): void {
    if (this.#size + accounts.length > NOTED_MAX) {
      this.#sets.clear()
      this.#size = 0
    }
    const known = this.#sets.get(set) ?? new Set()
    for (const account of accounts) known.add(account)
    this.#sets.set(set, known)
    this.#size += accounts.length
  }
}
