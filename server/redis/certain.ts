/** Waiting until what one master did cannot be forgotten while another remembers what followed from it. */

import type { Clock } from '../kernel/index.ts'
import type { SlotTag } from './keys.ts'
import type { Shards } from './shards.ts'

/** A write that is not durable within this time is left to the worker. */
const DURABLE_WAIT_MS = 5000
const DURABLE_POLL_MS = 20
/** Redis clocks and ours differ by less, or the service is not ready. */
const SKEW_MS = 150

/** A master was replaced, or keeps nothing durable: what it did may be forgotten. */
export class Uncertain extends Error {
  override name = 'Uncertain'
}

/**
 * Undefined where both slots are on one master: the same file keeps both, in order. Otherwise it resolves when
 * everything up to now in `slot` is durable, and rejects where the master changes meanwhile or takes longer than five
 * seconds.
 */
export type Certain = (of: { slot: SlotTag; with: SlotTag }) => Promise<void> | undefined

export function certainBy({
  shards,
  clock,
}: {
  shards: Pick<Shards, 'indexOfSlot' | 'epoch' | 'durableAt'>
  clock: Clock
}): Certain {
  async function wait(shard: number): Promise<void> {
    const epoch = shards.epoch(shard)
    const atMs = clock.now() + SKEW_MS
    for (let waited = 0; waited < DURABLE_WAIT_MS; waited += DURABLE_POLL_MS) {
      if (shards.epoch(shard) !== epoch) break
      if ((shards.durableAt()[shard] ?? 0) >= atMs) return
      await clock.sleep(DURABLE_POLL_MS)
    }
    throw new Uncertain('what a master did is not certain yet')
  }
  return (of) => {
    const shard = shards.indexOfSlot(of.slot)
    return shard === shards.indexOfSlot(of.with) ? undefined : wait(shard)
  }
}
