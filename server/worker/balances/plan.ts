/** What a file of balances asks for: every line is looked at before any is imported. */

import { isId } from '../../../shared/ids.ts'
import { NOTE_MAX } from '../../wallet/index.ts'
import { CsvError, delimiterOf, readCsv } from './csv.ts'
import { type Choice, type Columns, columnsOf } from './formats.ts'

export interface PlannedLine {
  line: number
  viewer: string
  points: number
  /** Months since January 2000 at whose start they are gone, 0 for never; undefined as the rulebook says. */
  month: number | undefined
  note: string
}

export interface LineProblem {
  line: number
  /** Name of the column, or its number where it has none. */
  column: string
  text: string
}

export interface Plan {
  columns: Columns | undefined
  lines: PlannedLine[]
  problems: LineProblem[]
  /** Rows that are no header. */
  rows: number
  /** Lines of nobody's points: 0. */
  empty: number
  /** Of `lines`. */
  points: number
}

export interface Limits {
  /** Points of one line. */
  pointsMax: number
  /** Month now; what expires before is a mistake. */
  month: number
  /** Takes several lines of one viewer as they are. */
  duplicates: boolean
}

const ROWS_MAX = 2_000_000

/** Never throws for what is in the file. */
export function planImport(text: string, choice: Choice, limits: Limits): Plan {
  const plan: Plan = {
    columns: undefined,
    lines: [],
    problems: [],
    rows: 0,
    empty: 0,
    points: 0,
  }
  const bare = text.startsWith('\ufeff') ? text.slice(1) : text
  const seen = new Map<string, number>()
  try {
    for (const { line, cells } of readCsv(bare, delimiterOf(bare))) {
      if (!plan.columns) {
        const columns = columnsOf({ line, cells }, choice)
        if (typeof columns === 'string') {
          plan.problems.push({ line, column: 'header', text: columns })
          return plan
        }
        plan.columns = columns
        if (columns.header) continue
      }
      if (++plan.rows > ROWS_MAX) {
        plan.problems.push({ line, column: 'all', text: `more than ${ROWS_MAX} rows` })
        return plan
      }
      const found = readLine(cells, plan.columns, limits)
      const problems = found.problems.map((problem) => ({ line, ...problem }))
      const { viewer } = found
      const before = seen.get(viewer)
      if (before !== undefined && !limits.duplicates && viewer !== '')
        problems.push({ line, column: 'viewer', text: `${viewer} is in line ${before} already` })
      if (before === undefined) seen.set(viewer, line)
      plan.problems.push(...problems)
      if (problems.length > 0) continue
      if (found.points === 0) plan.empty++
      else {
        plan.lines.push({
          line,
          viewer,
          points: found.points,
          month: found.month,
          note: found.note,
        })
        plan.points += found.points
      }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const { line, column, message } = error
    plan.problems.push({ line, column: String(column), text: message.replace(/^[^:]*: /, '') })
  }
  if (!plan.columns && plan.problems.length === 0)
    plan.problems.push({ line: 1, column: 'all', text: 'the file is empty' })
  return plan
}

interface ReadLine extends Omit<PlannedLine, 'line'> {
  problems: { column: string; text: string }[]
}

function readLine(cells: readonly string[], columns: Columns, limits: Limits): ReadLine {
  const problems: ReadLine['problems'] = []
  const says = (column: string, text: string) => problems.push({ column, text })
  const cell = (index: number | undefined) =>
    index === undefined ? '' : (cells[index] ?? '').trim()
  if (cells.length !== columns.cells)
    says('all', `has ${cells.length} cells where the first row has ${columns.cells}`)
  const name = cell(columns.viewer)
  // Names of the platform that those tools are for mean the same in capitals.
  const viewer = columns.format === 'plain' ? name : name.toLowerCase()
  if (!isId(viewer)) says('viewer', `${JSON.stringify(name)} is no viewer's id`)
  const points = pointsOf(cell(columns.points))
  if (points === undefined)
    says('points', `${JSON.stringify(cell(columns.points))} is no whole number of points`)
  else if (points > limits.pointsMax)
    says('points', `${points} are more than the ${limits.pointsMax} of --max`)
  const month = monthOf(cell(columns.expires))
  if (month === null) says('expires', `${JSON.stringify(cell(columns.expires))} is no date`)
  else if (month !== undefined && month !== 0 && month <= limits.month) says('expires', 'is over')
  const note = cell(columns.note)
  if (note.length > NOTE_MAX) says('note', `more than ${NOTE_MAX} characters`)
  return { viewer, points: points ?? 0, month: month ?? undefined, note, problems }
}

/** Whole points; spreadsheets write some as `12.0`. */
function pointsOf(text: string): number | undefined {
  const points = /^\d{1,12}(\.0+)?$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(points) ? points : undefined
}

/** Points last through the day or month that is named: they are gone at the start of the month behind it. */
function monthOf(text: string): number | undefined | null {
  if (text === '') return undefined
  if (text.toLowerCase() === 'never') return 0
  const [, year, month, day = '1'] = /^(20\d\d)-(0[1-9]|1[0-2])(?:-(\d\d))?$/.exec(text) ?? []
  if (year === undefined || month === undefined) return null
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  if (date.getUTCMonth() !== Number(month) - 1) return null
  return (Number(year) - 2000) * 12 + Number(month)
}
