/** How k6 is to run a plan: how many viewers, how long they may take, what decides. */

import type { Run } from '../runners/run.ts'
import { type Plan, planMs, SETTLE_MS } from '../scenarios/plan.ts'
import { expressionOf } from '../slo/thresholds.ts'

/** On a crowded machine all of it is slower; a run that is over does not wait for this. */
const GRACE_MS = 60_000

/** After it k6 stops viewers that are still there. */
export const k6Ms = (plan: Plan): number => planMs(plan) + SETTLE_MS + GRACE_MS

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
        maxDuration: `${k6Ms(plan)}ms`,
        gracefulStop: '1s',
      },
    },
    thresholds: byMetric,
    summaryTrendStats: ['p(95)', 'p(99)'],
  }
}
