/** What was started ends, the latest first, whatever happened in between. */

interface Started {
  stop(): Promise<void>
}

export class Scope {
  readonly #started: Started[] = []

  add<T extends Started>(started: T): T {
    this.#started.push(started)
    return started
  }

  async close(): Promise<void> {
    for (const started of this.#started.splice(0).reverse()) await started.stop()
  }
}
