/** What a runner is given and what it brings back. */

import type { Plan } from '../scenarios/plan.ts'
import type { Measured } from '../slo/metrics.ts'
import type { Threshold } from '../slo/thresholds.ts'
import type { ViewerRecord } from '../viewer/record.ts'

export interface Run {
  plan: Plan
  /** Of the gateway. */
  url: string
  /** One for each viewer. */
  tickets: readonly string[]
  /** Those that decide. */
  thresholds: readonly Threshold[]
}

export interface RunResult {
  measured: Measured
  records: ViewerRecord[]
}

/** `started` is called with the id of the process that makes the load. Throws where the run itself failed. */
export type Runner = (run: Run, started: (pid: number) => void) => Promise<RunResult>
