/** What Redis computes for a viewer who is scored, beside scripts that do less. */

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { onCore } from '../../processes/children.ts'
import { interleave, type Measure, valuesOf } from '../interleave.ts'
import { cpuWhile, LOAD_CORE, SERVER_CORE } from '../machine.ts'
import { askRedis, redisProgram } from '../redis-cli.ts'
import { BATCHED_SCRIPT, USUAL_SCRIPT } from '../references/usual-script.ts'
import { ScoreDriver } from '../score-driver.ts'
import type { Redis } from '../stand.ts'
import { median } from '../stats.ts'
import type { Result, Row } from './row.ts'

const CALLS = 1000
const QUICK_CALLS = 300
const BATCH = 50
const VIEWERS = 10_000
const NOOP_SCRIPT = 'return 1'
const BENCHMARK_MS_MAX = 60_000

const run = promisify(execFile)

interface Script {
  text: string
  /** Keys and arguments of a call; `__rand_int__` is another number each time. */
  args: readonly string[]
  calls: number
  viewersPerCall: number
}

/** Microseconds of Redis per viewer, by redis-benchmark. */
async function byBenchmark(redis: Redis, script: Script): Promise<number> {
  const sha = createHash('sha1').update(script.text).digest('hex')
  const [command = '', ...first] = onCore(LOAD_CORE, redisProgram('redis-benchmark'))
  const { cpu } = await cpuWhile(redis.pid, () =>
    run(
      command,
      [
        ...[...first, '-p', String(redis.port), '-n', String(script.calls), '-r', String(VIEWERS)],
        ...['-c', '8', '-P', script.viewersPerCall > 1 ? '2' : '64', '-q'],
        ...['EVALSHA', sha, ...script.args],
      ],
      { timeout: BENCHMARK_MS_MAX },
    ),
  )
  return (cpu / (script.calls * script.viewersPerCall)) * 1e6
}

export const scripts: Row = {
  id: 'redis',
  what: `Redis CPU per viewer scored in batches of ${BATCH}, production script, AOF everysec`,
  async run({ stand, scope, reps, quick }): Promise<Result> {
    const calls = quick ? QUICK_CALLS : CALLS
    const redis = await stand.redis(scope, SERVER_CORE)
    const driver = scope.add(await ScoreDriver.start(redis.port, BATCH))
    for (const text of [NOOP_SCRIPT, USUAL_SCRIPT, BATCHED_SCRIPT])
      await askRedis(redis.port, ['SCRIPT', 'LOAD', text])
    const ours: Measure = async () => {
      const { cpu, answer } = await cpuWhile(redis.pid, () => driver.score(calls))
      return (cpu / answer) * 1e6
    }
    const viewer = 'usual:v:__rand_int__'
    const now = String(Date.now())
    const batched = ['usual:board', 'usual:journal', ...Array<string>(BATCH).fill(viewer)]
    const single = [viewer, 'usual:board', 'usual:journal', '1', now, '__rand_int__']
    const series = await interleave(
      {
        'Fanfare, everything on': ours,
        'usual script, batched (redis-benchmark)': () =>
          byBenchmark(redis, {
            text: BATCHED_SCRIPT,
            args: [String(batched.length), ...batched, now],
            calls,
            viewersPerCall: BATCH,
          }),
        'usual script, one a call (redis-benchmark)': () =>
          byBenchmark(redis, {
            text: USUAL_SCRIPT,
            args: ['3', ...single],
            calls: calls * BATCH,
            viewersPerCall: 1,
          }),
        'script that does nothing (redis-benchmark)': () =>
          byBenchmark(redis, {
            text: NOOP_SCRIPT,
            args: ['0'],
            calls: calls * BATCH,
            viewersPerCall: 1,
          }),
      },
      { reps },
    )
    return {
      series,
      unit: 'us of Redis per viewer',
      goals: [
        {
          what: 'us per viewer',
          measured: median(valuesOf(series, 'Fanfare, everything on')),
          at: 'most',
          limit: 15,
        },
      ],
      notes: [
        `Every viewer has one like that is paid; ${VIEWERS} viewers in turn; Redis alone on its core.`,
      ],
    }
  },
}
