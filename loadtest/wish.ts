/** What `npm run load` is asked for. */

import { parseArgs } from 'node:util'
import { type Plan, planOf, SCENARIOS } from './scenarios/index.ts'
import { METRICS } from './slo/metrics.ts'
import { parseThreshold, type Threshold, thresholdsOf } from './slo/thresholds.ts'

const USAGE = `npm run load -- SCENARIO [options]

${SCENARIOS.map(({ name, what }) => `  ${name.padEnd(18)}${what}`).join('\n')}

  --runner k6|node     who makes the load (k6)
  --short              seconds instead of minutes; times are shown and not judged
  --viewers N          instead of the scenario's own number
  --seed N             other viewers (1)
  --require 'METRIC STAT<VALUE'   one more threshold, as in 'evt_ack_ms p(95)<80'; may be repeated
  --url URL            a service that runs already, with its demo switched on, instead of one of our own
  --data DIR           data folder of that service, for the audit
  --json               the report as JSON

Ends with 0, or 99 where a threshold was missed, 98 where the audit found a difference,
1 where the run failed, 2 where the arguments are wrong.`

export interface Wish {
  plan: Plan
  runner: 'k6' | 'node'
  thresholds: Threshold[]
  url: string | undefined
  dataDir: string | undefined
  json: boolean
}

/** Instead of a run. */
export interface Said {
  text: string
  code: number
}

const VIEWERS_MAX = 20_000
const count = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN

/** What the command line asks for, or what to say instead, and the exit code that goes with it. */
export function readWish(argv: readonly string[]): Wish | Said {
  try {
    return understood(argv)
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error))
  }
}

const wrong = (what: string): Said => ({ text: `${what}\n\n${USAGE}`, code: 2 })

/** Throws what `parseArgs` throws of options that there are not. */
function understood(argv: readonly string[]): Wish | Said {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      runner: { type: 'string', default: 'k6' },
      short: { type: 'boolean', default: false },
      viewers: { type: 'string' },
      seed: { type: 'string' },
      require: { type: 'string', multiple: true, default: [] },
      url: { type: 'string' },
      data: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return { text: USAGE, code: 0 }
  const [name] = positionals
  if (name === undefined || positionals.length > 1) return wrong('one scenario, please')
  const [viewers, seed] = [count(values.viewers), count(values.seed)]
  const plan = planOf(name, values.short ? 'short' : 'long', { viewers, seed })
  if (!plan) return wrong(`no scenario: ${name}`)
  if (!(plan.viewers >= 1 && plan.viewers <= VIEWERS_MAX))
    return wrong(`--viewers: 1 to ${VIEWERS_MAX}`)
  if (Number.isNaN(plan.seed)) return wrong('--seed: a number')
  const { runner } = values
  if (runner !== 'k6' && runner !== 'node') return wrong(`--runner: k6 or node, not ${runner}`)
  const thresholds = thresholdsOf(name)
  for (const text of values.require) {
    const threshold = parseThreshold(text)
    if (!threshold)
      return {
        text: `no threshold: ${text}\nmetrics: ${Object.keys(METRICS).join(', ')}\nas in: 'evt_ack_ms p(95)<80', 'evt_acked rate>0.99', 'push_gap count==0'`,
        code: 2,
      }
    thresholds.push(threshold)
  }
  return { plan, runner, thresholds, url: values.url, dataDir: values.data, json: values.json }
}
