/** What sending webhooks tells Prometheus. */

import { Counter, Gauge, type Registry } from 'prom-client'

export type WebhookMetrics = ReturnType<typeof webhookMetrics>

export function webhookMetrics(registry: Registry, inFlight: () => number) {
  const registers = [registry]
  const names: string[] = []
  const named = (name: string, help: string) => {
    names.push(name)
    return { name, help, registers }
  }
  new Gauge({
    ...named('fanfare_webhook_in_flight', 'Requests to webhooks under way'),
    collect() {
      this.set(inFlight())
    },
  })
  return {
    queued: new Counter(
      named('fanfare_webhook_queued_total', 'Deliveries made from journals, one per webhook'),
    ),
    attempts: new Counter({
      ...named(
        'fanfare_webhook_attempts_total',
        'Requests by how they ended: ok, failed, gone (410)',
      ),
      labelNames: ['outcome'],
    }),
    dead: new Counter({
      ...named(
        'fanfare_webhook_dead_total',
        'Deliveries given up: exhausted, off (webhook switched off), full (too many waited)',
      ),
      labelNames: ['why'],
    }),
    switchedOff: new Counter({
      ...named(
        'fanfare_webhook_switched_off_total',
        'Webhooks switched off: gone (410), failing (nothing but failures for days)',
      ),
      labelNames: ['why'],
    }),
    lost: new Counter(
      named('fanfare_webhook_lost_total', 'Dead letters that gave way to newer ones'),
    ),
    dropped: new Counter(
      named(
        'fanfare_webhook_dropped_total',
        'Deliveries about accounts that were erased meanwhile',
      ),
    ),
    /** For a worker that stops while its process goes on. */
    remove: () => {
      for (const name of names) registry.removeSingleMetric(name)
    },
  }
}
