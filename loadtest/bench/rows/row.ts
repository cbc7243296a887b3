/** What a row of the table is. */

import type { Scope } from '../scope.ts'
import type { Stand } from '../stand.ts'

/** All repetitions of one thing, in their order. */
export interface Series {
  /** Where it differs from the unit of the row. */
  unit?: string
  of: string
  values: number[]
}

/** What must hold: a figure, or the ratio of one to another, on one side of a limit. */
export interface Goal {
  what: string
  measured: number
  at: 'least' | 'most'
  limit: number
}

export interface Result {
  /** The series that is Fanfare's is the first. */
  series: Series[]
  unit: string
  goals: Goal[]
  /** Of a core that the generator used while Fanfare was measured, where that matters. */
  generatorShare?: number
  /** What a reader of the figures must know. */
  notes: string[]
}

export interface RowRun {
  stand: Stand
  /** Ends with the row. */
  scope: Scope
  reps: number
  quick: boolean
}

export interface Row {
  id: string
  what: string
  run(run: RowRun): Promise<Result>
}

export const isMet = ({ measured, at, limit }: Goal): boolean =>
  at === 'least' ? measured >= limit : measured <= limit
