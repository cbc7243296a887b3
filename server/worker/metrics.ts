/** What the worker tells Prometheus. */

import { Counter, Gauge, type Registry } from 'prom-client'
import { ENDINGS } from '../../shared/experiments.ts'
import { registry as own } from '../kernel/index.ts'
import { KINDS, type Kind } from './journal.ts'

export const experimentsStopped = new Counter({
  name: 'fanfare_experiment_stopped_total',
  help: 'Experiments, or arms of them, that ended before their time without anybody stopping them, by why',
  labelNames: ['why'] as const,
  registers: [own],
})
// Prometheus sees no increase in a series that begins with 1.
for (const why of ENDINGS)
  if (why !== 'time' && why !== 'operator') experimentsStopped.inc({ why }, 0)

export interface WorkerGauges {
  partitions: () => number
  /** Elements of the longest journal. */
  entries: () => number
  /** The same as part of the maximum. */
  fill: () => number
  lagMs: (kind: Kind) => number
}

export type WorkerMetrics = ReturnType<typeof workerMetrics>

export function workerMetrics(registry: Registry, gauges: WorkerGauges) {
  const registers = [registry]
  const names: string[] = []
  const named = (name: string, help: string) => {
    names.push(name)
    return { name, help, registers }
  }
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      ...named(name, help),
      collect() {
        this.set(read())
      },
    })
  const counter = (name: string, help: string) =>
    new Counter({ ...named(name, help), labelNames: ['consumer'] })

  gauge('fanfare_journal_partitions', 'Partitions this worker looks after', gauges.partitions)
  gauge('fanfare_journal_entries', 'Elements of the longest journal', gauges.entries)
  gauge(
    'fanfare_journal_fill_ratio',
    'Length of the longest journal by its maximum; alarm from 0.5, no points are taken at 1',
    gauges.fill,
  )
  new Gauge({
    ...named(
      'fanfare_journal_lag_ms',
      'Age of the oldest element that a consumer has not dealt with',
    ),
    labelNames: ['consumer'],
    collect() {
      for (const kind of KINDS) this.set({ consumer: kind }, gauges.lagMs(kind))
    },
  })
  return {
    handled: counter('fanfare_journal_handled_total', 'Elements dealt with'),
    failures: counter('fanfare_journal_failures_total', 'Attempts that failed and are repeated'),
    unreadable: counter(
      'fanfare_journal_unreadable_total',
      'Elements of a layout this release does not know; they are archived and otherwise passed over',
    ),
    /** For a worker that stops while its process goes on. */
    remove: () => {
      for (const name of names) registry.removeSingleMetric(name)
    },
  }
}
