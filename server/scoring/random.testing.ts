/** A seeded generator for histories: the same choices everywhere, so that a seed names a history. */

import { seededRandom } from '../../shared/seeded.ts'

export class Random {
  readonly #next: () => number

  constructor(seed: number) {
    this.#next = seededRandom(seed)
  }

  /** 0 to n - 1. */
  below(n: number): number {
    return Math.floor(this.#next() * n)
  }

  /** Both ends included. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1)
  }

  chance(probability: number): boolean {
    return this.#next() < probability
  }

  pick<T>(list: readonly [T, ...T[]]): T {
    return list[this.below(list.length)] ?? list[0]
  }

  /** Undefined where the list is empty. */
  pickFrom<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)]
  }

  shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list]
    const out: T[] = []
    while (rest.length > 0) out.push(...rest.splice(this.below(rest.length), 1))
    return out
  }
}
