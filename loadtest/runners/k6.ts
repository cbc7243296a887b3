/** Plays a plan with k6: bundles the script, runs the program, reads back what its viewers wrote. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { k6Ms } from '../k6/options.ts'
import { METRICS, type Measured, type MetricName, type Stat } from '../slo/metrics.ts'
import type { ViewerRecord } from '../viewer/record.ts'
import type { Runner } from './run.ts'

/** Of k6 where thresholds are not met; anything else but 0 is a fault. */
const THRESHOLDS_MISSED = 99
const OUTPUT_MAX = 20_000
/** A k6 that had to stop viewers does not always end; after this much more it is ended. */
const END_MS = 15_000

/** k6 reads one file and knows nothing of packages or TypeScript. */
async function bundleScript(outDir: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      lib: { entry: resolve('loadtest/k6/script.ts'), formats: ['es'], fileName: 'script' },
      outDir,
      emptyOutDir: false,
      target: 'es2020',
      minify: false,
      rollupOptions: { external: /^k6(\/|$)/ },
    },
  })
  return join(outDir, 'script.js')
}

/** `program` is the path of k6. */
export const runWithK6 =
  (program: string): Runner =>
  async (run, started) => {
    const folder = mkdtempSync(join(tmpdir(), 'fanfare-k6-'))
    const file = (name: string) => join(folder, name)
    try {
      const script = await bundleScript(folder)
      writeFileSync(file('run.json'), JSON.stringify(run))
      writeFileSync(file('records.jsonl'), '')
      await k6(program, {
        started,
        msMax: k6Ms(run.plan) + END_MS,
        args: [
          ...['run', '--quiet', '--no-color', '--no-usage-report'],
          ...['--log-format', 'raw', '--console-output', file('records.jsonl')],
          ...['-e', `LOAD_RUN=${file('run.json')}`, '-e', `LOAD_SUMMARY=${file('summary.json')}`],
          script,
        ],
      })
      return {
        measured: readSummary(readFileSync(file('summary.json'), 'utf8')),
        records: readRecords(readFileSync(file('records.jsonl'), 'utf8')),
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

async function k6(
  program: string,
  { args, started, msMax }: { args: string[]; started: (pid: number) => void; msMax: number },
): Promise<void> {
  const child = spawn(program, args, {
    // What is not in k6 is not fetched from anywhere.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, K6_AUTO_EXTENSION_RESOLUTION: 'false' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  if (child.pid !== undefined) started(child.pid)
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk).slice(-OUTPUT_MAX)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const late = setTimeout(end, msMax)
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  clearTimeout(late)
  process.off('exit', end)
  if (code !== 0 && code !== THRESHOLDS_MISSED)
    throw new Error(`k6 ended with ${code ?? signal}:\n${output.trimEnd()}`)
}

interface Summary {
  metrics: Record<string, { values: Partial<Record<Stat, number>> } | undefined>
}

/** The metrics that are ours, of what k6 measured. */
export function readSummary(text: string): Measured {
  const { metrics } = JSON.parse(text) as Summary
  const measured: Measured = {}
  for (const metric of Object.keys(METRICS) as MetricName[]) {
    const values = metrics[metric]?.values
    if (values) measured[metric] = values
  }
  return measured
}

/** One line per viewer. Throws where a line is something else: then a viewer broke. */
export function readRecords(text: string): ViewerRecord[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      try {
        return JSON.parse(line) as ViewerRecord
      } catch {
        throw new Error(`a viewer in k6 said: ${line}`)
      }
    })
}
