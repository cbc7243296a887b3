/** The newest elements of a journal, so that four consumers do not read it four times. Bounded; older ones drop out. */

import { compareIds, type JournalElement, type StreamId } from './element.ts'
import { RECENT_BYTES, RECENT_ELEMENTS } from './limits.ts'

export class Recent {
  #elements: JournalElement[] = []
  #bytes = 0
  /** Everything after it up to `newest` is here. */
  #base: StreamId
  #newest: StreamId

  constructor(from: StreamId) {
    this.#base = from
    this.#newest = from
  }

  /** The newest id that was read. */
  get newest(): StreamId {
    return this.#newest
  }

  push(elements: readonly JournalElement[]): void {
    for (const element of elements) {
      this.#elements.push(element)
      this.#bytes += element.bytes.length
      this.#newest = element.id
    }
    let drop = 0
    while (
      this.#elements.length - drop > RECENT_ELEMENTS ||
      (this.#bytes > RECENT_BYTES && drop < this.#elements.length)
    ) {
      const gone = this.#elements[drop++]
      if (!gone) break
      this.#bytes -= gone.bytes.length
      this.#base = gone.id
    }
    if (drop > 0) this.#elements.splice(0, drop)
  }

  /** Elements after an id, or undefined where some of them are no longer here. */
  after(id: StreamId, limit: number): JournalElement[] | undefined {
    if (compareIds(id, this.#base) < 0) return undefined
    let low = 0
    let high = this.#elements.length
    while (low < high) {
      const middle = (low + high) >> 1
      const element = this.#elements[middle]
      if (element && compareIds(element.id, id) <= 0) low = middle + 1
      else high = middle
    }
    return this.#elements.slice(low, low + limit)
  }
}
