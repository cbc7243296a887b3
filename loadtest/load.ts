/** `npm run load -- SCENARIO`: plays a scenario against a service and says what became of it. */

import { audit } from './audit/audit.ts'
import { watchCpu } from './processes/cpu.ts'
import { type Service, serviceAt, startService } from './processes/service.ts'
import { demoTickets, readSite } from './processes/tickets.ts'
import { exitCodeOf, makeReport, type Report, renderReport } from './report/report.ts'
import { runWithK6 } from './runners/k6.ts'
import { runWithNode } from './runners/node.ts'
import { isJudged, judge } from './slo/thresholds.ts'
import { readWish, type Wish } from './wish.ts'

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
  if ('text' in wish) {
    const out = wish.code === 0 ? process.stdout : process.stderr
    out.write(`${wish.text}\n`)
    return wish.code
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
