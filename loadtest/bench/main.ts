/** `npm run bench`: Fanfare's real path beside what others do, on this machine and now. */

import { parseArgs } from 'node:util'
import { bundlePrograms } from './bundle.ts'
import { memoryNs } from './machine.ts'
import { type Measured, renderJson, renderTable } from './report.ts'
import { ROWS } from './rows/index.ts'
import type { Row } from './rows/row.ts'
import { Scope } from './scope.ts'
import { Stand } from './stand.ts'

const REPS = 5
const QUICK_REPS = 2
const REPS_MAX = 50
/** A row that is not done by then has failed. */
const ROW_MS_MAX = 600_000

const USAGE = `npm run bench -- [options]

${ROWS.map(({ id, what }) => `  ${id.padEnd(12)}${what}`).join('\n')}

  --only ROW   one row; may be repeated
  --reps N     repetitions (${REPS})
  --quick      ${QUICK_REPS} repetitions and smaller crowds: to see that it works, not for figures
  --json       all figures as JSON

Needs Linux with two cores, and 10,000 file descriptors per process.`

/** Ends the program where the arguments cannot be understood. */
function wrong(what: string): never {
  process.stderr.write(`${what}\n\n${USAGE}\n`)
  process.exit(2)
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        only: { type: 'string', multiple: true, default: [] },
        reps: { type: 'string' },
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error))
  }
}

const values = readArguments()
const stranger = values.only.find((id) => !ROWS.some((row) => row.id === id))
if (stranger !== undefined) wrong(`no row: ${stranger}`)
const reps = Number(values.reps ?? (values.quick ? QUICK_REPS : REPS))
const rows = ROWS.filter(({ id }) => values.only.length === 0 || values.only.includes(id))
if (!(reps >= 1 && reps <= REPS_MAX)) wrong(`--reps: 1 to ${REPS_MAX}`)

async function measure(row: Row, stand: Stand): Promise<Measured> {
  const scope = new Scope()
  const late = new AbortController()
  process.stderr.write(`${row.id} ...\n`)
  const beforeNs = memoryNs()
  try {
    const deadline = new Promise<never>((_, fail) => {
      const timer = setTimeout(() => fail(new Error('took too long')), ROW_MS_MAX)
      late.signal.addEventListener('abort', () => clearTimeout(timer))
    })
    const result = row.run({ stand, scope, reps, quick: values.quick })
    const measured = await Promise.race([result, deadline])
    const [before, after] = [Math.round(beforeNs), Math.round(memoryNs())]
    const memory = `A read from anywhere in 4 MB took ${before} ns before and ${after} ns after.`
    return { row, result: { ...measured, notes: [...measured.notes, memory] } }
  } catch (error) {
    return { row, fault: error instanceof Error ? error.message : String(error) }
  } finally {
    late.abort()
    await scope.close()
  }
}

async function main(): Promise<void> {
  if (values.help) return void process.stdout.write(`${USAGE}\n`)
  await bundlePrograms()
  const scope = new Scope()
  try {
    const stand = new Stand(process.env.REDIS_SERVER_BIN ?? 'redis-server', scope)
    const measured: Measured[] = []
    for (const row of rows) measured.push(await measure(row, stand))
    process.stdout.write(values.json ? renderJson(measured) : renderTable(measured))
    if (measured.some(({ fault }) => fault !== undefined)) process.exitCode = 1
  } finally {
    await scope.close()
  }
}

// Ended from outside, what was started ends too: children end with the process, and only then.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
await main()
