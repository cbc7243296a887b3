/** What waits to be sent: queued once, taken as often as needed, gone when it is settled. */

import { assert, must } from '../kernel/index.ts'
import { configSlot, defineScript, type SlotTag, type Store } from '../redis/index.ts'
import { buryDead } from './dead.ts'
import { type Addressed, Delivery } from './delivery.ts'
import dueSource from './due.lua'
import forgetSource from './forget.lua'
import { hooksKey, seenKey, waitingKeys } from './keys.ts'
import { QUEUED_PER_CALL, SEEN_MAX, SEEN_MS, WAITING_MAX } from './limits.ts'
import queueSource from './queue.lua'
import queueJournalledSource from './queue-journalled.lua'
import settleSource from './settle.lua'
import takeSource from './take.lua'

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

const dueScript = defineScript({
  name: 'webhooks.due',
  source: dueSource,
  keys: ['hooks'],
  args: {},
  replies: { due: { next_ms: 'int', webhooks: 'list' } },
  readonly: true,
})

const takeScript = defineScript({
  name: 'webhooks.take',
  source: takeSource,
  keys: ['due', 'bodies'],
  args: { limit: 'int' },
  replies: { taken: { list: 'list' } },
  readonly: true,
})

const settleScript = defineScript({
  name: 'webhooks.settle',
  source: settleSource,
  keys: ['hooks', 'due', 'bodies'],
  args: { webhook: 'str', id: 'str', body: 'str', delay_ms: 'int' },
  replies: { settled: {}, unknown: {} },
})

const forgetScript = defineScript({
  name: 'webhooks.forget',
  source: forgetSource,
  keys: ['hooks', 'due', 'bodies'],
  args: { webhook: 'str' },
  replies: { ok: {} },
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

/** Webhooks with something due in a slot, and in how many ms the next one follows; undefined where none waits. */
export async function dueWebhooks(
  store: Store,
  slot: SlotTag,
): Promise<{ webhooks: string[]; nextMs: number | undefined }> {
  const { next_ms, webhooks } = await dueScript.run(store, {
    keys: { hooks: hooksKey(slot) },
    args: {},
  })
  return { webhooks: webhooks.map(String), nextMs: next_ms < 0 ? undefined : next_ms }
}

/** The delivery that a text holds, or undefined where this release cannot read it. */
function readDelivery(text: string): Delivery | undefined {
  try {
    return Delivery.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/**
 * Due deliveries to one webhook, the oldest first. They stay where they are until they are settled. `unreadable` are
 * ids of those that this release cannot read.
 */
export async function takeDue(
  store: Store,
  { slot, webhook, limit }: { slot: SlotTag; webhook: string; limit: number },
): Promise<{ deliveries: Addressed[]; unreadable: string[] }> {
  const { list } = await takeScript.run(store, {
    keys: waitingKeys(slot, webhook),
    args: { limit },
  })
  const deliveries: Addressed[] = []
  const unreadable: string[] = []
  for (let i = 0; i < list.length; i += 2) {
    const id = String(must(list[i], 'an id'))
    const delivery = readDelivery(String(list[i + 1]))
    if (delivery) deliveries.push({ webhook, id, delivery })
    else unreadable.push(id)
  }
  return { deliveries, unreadable }
}

/** The delivery is over, or waits `delayMs` more with `again`. False where somebody else has settled it. */
export async function settle(
  store: Store,
  { slot, webhook, id }: { slot: SlotTag; webhook: string; id: string },
  again?: { delivery: Delivery; delayMs: number },
): Promise<boolean> {
  const reply = await settleScript.run(store, {
    keys: { hooks: hooksKey(slot), ...waitingKeys(slot, webhook) },
    args: {
      webhook,
      id,
      body: again ? JSON.stringify(again.delivery) : '',
      delay_ms: again?.delayMs ?? 0,
    },
  })
  return reply.tag === 'settled'
}

/** All that waits in a slot for a webhook that is no more. */
export async function forgetWebhook(
  store: Store,
  { slot, webhook }: { slot: SlotTag; webhook: string },
): Promise<void> {
  await forgetScript.run(store, {
    keys: { hooks: hooksKey(slot), ...waitingKeys(slot, webhook) },
    args: { webhook },
  })
}
