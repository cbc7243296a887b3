/** What many ask for in one turn of the loop, asked together: a call costs most of what it costs for one. */

import { beforeTurnEnds, must } from '../kernel/index.ts'
import type { Store } from './script.ts'

/** Asks one slot of a store for many; answers in the order of the items. */
type Ask<Item, Answer> = (
  store: Store,
  items: readonly Item[],
  slot: string,
) => Promise<readonly Answer[]>

/** Those who have asked and wait for the end of the turn. */
class Company<Item, Answer> {
  readonly items: Item[] = []
  readonly slot: string
  readonly answers: Promise<readonly Answer[]>
  #answer: (answers: Promise<readonly Answer[]>) => void = () => undefined

  constructor(slot: string) {
    this.slot = slot
    this.answers = new Promise((resolve) => {
      this.#answer = resolve
    })
  }

  leave(store: Store, ask: Ask<Item, Answer>): void {
    this.#answer(ask(store, this.items, this.slot))
  }
}

export class Batch<Item, Answer> {
  readonly #max: number
  readonly #ask: Ask<Item, Answer>
  /** By store and slot; empty between two turns. */
  readonly #waiting = new Map<Store, Map<string, Company<Item, Answer>>>()

  /** `max`: items of one call; with more in a turn there are more calls. */
  constructor(max: number, ask: Ask<Item, Answer>) {
    this.#max = max
    this.#ask = ask
  }

  /** Leaves with what else is asked of the slot in this turn of the loop, and no later. Throws where the call fails. */
  async of(store: Store, slot: string, item: Item): Promise<Answer> {
    const waiting = this.#in(store)
    let company = waiting.get(slot)
    if (!company) {
      company = new Company(slot)
      waiting.set(slot, company)
    }
    const place = company.items.push(item) - 1
    if (company.items.length === this.#max) {
      waiting.delete(slot)
      company.leave(store, this.#ask)
    }
    return must((await company.answers)[place], 'an answer for each item')
  }

  #in(store: Store): Map<string, Company<Item, Answer>> {
    if (this.#waiting.size === 0) beforeTurnEnds(() => this.#leave())
    let waiting = this.#waiting.get(store)
    if (!waiting) {
      waiting = new Map()
      this.#waiting.set(store, waiting)
    }
    return waiting
  }

  #leave(): void {
    const all = [...this.#waiting]
    this.#waiting.clear()
    for (const [store, waiting] of all)
      for (const company of waiting.values()) company.leave(store, this.#ask)
  }
}
