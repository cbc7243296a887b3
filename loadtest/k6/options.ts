/** How k6 is to run a plan: how many viewers, how long they may take, what decides. */

import type { Run } from '../runners/run.ts'
import { planMs, SETTLE_MS } from '../scenarios/plan.ts'
import { expressionOf } from '../slo/thresholds.ts'

const GRACE_MS = 5000

export function k6Options({ plan, thresholds }: Pick<Run, 'plan' | 'thresholds'>) {
  const byMetric: Record<string, string[]> = {}
  for (const threshold of thresholds) {
    const expressions = byMetric[threshold.metric] ?? []
    byMetric[threshold.metric] = [...expressions, expressionOf(threshold)]
  }
  return {
    scenarios: {
      viewers: {
        // Each viewer waits for its turn by itself, as with the Node runner.
        executor: 'per-vu-iterations' as const,
        vus: plan.viewers,
        iterations: 1,
        maxDuration: `${planMs(plan) + SETTLE_MS + GRACE_MS}ms`,
        gracefulStop: '1s',
      },
    },
    thresholds: byMetric,
    summaryTrendStats: ['p(95)', 'p(99)'],
  }
}
