/** Strings that many read in one turn of the loop: one MGET for all of a slot, of a single Redis one for all. */

import { Batch } from './batch.ts'
import type { Store } from './script.ts'
import { tagOf } from './slots.ts'
import { isCluster } from './topology.ts'

const STRINGS_PER_CALL = 100
/** So that `null` is an answer. */
type Read = { text: string | null }

const reads = new Batch<string, Read>(STRINGS_PER_CALL, async (store, keys) =>
  (await store.mget([...keys])).map((text) => ({ text })),
)

/** As GET. */
export const readString = async (store: Store, key: string): Promise<string | null> =>
  (await reads.of(store, isCluster(store) ? tagOf(key) : '', key)).text
