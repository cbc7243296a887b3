/** What the page reads, and how it writes figures. */

import type { Estimate, Experiment, Goal, Results } from '../../../shared/experiments.ts'
import type { Rulebook } from '../../../shared/rulebook/schema.ts'
import { formatSigned } from '../../ui/lang.ts'

export interface Shown {
  experiment: Experiment
  results?: Results
}

export interface Read {
  experiments: Shown[]
}

export interface Current {
  version: number
  book: Rulebook
}

const SHARES: ReadonlySet<Goal> = new Set(['costShare', 'inflation'])
const FEN = 100
const MINUTE_SEC = 60

/** One decimal, and a minus sign that is one. */
const rounded = (n: number, digits = 1): string => n.toFixed(digits).replace('-', '−')

/** A figure of a goal: a share in per cent, sales in yuan, watching in minutes. */
export function figure(goal: Goal, value: number): string {
  if (SHARES.has(goal)) return `${rounded(100 * value)}%`
  if (goal === 'sales') return `${value < 0 ? '−' : ''}¥${rounded(Math.abs(value) / FEN, 2)}`
  return goal === 'watched' ? `${rounded(value / MINUTE_SEC)}′` : rounded(value, 2)
}

/** The ends of the interval of its difference; undefined where it is not known. */
export function interval(goal: Goal, of: Estimate | undefined): [string, string] | undefined {
  if (of?.low === undefined || of.high === undefined) return undefined
  const shown = (n: number) => figure(goal, n)
  return [formatSigned(of.low, shown), formatSigned(of.high, shown)]
}
