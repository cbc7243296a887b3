/** Webhooks as the worker has them: a consumer that queues, a sender that posts, and the list of who wants what. */

import type { Registry as Metrics } from 'prom-client'
import type { PublishedRulebook } from '../../../shared/rulebook/schema.ts'
import type { Registry } from '../../identity/index.ts'
import { type Clock, type Log, randomShare } from '../../kernel/index.ts'
import type { SlotTag } from '../../redis/index.ts'
import { FAILING_OFF_MS, RETRY_DELAYS_MS, watchWebhooks } from '../../webhooks/index.ts'
import type { Consumer } from '../consumer.ts'
import type { RoomOf } from '../places.ts'
import type { Skim } from '../reading.ts'
import { createAttempts } from './attempt.ts'
import { webhooksConsumer } from './consumer.ts'
import { webhookMetrics } from './metrics.ts'
import { createPoster } from './post.ts'
import { Sender } from './sender.ts'

export interface WebhookSettings {
  /** Also http, and addresses that are not public. */
  allowPrivate: boolean
  /** Waits between attempts, ms, where not the usual ones. */
  delaysMs?: readonly number[]
  /** After how long of nothing but failures one is switched off, ms, where not the usual time. */
  failingOffMs?: number
}

export interface WebhooksDeps {
  registry: Registry
  rulebook: () => PublishedRulebook
  roomOf: RoomOf
  skim: Skim
  clock: Clock
  log: Log
  metrics: Metrics
  settings: WebhookSettings
}

export interface Webhooks {
  consumer: Consumer
  /** Sends what is due in these slots, which are this worker's. Resolves before it has been sent. */
  pass(slots: readonly SlotTag[]): Promise<void>
  /** Waits a little for what is under way; what is cut is sent again by the next worker. */
  stop(): Promise<void>
}

export async function createWebhooks(deps: WebhooksDeps): Promise<Webhooks> {
  const { registry, clock, log, settings } = deps
  const { store } = registry
  const watch = await watchWebhooks({
    store,
    clock,
    onError: (error) => log.debug({ err: error }, 'the list of webhooks cannot be read'),
  })
  const poster = createPoster(settings)
  const metrics = webhookMetrics(deps.metrics, () => sender.inFlight)
  const attempts = createAttempts({
    registry,
    clock,
    poster,
    metrics,
    log,
    failingOffMs: settings.failingOffMs ?? FAILING_OFF_MS,
    delaysMs: settings.delaysMs ?? RETRY_DELAYS_MS,
    chance: randomShare,
  })
  const sender: Sender = new Sender({ store, watch, attempts, log })
  return {
    consumer: webhooksConsumer({
      ...deps,
      watch,
      metrics,
      onQueued: (slot) => sender.queued(slot),
    }),
    pass: (slots) => sender.pass(slots),
    async stop() {
      watch.stop()
      await sender.stop(
        () => poster.stop(),
        (ms) => clock.sleep(ms),
      )
      metrics.remove()
    },
  }
}
