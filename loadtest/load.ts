/** `npm run load -- SCENARIO`: plays a scenario against a service and says what became of it. */

import { parseArgs } from 'node:util'
import { audit } from './audit/audit.ts'
import { watchCpu } from './processes/cpu.ts'
import { type Service, serviceAt, startService } from './processes/service.ts'
import { demoTickets, readSite } from './processes/tickets.ts'
import { exitCodeOf, makeReport, type Report, renderReport } from './report/report.ts'
import { runWithK6 } from './runners/k6.ts'
import { runWithNode } from './runners/node.ts'
import { type Plan, planOf, SCENARIOS } from './scenarios/index.ts'
import { METRICS } from './slo/metrics.ts'
import { isJudged, judge, parseThreshold, type Threshold, thresholdsOf } from './slo/thresholds.ts'

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

interface Wish {
  plan: Plan
  runner: 'k6' | 'node'
  thresholds: Threshold[]
  url: string | undefined
  dataDir: string | undefined
  json: boolean
}

const VIEWERS_MAX = 20_000
const count = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN

/** What the command line asks for, or why it cannot be understood. */
export function readWish(argv: readonly string[]): Wish | string {
  try {
    return understood(argv)
  } catch (error) {
    return `${error instanceof Error ? error.message : error}\n\n${USAGE}`
  }
}

/** Throws what `parseArgs` throws of options that there are not. */
function understood(argv: readonly string[]): Wish | string {
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
    },
  })
  const [name = ''] = positionals
  const [viewers, seed] = [count(values.viewers), count(values.seed)]
  const plan = planOf(name, values.short ? 'short' : 'long', { viewers, seed })
  if (!plan || positionals.length > 1) return USAGE
  if (!(plan.viewers >= 1 && plan.viewers <= VIEWERS_MAX) || Number.isNaN(plan.seed)) return USAGE
  const { runner } = values
  if (runner !== 'k6' && runner !== 'node') return USAGE
  const thresholds = thresholdsOf(name)
  for (const text of values.require) {
    const threshold = parseThreshold(text)
    if (!threshold)
      return `no threshold: ${text}\nmetrics: ${Object.keys(METRICS).join(', ')}\nas in: 'evt_ack_ms p(95)<80', 'evt_acked rate>0.99', 'push_gap count==0'`
    thresholds.push(threshold)
  }
  return { plan, runner, thresholds, url: values.url, dataDir: values.data, json: values.json }
}

async function play({ plan, runner, thresholds }: Wish, service: Service): Promise<Report> {
  const site = await readSite(service.url)
  if (!site.demo)
    throw new Error(`${service.url} runs without its demo, which gives tickets to viewers`)
  const run = process.pid.toString(36) + Date.now().toString(36)
  const tickets = await demoTickets(service.url, { run, viewers: plan.viewers })
  const judged = thresholds.filter((threshold) => isJudged(threshold, plan.form))
  const runWith = runner === 'k6' ? runWithK6(process.env.K6_BIN ?? 'k6') : runWithNode
  const cpu = watchCpu()
  const { measured, records } = await runWith(
    { plan, url: site.gatewayUrl, tickets, thresholds: judged },
    (pid) => {
      for (const process of service.processes) cpu.add(process.name, process.pid)
      cpu.add(`${runner}, which makes the load`, pid)
    },
  )
  const shares = cpu.end()
  const { dataDir } = service
  const found =
    dataDir === undefined ? undefined : await audit(records, { dataDir, viewers: plan.viewers })
  const verdicts = judge(measured, thresholds, plan.form)
  return makeReport({ plan, runner, verdicts, cpu: shares, audit: found })
}

async function main(argv: readonly string[]): Promise<number> {
  const wish = readWish(argv)
  if (typeof wish === 'string') {
    process.stderr.write(`${wish}\n`)
    return 2
  }
  const service =
    wish.url === undefined
      ? await startService(process.env.REDIS_SERVER_BIN ?? 'redis-server')
      : serviceAt(wish.url, wish.dataDir)
  try {
    const report = await play(wish, service)
    process.stdout.write(`${wish.json ? JSON.stringify(report) : renderReport(report)}\n`)
    return exitCodeOf(report)
  } finally {
    await service.stop()
  }
}

process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))
main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
    process.exit(1)
  },
)
