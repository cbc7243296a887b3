/** What viewers measure about themselves, by the names that k6 and reports use. */

export const METRICS = {
  /** Commands that left and were answered as applied, of all that left. */
  evt_acked: 'rate',
  /** From the first time a command left until its answer, ms; over a cut, if there was one. */
  evt_ack_ms: 'trend',
  /** From opening a socket to the welcome, handshake and account included, ms; also of those who come back. */
  sio_connect_ms: 'trend',
  /** Moments of the room that a viewer never got. */
  push_gap: 'counter',
  /** Commands that were answered as newly applied twice. */
  double_credit: 'counter',
  /** Things that a viewer wanted to do and that its full outbox did not take. */
  evt_not_taken: 'counter',
  /** Viewers who came seconds after their turn: the generator was too slow. */
  arrived_late: 'counter',
  /** Viewers for whom k6 found no time at all. */
  dropped_iterations: 'counter',
} as const

export type MetricName = keyof typeof METRICS
/** What a missed threshold means, and where to look. */
export const MEANS: Record<MetricName, string> = {
  evt_acked: 'commands were refused or not answered in time; the log of the gateway says why',
  evt_ack_ms:
    'answers were late; a process near 100 % above was the one that had no time, else see fanfare_gateway_credit_wait_ms at /metrics',
  sio_connect_ms: 'coming in was slow; the gateway or the generator was busy with many handshakes',
  push_gap: 'moments of the room did not reach a viewer: a fault of the service',
  double_credit: 'a command was answered twice as newly applied: a fault of the service',
  evt_not_taken: 'outboxes were full, since answers did not come as fast as viewers act',
  arrived_late: 'the generator was too slow: times mean little; fewer --viewers or another machine',
  dropped_iterations: 'k6 had no time for some viewers: fewer --viewers or another machine',
}

export type Stat = 'rate' | 'count' | 'p(95)' | 'p(99)'

/** Takes measurements: 1 or 0 for a rate, milliseconds for a trend, a number to add for a counter. */
export type Meter = (metric: MetricName, value: number) => void

/** Results of a run. */
export type Measured = Partial<Record<MetricName, Partial<Record<Stat, number>>>>

export const isMetric = (name: string): name is MetricName => Object.hasOwn(METRICS, name)

/** Of a sorted series, between its neighbours where it falls between two. */
export function percentile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)] ?? 0
  const high = sorted[Math.ceil(at)] ?? low
  return low + (high - low) * (at - Math.floor(at))
}

/** Collects in memory what `Meter` is told. */
export function createMeter(): { meter: Meter; measured(): Measured } {
  const taken = new Map<MetricName, number[]>()
  return {
    meter(metric, value) {
      const values = taken.get(metric)
      if (values) values.push(value)
      else taken.set(metric, [value])
    },
    measured() {
      const result: Measured = {}
      for (const [metric, values] of taken) {
        const sum = values.reduce((total, value) => total + value, 0)
        const kind = METRICS[metric]
        if (kind === 'counter') result[metric] = { count: sum }
        else if (kind === 'rate') result[metric] = { rate: sum / values.length }
        else {
          const sorted = values.sort((a, b) => a - b)
          result[metric] = { 'p(95)': percentile(sorted, 0.95), 'p(99)': percentile(sorted, 0.99) }
        }
      }
      return result
    },
  }
}
