/** Keeps a process on the current list of webhooks. */

import type { Clock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { changesKey } from './keys.ts'
import { WEBHOOKS_POLL_MS } from './limits.ts'
import { listWebhooks, type Webhook } from './subscriptions.ts'

export interface WebhookWatch {
  /** As of at most a second ago; empty until it was first read. */
  current(): ReadonlyMap<string, Webhook>
  /** Active ones of the brand that want to hear of the event. */
  wanting(brand: string, event: string): readonly Webhook[]
  /** No active webhook of any brand wants the event: then nothing need be looked up. */
  nobodyWants(event: string): boolean
  /** Resolves when the list was read at least once: an empty one that was never read says nothing. */
  ready(): Promise<void>
  /** Reads the list again, whatever was read before. Rejects where Redis fails. */
  refresh(): Promise<void>
  stop(): void
}

export interface WatchOptions {
  store: Store
  clock: Clock
  onError: (error: unknown) => void
}

/** Resolves when the list was read, or could not be; it is asked for again each second. */
export async function watchWebhooks({
  store,
  clock,
  onError,
}: WatchOptions): Promise<WebhookWatch> {
  let current = new Map<string, Webhook>()
  let wanted = new Map<string, Webhook[]>()
  let seen: string | null | undefined
  let asking: Promise<void> | undefined

  async function load(): Promise<void> {
    // First the count, then the list: a change between the two is seen again.
    const changes = await store.get(changesKey)
    if (changes === seen) return
    const list = await listWebhooks(store)
    current = new Map(list.map((webhook) => [webhook.id, webhook]))
    wanted = new Map()
    for (const webhook of list.filter(({ active }) => active))
      for (const event of webhook.events) wanted.set(event, [...(wanted.get(event) ?? []), webhook])
    seen = changes
  }

  const ask = (): Promise<void> => {
    asking ??= load().finally(() => {
      asking = undefined
    })
    return asking
  }

  const stop = clock.every(WEBHOOKS_POLL_MS, () => void ask().catch(onError))
  await ask().catch(onError)
  return {
    current: () => current,
    wanting: (brand, event) => (wanted.get(event) ?? []).filter((one) => one.brand === brand),
    ready: async () => {
      if (seen === undefined) await ask()
    },
    nobodyWants: (event) => !wanted.has(event),
    async refresh() {
      await asking?.catch(() => undefined)
      seen = undefined
      await ask()
    },
    stop,
  }
}
