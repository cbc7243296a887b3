/** Waiting until what one master did cannot be forgotten while another remembers what followed from it. */

import type { Clock } from '../kernel/index.ts'
import type { Shards, SlotTag } from '../redis/index.ts'
import { DURABLE_POLL_MS, DURABLE_WAIT_MS, SKEW_MS } from './limits.ts'

/**
 * Resolves at once where both slots are on one master: the same file keeps both, in order. Otherwise when everything
 * up to now in `slot` is durable. Throws where the master changes meanwhile or takes longer than five seconds.
 */
export function certainBy({
  shards,
  clock,
}: {
  shards: Pick<Shards, 'indexOfSlot' | 'epoch' | 'durableAt'>
  clock: Clock
}): (of: { slot: SlotTag; with: SlotTag }) => Promise<void> {
  return async (of) => {
    const shard = shards.indexOfSlot(of.slot)
    if (shard === shards.indexOfSlot(of.with)) return
    const epoch = shards.epoch(shard)
    const atMs = clock.now() + SKEW_MS
    for (let waited = 0; waited < DURABLE_WAIT_MS; waited += DURABLE_POLL_MS) {
      if (shards.epoch(shard) !== epoch) break
      if ((shards.durableAt()[shard] ?? 0) >= atMs) return
      await clock.sleep(DURABLE_POLL_MS)
    }
    throw new Error('a redemption is not certain yet')
  }
}
