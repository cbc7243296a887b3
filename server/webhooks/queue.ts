/** Queues what is to be sent, once each; what does not fit is a dead letter. */

import { assert } from '../kernel/index.ts'
import { configSlot, defineScript, type SlotTag, type Store } from '../redis/index.ts'
import { buryDead } from './dead.ts'
import type { Addressed } from './delivery.ts'
import { hooksKey, seenKey, waitingKeys } from './keys.ts'
import { QUEUED_PER_CALL, SEEN_MAX, SEEN_MS, WAITING_MAX } from './limits.ts'
import queueSource from './queue.lua'
import queueJournalledSource from './queue-journalled.lua'

const each = {
  keys: ['due', 'bodies'],
  args: { webhook: 'str', id: 'str', body: 'str' },
} as const

const queueScript = defineScript({
  name: 'webhooks.queue',
  source: queueSource,
  keys: ['hooks', 'seen'],
  args: { waiting_max: 'int', seen_ms: 'int', seen_max: 'int' },
  each,
  replies: { queued: { count: 'int' }, full: { which: 'list' } },
})

const queueJournalledScript = defineScript({
  name: 'webhooks.queue_journalled',
  source: queueJournalledSource,
  keys: ['journal', 'cursors', 'hooks'],
  args: { consumer: 'str', last: 'str', waiting_max: 'int' },
  each,
  replies: { queued: { count: 'int' }, gone: {}, full: { which: 'list' } },
})

/** A delivery of a brand, so that its dead letter has a place to go. */
export interface Queued extends Addressed {
  brand: string
}

const itemsOf = (slot: SlotTag, deliveries: readonly Queued[]) =>
  deliveries.map(({ webhook, id, delivery }) => ({
    keys: waitingKeys(slot, webhook),
    args: { webhook, id, body: JSON.stringify(delivery) },
  }))

/** Those that fit are queued by `run`; others are dead letters before it succeeds, so that none is lost. */
async function fitting<R extends { tag: string }>(
  store: Store,
  deliveries: readonly Queued[],
  run: (deliveries: readonly Queued[]) => Promise<R | { tag: 'full'; which: unknown[] }>,
): Promise<{ reply: Exclude<R, { tag: 'full' }>; full: number }> {
  let left = deliveries
  for (;;) {
    const reply = await run(left)
    if (!('which' in reply))
      return { reply: reply as Exclude<R, { tag: 'full' }>, full: deliveries.length - left.length }
    const over = new Set(reply.which.map((i) => Number(i) - 1))
    const dead = left.filter((_, i) => over.has(i))
    await buryDead(
      store,
      dead.map((one) => ({ ...one, why: 'full' })),
    )
    left = left.filter((_, i) => !over.has(i))
  }
}

/**
 * Queues deliveries made from a partition's journal and moves the cursor of `consumer` behind `last`, in one step; the
 * caller sees to it that they are few, but those of one element belong together. `gone` where the journal holds that element no more: it never happened. `full` counts those that were
 * too many for their webhook and became dead letters.
 */
export async function queueJournalled(
  store: Store,
  of: { slot: SlotTag; journal: string; cursors: string; consumer: string; last: string },
  deliveries: readonly Queued[],
): Promise<{ tag: 'queued' | 'gone'; full: number }> {
  const { slot, journal, cursors, consumer, last } = of
  const { reply, full } = await fitting(store, deliveries, (some) =>
    queueJournalledScript.run(store, {
      keys: { journal, cursors, hooks: hooksKey(slot) },
      args: { consumer, last, waiting_max: WAITING_MAX },
      each: itemsOf(slot, some),
    }),
  )
  return { tag: reply.tag, full }
}

/**
 * Queues up to 100 deliveries that no journal tells of. Queueing an id again within two days is harmless, so a step
 * that may be repeated can call this each time.
 */
export async function queueDeliveries(store: Store, deliveries: readonly Queued[]): Promise<void> {
  assert(deliveries.length <= QUEUED_PER_CALL, 'too many deliveries in one call')
  if (deliveries.length === 0) return
  await fitting(store, deliveries, (some) =>
    queueScript.run(store, {
      keys: { hooks: hooksKey(configSlot), seen: seenKey },
      args: { waiting_max: WAITING_MAX, seen_ms: SEEN_MS, seen_max: SEEN_MAX },
      each: itemsOf(configSlot, some),
    }),
  )
}
