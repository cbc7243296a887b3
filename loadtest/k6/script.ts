/** The program that k6 runs, bundled: one iteration is one viewer of the plan, from coming to leaving. */

import { SharedArray } from 'k6/data'
import exec from 'k6/execution'
import { Counter, Rate, Trend } from 'k6/metrics'
import { systemRuntime } from '../../widget/client/runtime.ts'
import type { Run } from '../runners/run.ts'
import { METRICS, type Meter, type MetricName } from '../slo/metrics.ts'
import { playViewer } from '../viewer/viewer.ts'
import { k6Options } from './options.ts'
import { socketFactory } from './socket.ts'

const file = __ENV.LOAD_RUN ?? ''
const parse = () => JSON.parse(open(file)) as Run
// Each viewer is a VM of its own; what is large is kept once.
const tickets = new SharedArray('tickets', () => [...parse().tickets])
const [run] = new SharedArray('run', () => [{ ...parse(), tickets: [] }])
if (!run) throw new Error('the run is empty')

export const options = k6Options(run)

function metricOf(name: MetricName): Counter | Rate | Trend {
  if (METRICS[name] === 'rate') return new Rate(name)
  return METRICS[name] === 'trend' ? new Trend(name, true) : new Counter(name)
}
/** k6 counts these itself. */
const OWN: readonly MetricName[] = ['dropped_iterations']
const metrics = new Map(
  (Object.keys(METRICS) as MetricName[])
    .filter((name) => !OWN.includes(name))
    .map((name) => [name, metricOf(name)]),
)
const meter: Meter = (metric, value) => {
  metrics.get(metric)?.add(value)
}

export default function viewer(): void {
  const number = exec.scenario.iterationInTest
  const ticket = tickets[number]
  if (ticket === undefined || !run) throw new Error(`viewer ${number} has no ticket`)
  playViewer(
    {
      number,
      plan: run.plan,
      url: run.url,
      ticket,
      socketFactory,
      runtime: systemRuntime,
      meter,
      elapsedMs: Date.now() - exec.scenario.startTime,
    },
    (record) => console.log(JSON.stringify(record)),
  )
}

export const handleSummary = (summary: unknown): Record<string, string> => ({
  [__ENV.LOAD_SUMMARY ?? 'summary.json']: JSON.stringify(summary),
})
