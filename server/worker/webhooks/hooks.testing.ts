/** A worker that sends webhooks, and receivers that hear them, for one test. */

import { PRESETS } from '../../../shared/rulebook/presets.ts'
import { resolveAccount } from '../../identity/index.ts'
import { must } from '../../kernel/index.ts'
import { configSlot, type Store } from '../../redis/index.ts'
import { createRoom, startLive } from '../../rooms/index.ts'
import { START_MS } from '../../scoring/bench.testing.ts'
import { addWebhook, queueDeliveries, type Webhook } from '../../webhooks/index.ts'
import { createStand, likes, until } from '../worker.testing.ts'
import { type Behaviour, type Receiver, startReceiver } from './receiver.testing.ts'

/** Likes bring growth enough to be promoted. */
const BOOK = {
  earn: PRESETS.live.earn.map((rule) => (rule.action === 'like' ? { ...rule, growth: 200 } : rule)),
}
/** Delays between attempts, ms. */
export const FAST = [20, 20, 20]

export type Hooks = Awaited<ReturnType<typeof openHooks>>

/** Empties the Redis and opens a live in it; `close` stops whatever the test started. */
export async function openHooks(redis: Store) {
  await redis.flushall()
  const stand = createStand(redis, { partitions: 1, book: BOOK })
  stand.deps.webhooks = { allowPrivate: true, delaysMs: FAST }
  const room = { id: 'kitchen', name: 'Kitchen', brand: 'acme', timeZone: 'Asia/Shanghai' }
  await createRoom(redis, { ...room, nowMs: START_MS })
  const started = await startLive(redis, { room: 'kitchen', nowMs: START_MS })
  if (!started.ok) throw new Error(started.code)
  stand.bench.room.live = started.live.no

  const receivers: Receiver[] = []
  const registry = { store: redis, pepper: stand.deps.pepper, partitions: stand.bench.places }
  const slot = must(stand.bench.places.slots[0], 'a partition')
  let rises = 0
  return {
    stand,
    registry,
    slot,
    async receiver(behave?: Behaviour): Promise<Receiver> {
      const made = await startReceiver(behave)
      receivers.push(made)
      return made
    },
    account: (id: string) => resolveAccount(registry, { brand: 'acme', kind: 'viewer', id }),
    async webhook(url: string, brand = 'acme'): Promise<Webhook> {
      const added = await addWebhook(redis, { brand, url, events: ['tier.reached', 'ping'] })
      if (!added.ok) throw new Error(added.code)
      return added.webhook
    },
    /** Each of these viewers rises a tier; answers when. */
    async rise(...accounts: number[]): Promise<number> {
      const atMs = START_MS + ++rises
      await likes(stand, accounts, { seq: 1, units: 10, atMs })
      return atMs
    },
    ping: (to: Webhook, id: string) =>
      queueDeliveries(redis, [
        {
          webhook: to.id,
          brand: to.brand,
          id,
          delivery: { type: 'ping', atMs: START_MS, data: {}, attempts: 0 },
        },
      ]),
    /** Nothing waits in the partition or outside. */
    quiet: () =>
      until('nothing waits', async () => {
        const all = await Promise.all(
          [slot, configSlot].map((where) => redis.keys(`ff:${where}:hook-due:*`)),
        )
        return all.flat().length === 0
      }),
    async close(): Promise<void> {
      for (const receiver of receivers.reverse()) await receiver.stop()
      await stand.clean()
    },
  }
}
