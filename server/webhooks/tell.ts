/** Telling a brand of what no journal tells: from a step that may be repeated. */

import type { Store } from '../redis/index.ts'
import type { WebhookEvent } from './events.ts'
import { countsKey } from './keys.ts'
import { queueDeliveries } from './queue.ts'
import { listWebhooks } from './subscriptions.ts'

export interface Telling {
  brand: string
  type: WebhookEvent
  /** Names what happened, `[A-Za-z0-9_-]{1,64}`; telling it again within two days is harmless. */
  id: string
  /** When it happened, Unix ms. */
  atMs: number
  /** Whom it is about, where it is about somebody. */
  account?: number
  /** Never a name or a merchant's id of a viewer: it may wait for a day, and they may be erased. */
  data: Record<string, unknown>
}

/** Queues it for every active webhook of the brand that wants it; answers for how many. */
export async function tellBrand(store: Store, telling: Telling): Promise<number> {
  const { brand, type, id, ...rest } = telling
  if (Number((await store.hget(countsKey, brand)) ?? 0) === 0) return 0
  const all = await listWebhooks(store, brand)
  const wanting = all.filter(({ active, events }) => active && events.includes(type))
  const delivery = { type, ...rest, attempts: 0 }
  await queueDeliveries(
    store,
    wanting.map((webhook) => ({ webhook: webhook.id, brand, id, delivery })),
  )
  return wanting.length
}
