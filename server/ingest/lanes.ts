/** Work that is about the same thing happens in the order in which it came. */

export class Lanes {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Runs `work` when all earlier work that shares a name with it is over, however that ended. */
  run<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    const before = names.flatMap((name) => this.#last.get(name) ?? [])
    const mine = Promise.allSettled(before).then(work)
    for (const name of names) this.#last.set(name, mine)
    const forget = (): void => {
      for (const name of names) if (this.#last.get(name) === mine) this.#last.delete(name)
    }
    mine.then(forget, forget)
    return mine
  }
}
