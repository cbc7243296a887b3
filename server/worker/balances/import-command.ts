/** `npm run import`: balances from another tool's export, with a dry run and a report that sums. */

import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { isId } from '../../../shared/ids.ts'
import { monthBounds } from '../../../shared/time.ts'
import { PROBLEMS_SHOWN } from '../limits.ts'
import { FORMATS, type Format } from './formats.ts'
import { type ImportDeps, type Imported, importLines } from './import.ts'
import { type Plan, planImport } from './plan.ts'

const USAGE = `import --brand B --file X.csv [--dry-run] [--report out.json]
    [--format ${FORMATS.join('|')}]   told by the first line unless said
    [--column NAME]          the currency of a Firebot file that has several
    [--viewer name|id]       what a viewer of a Firebot file is known by; name unless said
    [--room ID]              as good as points earned in that room; at the whole brand unless said
    [--max POINTS]           more in one line is a mistake; 1000000 unless said
    [--duplicates]           several lines of one viewer are meant
    [--skip-bad-lines]       imports the others; without it one bad line stops all`

const FILE_BYTES_MAX = 256_000_000
const POINTS_MAX = 1_000_000
const PROGRESS_LINES = 1000

export interface ImportCommandDeps {
  /** Brands that have keys. */
  brands: readonly string[]
  nowMs: number
  /** Called for a real run only; undefined where the brand has no such room. */
  open(
    brand: string,
    room: string | undefined,
  ): Promise<(ImportDeps & { close(): Promise<void> }) | undefined>
  progress(text: string): void
}

export interface ImportReport {
  file: string
  sha256: string
  brand: string
  dryRun: boolean
  format: Format | undefined
  rows: number
  /** To be imported. */
  lines: number
  points: number
  /** Rows with 0 points. */
  empty: number
  unusedColumns: string[]
  problems: Plan['problems']
  /** Of a real run. */
  imported?: Imported
}

const OPTIONS = {
  brand: { type: 'string' },
  file: { type: 'string' },
  format: { type: 'string' },
  column: { type: 'string' },
  viewer: { type: 'string' },
  room: { type: 'string' },
  max: { type: 'string' },
  report: { type: 'string' },
  'dry-run': { type: 'boolean' },
  duplicates: { type: 'boolean' },
  'skip-bad-lines': { type: 'boolean' },
} as const

/** Code 1 where a line is bad or was not imported, 2 where the arguments are wrong. */
export async function importCommand(
  argv: readonly string[],
  deps: ImportCommandDeps,
): Promise<{ text: string; code: number }> {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS })
  const { brand = '', file = '', column, viewer, room } = values
  const format = FORMATS.find((one) => one === values.format)
  const pointsMax = Number(values.max ?? POINTS_MAX)
  const wrong =
    !isId(brand) ||
    file === '' ||
    !Number.isSafeInteger(pointsMax) ||
    (values.format !== undefined && !format) ||
    (viewer !== undefined && viewer !== 'name' && viewer !== 'id') ||
    (room !== undefined && !isId(room))
  if (wrong) return { text: USAGE, code: 2 }
  if (!deps.brands.includes(brand))
    return {
      text: `There are no keys of brand ${brand}; there are ${deps.brands.join(', ')}.`,
      code: 2,
    }
  if (statSync(file).size > FILE_BYTES_MAX)
    return { text: `${file} is larger than ${FILE_BYTES_MAX} bytes; split it.`, code: 1 }
  const bytes = await readFile(file)
  const plan = planImport(
    new TextDecoder('utf-8').decode(bytes),
    {
      ...(format && { format }),
      ...(column !== undefined && { column }),
      ...(viewer && { viewer }),
    },
    {
      pointsMax,
      month: monthBounds(deps.nowMs, 'UTC').month,
      duplicates: values.duplicates === true,
    },
  )
  const report: ImportReport = {
    file,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    brand,
    dryRun: values['dry-run'] === true,
    format: plan.columns?.format,
    rows: plan.rows,
    lines: plan.lines.length,
    points: plan.points,
    empty: plan.empty,
    unusedColumns: plan.columns?.unused ?? [],
    problems: plan.problems,
  }
  const stopped = plan.problems.length > 0 && !values['skip-bad-lines']
  if (!report.dryRun && !stopped) {
    const opened = await deps.open(brand, room)
    if (!opened) return { text: `Brand ${brand} has no room ${room}.`, code: 2 }
    const { close, ...parts } = opened
    try {
      const of = { brand, hash: report.sha256, lines: plan.lines }
      report.imported = await importLines(of, parts, (done) => {
        if (done % PROGRESS_LINES === 0) deps.progress(`${done} of ${plan.lines.length} lines`)
      })
    } finally {
      await close()
    }
  }
  if (values.report !== undefined)
    await writeFile(values.report, `${JSON.stringify(report, null, 2)}\n`)
  return { text: renderReport(report, stopped), code: isGood(report) ? 0 : 1 }
}

const isGood = ({ problems, imported }: ImportReport): boolean =>
  problems.length === 0 && (imported?.failed.length ?? 0) === 0

function renderReport(report: ImportReport, stopped: boolean): string {
  const { format, rows, lines, points, empty, unusedColumns, problems, imported } = report
  const shown = [
    ...problems.map(({ line, column, text }) => `line ${line}, ${column}: ${text}`),
    ...(imported?.failed ?? []).map(({ line, text }) => `line ${line} was not imported: ${text}`),
  ]
  const text = [
    ...(format
      ? [`${format}: ${rows} rows, ${lines} lines with ${points} points, ${empty} without`]
      : []),
    ...(unusedColumns.length > 0 ? [`not used: ${unusedColumns.join(', ')}`] : []),
    ...shown.slice(0, PROBLEMS_SHOWN),
    ...(shown.length > PROBLEMS_SHOWN ? [`and ${shown.length - PROBLEMS_SHOWN} more`] : []),
  ]
  if (imported) {
    const { before } = imported
    text.push(
      `imported now: ${imported.lines} lines, ${imported.points} points, ${imported.accounts} new accounts`,
      `imported before: ${before.lines} lines, ${before.points} points`,
    )
    const sum = imported.points + before.points
    text.push(
      sum === points
        ? `${sum} points, as the file says.`
        : `${points - sum} points are missing: run it again.`,
    )
  } else if (stopped)
    text.push('Nothing was imported. Mend these lines, or leave them out with --skip-bad-lines.')
  else text.push('Nothing was imported: this was a dry run.')
  return text.join('\n')
}
