/** What a run must reach: the only place that says it, for k6 and for the Node runner. */

import type { Form } from '../scenarios/plan.ts'
import { isMetric, METRICS, type Measured, type MetricName, type Stat } from './metrics.ts'

export interface Threshold {
  metric: MetricName
  stat: Stat
  is: '<' | '>' | '=='
  value: number
  /**
   * `right` holds on any machine. `fast` is judged in long forms only: a short form runs beside other tests,
   * where time says more about the neighbours.
   */
  kind: 'right' | 'fast'
}

const right = { kind: 'right' } as const
const fast = { kind: 'fast' } as const

export const THRESHOLDS: readonly Threshold[] = [
  { metric: 'evt_acked', stat: 'rate', is: '>', value: 0.999, ...right },
  { metric: 'double_credit', stat: 'count', is: '==', value: 0, ...right },
  { metric: 'push_gap', stat: 'count', is: '==', value: 0, ...right },
  { metric: 'evt_not_taken', stat: 'count', is: '==', value: 0, ...right },
  { metric: 'dropped_iterations', stat: 'count', is: '==', value: 0, ...right },
  { metric: 'arrived_late', stat: 'count', is: '==', value: 0, ...fast },
  { metric: 'evt_ack_ms', stat: 'p(95)', is: '<', value: 100, ...fast },
  { metric: 'evt_ack_ms', stat: 'p(99)', is: '<', value: 250, ...fast },
  { metric: 'sio_connect_ms', stat: 'p(95)', is: '<', value: 500, ...fast },
]

/**
 * Where a scenario is meant to hurt: connections that are all asked for in one instant wait for each other,
 * and what was under way when they broke is answered when they are back.
 */
const SCENARIO_VALUES: Record<string, Partial<Record<string, number>>> = {
  'reconnect-storm': {
    'sio_connect_ms p(95)': 2000,
    'evt_ack_ms p(95)': 2000,
    'evt_ack_ms p(99)': 5000,
  },
}

/** As k6 writes it: `p(95)<100`. */
export const expressionOf = ({ stat, is, value }: Threshold): string => `${stat}${is}${value}`
export const titleOf = (threshold: Threshold): string =>
  `${threshold.metric} ${expressionOf(threshold)}`

/** Those that a run of this scenario shows, with their values for it. */
export function thresholdsOf(scenario: string): Threshold[] {
  const values = SCENARIO_VALUES[scenario] ?? {}
  return THRESHOLDS.map((one) => ({
    ...one,
    value: values[`${one.metric} ${one.stat}`] ?? one.value,
  }))
}

export const isJudged = ({ kind }: Threshold, form: Form): boolean =>
  kind === 'right' || form === 'long'

/** Reads `evt_ack_ms p(95)<80`; undefined where it is none, or asks what the metric does not have. */
export function parseThreshold(text: string): Threshold | undefined {
  const parts = /^(\w+) (rate|count|p\(95\)|p\(99\))(<|>|==)(-?\d+(?:\.\d+)?)$/.exec(text.trim())
  const [, metric = '', stat, is, value] = parts ?? []
  if (!isMetric(metric)) return undefined
  const fits = { rate: 'rate', count: 'counter', 'p(95)': 'trend', 'p(99)': 'trend' }[stat as Stat]
  if (fits !== METRICS[metric]) return undefined
  return {
    metric,
    stat: stat as Stat,
    is: is as Threshold['is'],
    value: Number(value),
    kind: 'right',
  }
}

export interface Verdict {
  threshold: Threshold
  /** Undefined where nothing was measured. */
  value: number | undefined
  met: boolean
  judged: boolean
}

function holds({ is, value: limit }: Threshold, value: number): boolean {
  if (is === '<') return value < limit
  return is === '>' ? value > limit : value === limit
}

/** A counter that was never told anything is 0; a rate or a time that was never measured meets nothing. */
export function judge(measured: Measured, thresholds: readonly Threshold[], form: Form): Verdict[] {
  return thresholds.map((threshold) => {
    const { metric, stat } = threshold
    const value = measured[metric]?.[stat] ?? (METRICS[metric] === 'counter' ? 0 : undefined)
    return {
      threshold,
      value,
      met: value !== undefined && holds(threshold, value),
      judged: isJudged(threshold, form),
    }
  })
}
