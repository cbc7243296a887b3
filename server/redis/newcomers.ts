/** Accounts of a partition, in a sorted set in the order in which they came: read once, then only those who came since. */

import type { SlotTag } from './keys.ts'
import type { Store } from './script.ts'

export class Newcomers {
  readonly #store: Store
  readonly #orderKey: (slot: SlotTag) => string
  /** Who came, and the place of the newest. */
  readonly #known = new Map<SlotTag, { newest: string; all: Set<number> }>()

  constructor(store: Store, orderKey: (slot: SlotTag) => string) {
    this.#store = store
    this.#orderKey = orderKey
  }

  /** All who came until now, some of whom may be gone since. */
  async all(slot: SlotTag): Promise<ReadonlySet<number>> {
    const known = this.#known.get(slot) ?? { newest: '0', all: new Set() }
    this.#known.set(slot, known)
    const found = await this.#store.zrangebyscore(
      ...[this.#orderKey(slot), `(${known.newest}`, '+inf', 'WITHSCORES' as const],
    )
    for (let i = 0; i < found.length; i += 2) {
      known.all.add(Number(found[i]))
      known.newest = found[i + 1] ?? known.newest
    }
    return known.all
  }

  /** For a worker that takes over a partition: its shard may not be as it was. */
  forget(slot: SlotTag): void {
    this.#known.delete(slot)
  }
}
