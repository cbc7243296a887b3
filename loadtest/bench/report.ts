/** The table of a bench run. */

import { isMet, type Result, type Row } from './rows/row.ts'
import { median } from './stats.ts'

export interface Measured {
  row: Pick<Row, 'id' | 'what'>
  result?: Result
  /** Why there is no result. */
  fault?: string
}

const DIGITS = 3
const WIDTH = 44

/** Three digits that count, with thousands. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '-'
  const rounded = Number(value.toPrecision(DIGITS))
  return rounded >= 1000 ? rounded.toLocaleString('en-US') : String(rounded)
}

function lines({ row, result, fault }: Measured): string[] {
  const head = `${row.id}: ${row.what}`
  if (!result) return [head, `  FAILED  ${fault}`]
  const series = result.series.map(({ of, values, unit = result.unit }) => {
    const [low, high] = [Math.min(...values), Math.max(...values)]
    return `  ${of.padEnd(WIDTH)}${figure(median(values)).padStart(10)} ${unit} (${figure(low)} to ${figure(high)})`
  })
  const goals = result.goals.map((goal) => {
    const wish = `at ${goal.at} ${figure(goal.limit)}`
    const said = isMet(goal) ? 'met' : 'NOT MET'
    return `  ${goal.what.padEnd(WIDTH)}${figure(goal.measured).padStart(10)} ${wish}: ${said}`
  })
  const share =
    result.generatorShare === undefined
      ? []
      : [`  the generator used ${figure(result.generatorShare)} of a core`]
  return [head, ...series, ...goals, ...share, ...result.notes.map((note) => `  ${note}`)]
}

export const renderTable = (measured: readonly Measured[]): string =>
  `${measured.map((one) => lines(one).join('\n')).join('\n\n')}\n`

export const renderJson = (measured: readonly Measured[]): string =>
  `${JSON.stringify(
    measured.map(({ row, result, fault }) => ({
      id: row.id,
      what: row.what,
      ...(fault !== undefined && { fault }),
      ...(result && {
        ...result,
        medians: Object.fromEntries(result.series.map(({ of, values }) => [of, median(values)])),
        goals: result.goals.map((goal) => ({ ...goal, met: isMet(goal) })),
      }),
    })),
  )}\n`
