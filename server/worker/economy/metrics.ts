/** What closing the economy's days tells Prometheus; only the worker that closes them tells anything. */

import { Gauge, type Registry } from 'prom-client'
import { heldOn } from '../../../shared/economy.ts'
import { ALARM_LEVELS } from '../../../shared/economy-verdict.ts'
import type { ClosedDay } from '../../economy/index.ts'
import { elapsedMs } from '../../kernel/index.ts'
import { ECONOMY_SHOWN_MS } from '../limits.ts'

export interface EconomyNow {
  newest?: ClosedDay
  /** Days that are over and could not be closed. */
  unclosed: number
}

export interface EconomyMetrics {
  show(now: EconomyNow): void
  /** For a worker that stops while its process goes on. */
  remove(): void
}

export function economyMetrics(registry: Registry): EconomyMetrics {
  let shown: { now: EconomyNow; atMs: number } | undefined
  const names: string[] = []
  /** Tells nothing once another worker closes the days. */
  const gauge = <L extends string>(
    [name, help, label]: readonly [name: string, help: string, label?: L],
    read: (now: EconomyNow) => Iterable<readonly [value: number | undefined, of?: string]>,
  ) => {
    names.push(name)
    new Gauge({
      ...{ name, help, registers: [registry] },
      ...(label && { labelNames: [label] }),
      collect() {
        // What was reset stands at 0 where it has no label, and nobody knows that it is 0.
        this.reset()
        if (!label) this.remove()
        if (!shown || elapsedMs() - shown.atMs > ECONOMY_SHOWN_MS) return
        for (const [value, of] of read(shown.now))
          if (value !== undefined)
            this.set((label ? { [label]: of } : {}) as Record<L, string>, value)
      },
    })
  }
  gauge(
    [
      'fanfare_economy_alarm_level',
      'Of the newest closed day: 0 ok, 1 warning, 2 critical',
      'kind',
    ],
    ({ newest }) =>
      newest
        ? [
            [ALARM_LEVELS.indexOf(newest.verdict.level), 'inflation'],
            [ALARM_LEVELS.indexOf(newest.verdict.incentives), 'incentives'],
          ]
        : [],
  )
  gauge(
    [
      'fanfare_economy_inflation_ratio',
      'Against as many days before as the rulebook says; 0.1 is 10 %',
      'definition',
    ],
    ({ newest }) =>
      Object.entries(newest?.verdict.inflation ?? {}).map(([name, value]) => [value, name]),
  )
  gauge(
    ['fanfare_economy_issued_per_sales_ratio', 'Value of the points given by sales'],
    ({ newest }) => [[newest?.verdict.issuedPerSales]],
  )
  gauge(
    ['fanfare_economy_stock_points', 'Points outstanding when the newest day was closed'],
    ({ newest }) => [[newest && heldOn(newest.figures).points]],
  )
  gauge(
    ['fanfare_economy_unclosed_days', 'Days that are over and could not be closed yet'],
    ({ unclosed }) => [[unclosed]],
  )
  return {
    show(now) {
      shown = { now, atMs: elapsedMs() }
    },
    remove() {
      for (const name of names) registry.removeSingleMetric(name)
    },
  }
}
