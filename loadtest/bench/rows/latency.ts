/** From an event to the viewer's own new balance, under a steady load and in a burst, and whether all of it was kept. */

import type { Generator } from '../generator/remote.ts'
import type { Pace } from '../generator/wishes.ts'
import { cpuWhile, LOAD_CORE, moveToCore, SERVER_CORE, wait } from '../machine.ts'
import { Scope } from '../scope.ts'
import type { Stand } from '../stand.ts'
import { openSide } from './acks.ts'
import type { Result, Row, RowRun, Series } from './row.ts'

/** As many as the steady load has: with fewer a burst is over before the worker has begun, and costs less. */
const CROWD = 4000
const TURNS = 20
const REST_MS = 4300
const LOAD_SHARE = 0.6
/** A fresh gateway and a fresh generator compile their code meanwhile; told apart, because steady it is not. */
const FIRST_MS = 2000
/**
 * The first taps of a viewer's day are noted by targeting, which takes twenty, and cost the worker twice as much as all others. The
 * capacity is found behind them, so the steady load is measured behind them too; theirs is told apart.
 */
const DAY_BEGINS_MS = 6000
const STEADY_MS = 10_000
const BURST_MS = 10_000
const BURST_FACTOR = 10
/** Taps a second of one viewer of a lively room; so many viewers come as make the wanted load together. */
const TAPS_PER_SEC = 3
const MERGE_MS = 250
const DRAIN_MS = 20_000
const BURST_MS_MAX = 90_000
const SETTLED_EVERY_MS = 50
const SETTLED_MS_MAX = 60_000
const ASKED_AT_ONCE = 20
const REPS_MAX = 3

/** Commands a second. */
interface Capacity {
  answered: number
  sustained: number
}

interface Account {
  account: { balance: { spendable: number } }
}

/** Milliseconds until the worker has dealt with everything that journals hold. */
async function settled(run: RowRun): Promise<number> {
  const { apiUrl } = await run.stand.service()
  const beganMs = performance.now()
  for (;;) {
    const passedMs = performance.now() - beganMs
    const metrics = await (await fetch(`${apiUrl}/metrics`)).text()
    const lags = [...metrics.matchAll(/^fanfare_journal_lag_ms\{.*\} (\d+)/gm)]
    if (lags.length === 0) throw new Error('the worker does not say how far behind it is')
    if (lags.every(([, lagMs]) => lagMs === '0')) return passedMs
    if (passedMs > SETTLED_MS_MAX) throw new Error('the worker does not catch up')
    await wait(SETTLED_EVERY_MS)
  }
}

/**
 * Commands a second that service, Redis and generator manage together and could go on with, each viewer with one in
 * flight: what the worker still has to do afterwards, beyond what it has after a single command of each, is part of the
 * time. Answers alone come faster, while the worker, which gives way, falls behind; that is told apart.
 */
async function capacity(run: RowRun, generator: Generator): Promise<Capacity> {
  const turn = { turns: TURNS, eventsPerTurn: 1, count: 1, msMax: BURST_MS_MAX }
  await generator.ask('burst', turn)
  await wait(REST_MS)
  await generator.ask('burst', { ...turn, turns: 1 })
  const usualMs = await settled(run)
  const { turns, refused, ms } = await generator.ask('burst', turn)
  if (refused > 0) throw new Error(`${refused} commands were refused`)
  const behindMs = Math.max(0, (await settled(run)) - usualMs)
  return { answered: turns / (ms / 1000), sustained: turns / ((ms + behindMs) / 1000) }
}

/** Viewers whose balance is not what their answers said; those who acted only. */
async function wrongBalances(
  stand: Stand,
  viewers: readonly string[],
  runs: readonly Pace[],
): Promise<number> {
  const { apiUrl } = await stand.service()
  let wrong = 0
  let next = 0
  const asker = async () => {
    for (;;) {
      const i = next++
      const viewer = viewers[i]
      if (viewer === undefined) return
      const told = runs.map((run) => run.earned[i] ?? 0)
      const earned = told.reduce((sum, points) => sum + points, 0)
      const shown = runs.at(-1)?.shown[i] ?? -1
      if (shown < 0) continue
      const path = `/v1/accounts/${viewer}`
      const { account } = await stand.merchant.call<Account>(apiUrl, { path })
      const { spendable } = account.balance
      if (spendable !== shown || (!told.includes(-1) && spendable !== earned)) wrong += 1
    }
  }
  await Promise.all(Array.from({ length: ASKED_AT_ONCE }, asker))
  return wrong
}

const sumOf = <T>(all: readonly T[], of: (one: T) => number): number =>
  all.reduce((sum, one) => sum + of(one), 0)

const unanswered = ({ commands, answered }: Pace): number => commands - answered

interface Stood {
  first: Pace
  dayBegins: Pace
  steady: Pace
  burst: Pace
  lost: number
  refusals: number
  generatorShare: number
}

/** Runs with a gateway and a generator that end with it: idle ones would still take their share of the cores. */
async function alone<T>(run: RowRun, measure: (run: RowRun) => Promise<T>): Promise<T> {
  const scope = new Scope()
  try {
    return await measure({ ...run, scope })
  } finally {
    await scope.close()
  }
}

