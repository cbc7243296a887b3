/** What is due in a slot; it stays where it is until it is settled. */

import { must } from '../kernel/index.ts'
import { defineScript, type SlotTag, type Store } from '../redis/index.ts'
import { type Addressed, Delivery } from './delivery.ts'
import dueSource from './due.lua'
import { hooksKey, waitingKeys } from './keys.ts'
import takeSource from './take.lua'

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
