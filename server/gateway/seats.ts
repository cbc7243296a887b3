/** Places of those who are being let in. */

import type { Counts } from '../kernel/index.ts'

/** What one who is being let in takes up meanwhile: else fifty who come at the same moment would all find the last place free. */
export class Seat {
  readonly #taken: { counts: Counts; name: string }[] = []

  take(counts: Counts, name: string): void {
    counts.add(name)
    this.#taken.push({ counts, name })
  }

  /** They are in and count there, or stay outside. Harmless when repeated. */
  free(): void {
    for (const { counts, name } of this.#taken.splice(0)) counts.remove(name)
  }
}
