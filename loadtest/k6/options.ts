/** How k6 is to run a plan: when viewers come, how long they may take, what decides. */

import type { Run } from '../runners/run.ts'
import { planMs, SETTLE_MS } from '../scenarios/plan.ts'
import { expressionOf } from '../slo/thresholds.ts'

/** k6 may start one or two more than asked for at the end; they must find a place, and leave at once. */
const SPARE_VIEWERS = 3
const GRACE_MS = 5000

export function k6Options({ plan, thresholds }: Pick<Run, 'plan' | 'thresholds'>) {
  const { viewers, arriveMs } = plan
  const byMetric: Record<string, string[]> = {}
  for (const threshold of thresholds) {
    const expressions = byMetric[threshold.metric] ?? []
    byMetric[threshold.metric] = [...expressions, expressionOf(threshold)]
  }
  return {
    scenarios: {
      viewers: {
        executor: 'constant-arrival-rate' as const,
        rate: viewers,
        timeUnit: `${arriveMs}ms`,
        duration: `${arriveMs}ms`,
        preAllocatedVUs: viewers + SPARE_VIEWERS,
        gracefulStop: `${Math.max(0, planMs(plan) - arriveMs) + SETTLE_MS + GRACE_MS}ms`,
      },
    },
    thresholds: byMetric,
    summaryTrendStats: ['p(95)', 'p(99)'],
  }
}