/** A fresh crowd of the size that makes `rate` taps a second, first at that rate, then ten times as busy. */
async function stand(run: RowRun, { name, rate }: { name: string; rate: number }): Promise<Stood> {
  const viewers = run.stand.viewers(name, Math.round(rate / TAPS_PER_SEC))
  const { generator } = await openSide(run, {
    served: await run.stand.gateway(run.scope),
    speech: 'fanfare',
    tickets: run.stand.tickets(viewers),
  })
  const pace = (tapsPerSec: number, ms: number, mergeMs: number) =>
    generator.ask('pace', { tapsPerSec, ms, mergeMs, drainMs: DRAIN_MS })
  const first = await pace(rate, FIRST_MS, 0)
  const dayBegins = await pace(rate, DAY_BEGINS_MS, 0)
  const { cpu, answer: steady } = await cpuWhile(generator.pid, () => pace(rate, STEADY_MS, 0))
  const burst = await pace(rate * BURST_FACTOR, BURST_MS, MERGE_MS)
  const runs = [first, dayBegins, steady, burst]
  const wrong = await wrongBalances(run.stand, viewers, runs)
  return {
    first,
    dayBegins,
    steady,
    burst,
    refusals: sumOf(runs, ({ refusals }) => refusals),
    lost: sumOf(runs, unanswered) + wrong,
    generatorShare: cpu / (STEADY_MS / 1000),
  }
}

/** Where the worker runs, while Redis and the generator share a core and the gateway has the other. */
interface Layout {
  name: string
  workerCore: number
}

/** As an operator of two cores would have it, who leaves no core half idle; and as all other rows have it. */
const BESIDE_GATEWAY: Layout = { name: 'worker beside the gateway', workerCore: SERVER_CORE }
const BESIDE_REDIS: Layout = { name: 'worker beside Redis', workerCore: LOAD_CORE }

/** What was measured in one layout. */
interface Measurement {
  layout: Layout
  most: Capacity
  runs: Stood[]
}

async function move(run: RowRun, { workerCore }: Layout): Promise<void> {
  const { worker } = await run.stand.service()
  moveToCore(worker.pid, workerCore)
}

async function findCapacity(run: RowRun, layout: Layout): Promise<Measurement> {
  await move(run, layout)
  const { generator } = await openSide(run, {
    served: await run.stand.gateway(run.scope),
    speech: 'fanfare',
    tickets: run.stand.tickets(run.stand.viewers(`capacity${layout.workerCore}`, CROWD)),
  })
  const most = await capacity(run, generator)
  return { layout, most, runs: [] }
}

function seriesOf({ layout, most, runs }: Measurement): Series[] {
  const all = (of: string, value: (stood: Stood) => number): Series => ({
    of: `${layout.name}: ${of}`,
    values: runs.map(value),
  })
  const rate = most.sustained * LOAD_SHARE
  return [
    all(`steady, ${Math.round(rate)} events/s, p99`, (r) => r.steady.p99Ms),
    all(`burst, ${Math.round(rate * BURST_FACTOR)} taps/s, p99`, (r) => r.burst.p99Ms),
    all('steady, median', (r) => r.steady.p50Ms),
    all('burst, median', (r) => r.burst.p50Ms),
    all(`first ${FIRST_MS / 1000} s of a fresh gateway, p99`, (r) => r.first.p99Ms),
    all(
      `next ${DAY_BEGINS_MS / 1000} s, first taps of a viewer's day, p99`,
      (r) => r.dayBegins.p99Ms,
    ),
  ]
}

const worst = (runs: readonly Stood[], of: (stood: Stood) => number): number =>
  Math.max(...runs.map(of))

export const latency: Row = {
  id: 'latency',
  what: 'event to own balance push at 60 % of capacity, and in a 10x burst of 10 s',
  async run(run): Promise<Result> {
    const beside = await alone(run, (run) => findCapacity(run, BESIDE_GATEWAY))
    const before = await alone(run, (run) => findCapacity(run, BESIDE_REDIS))
    const reps = Math.min(run.reps, REPS_MAX)
    for (let rep = 0; rep < reps; rep++) {
      const order = rep % 2 === 0 ? [beside, before] : [before, beside]
      for (const { layout, most, runs } of order) {
        await move(run, layout)
        const name = `latency${layout.workerCore}-${rep}`
        const rate = most.sustained * LOAD_SHARE
        runs.push(await alone(run, (run) => stand(run, { name, rate })))
      }
    }
    const all = [...beside.runs, ...before.runs]
    const capacities = [beside, before].map(
      ({ layout, most }) =>
        `${Math.round(most.sustained)} commands/s, ${Math.round(most.answered)} while the worker falls behind (${layout.name})`,
    )
    return {
      series: [...seriesOf(beside), ...seriesOf(before)],
      unit: 'ms',
      goals: [
        {
          what: 'steady p99, worst run',
          measured: worst(beside.runs, (r) => r.steady.p99Ms),
          at: 'most',
          limit: 50,
        },
        {
          what: 'burst p99, worst run',
          measured: worst(beside.runs, (r) => r.burst.p99Ms),
          at: 'most',
          limit: 1000,
        },
        {
          what: 'commands or points lost, both layouts',
          measured: sumOf(all, ({ lost }) => lost),
          at: 'most',
          limit: 0,
        },
      ],
      generatorShare: worst(all, (r) => r.generatorShare),
      notes: [
        `Capacity here and now: ${capacities.join('; ')}; Redis and the generator share a core, the gateway has the other.`,
        'Goals are of the first layout. It wastes less of two cores; the second is how the row was measured before.',
        `A latency begins when a tap leaves and ends when the generator has read the answer, behind whatever it reads before. 99 % of the taps left within ${Math.round(worst(all, (r) => r.steady.lateMs))} ms of when they were due.`,
        `In the burst taps of ${MERGE_MS} ms are one command, as the client sends them; that wait is part of the time.`,
        `Answered busy and sent again: ${sumOf(all, ({ refusals }) => refusals)}.`,
        'Afterwards every balance of the API is what the answers added up to.',
      ],
    }
  },
}
