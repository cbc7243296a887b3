/** The files that other tools export, and which of their columns hold what. */

import type { CsvRow } from './csv.ts'

export const FORMATS = ['plain', 'streamelements', 'streamlabs-chatbot', 'firebot'] as const
export type Format = (typeof FORMATS)[number]

/** Indices of cells. */
export interface Columns {
  format: Format
  viewer: number
  points: number
  expires?: number
  note?: number
  /** Whether the first row names the columns. */
  header: boolean
  /** Columns that nothing is taken from, as the header names them. */
  unused: string[]
  cells: number
}

export interface Choice {
  format?: Format
  /** Of the points, where a file has several currencies. */
  column?: string
  /** Which of two names a viewer goes by. */
  viewer?: 'name' | 'id'
}

const nameOf = (cell: string | undefined): string => (cell ?? '').trim().toLowerCase()
const isNumber = (cell: string | undefined): boolean => /^\d+(\.\d+)?$/.test((cell ?? '').trim())

/** The first of the names that the header has, or -1. */
const indexOf = (names: readonly string[], ...wanted: string[]): number =>
  names.findIndex((name) => wanted.includes(name))

interface Header {
  names: string[]
  /** As written. */
  cells: readonly string[]
}

type Recognise = (
  header: Header,
  choice: Choice,
) => Omit<Columns, 'unused' | 'cells'> | string | undefined

/**
 * - plain: `viewer,points[,expires][,note]` in any order.
 * - firebot: its `currencies.csv`, `ID,Username` and one column a currency.
 * - streamelements: without a header `username, id, points, points of all time, minutes watched`; or with one.
 * - streamlabs-chatbot: the sheet of a currency saved as CSV, without a header `name, rank, points, hours`.
 * Each answers columns, or why a file of that kind cannot be read, or undefined where it is of another kind.
 */
const KINDS: Record<Format, Recognise> = {
  plain({ names }) {
    const [viewer, points] = [indexOf(names, 'viewer'), indexOf(names, 'points')]
    if (viewer < 0 || points < 0) return undefined
    const [expires, note] = [indexOf(names, 'expires'), indexOf(names, 'note')]
    return {
      ...{ format: 'plain', header: true, viewer, points },
      ...(expires >= 0 && { expires }),
      ...(note >= 0 && { note }),
    }
  },
  firebot({ names, cells }, { column, viewer = 'name' }) {
    if (names[0] !== 'id' || names[1] !== 'username') return undefined
    if (names.includes('minutes in channel'))
      return 'this is the list of viewers, which has no points: export the currencies'
    const currencies = cells.slice(2)
    const points = column === undefined ? 0 : currencies.indexOf(column)
    if (points < 0 || currencies.length === 0 || (column === undefined && currencies.length > 1))
      return `say with --column which currency: ${currencies.join(', ') || 'there is none'}`
    return { format: 'firebot', header: true, viewer: viewer === 'id' ? 0 : 1, points: points + 2 }
  },
  streamelements({ names }) {
    const viewer = indexOf(names, 'username')
    const points = indexOf(names, 'points', 'current points', 'currentpoints')
    if (viewer >= 0 && points >= 0 && !names.includes('rank'))
      return { format: 'streamelements', header: true, viewer, points }
    const bare = names.length === 5 && [2, 3, 4].every((i) => isNumber(names[i]))
    return bare && !isNumber(names[0])
      ? { format: 'streamelements', header: false, viewer: 0, points: 2 }
      : undefined
  },
  'streamlabs-chatbot'({ names }) {
    const viewer = indexOf(names, 'name', 'username', 'user')
    const points = indexOf(names, 'points', 'currency')
    if (viewer >= 0 && points >= 0 && names.includes('rank'))
      return { format: 'streamlabs-chatbot', header: true, viewer, points }
    const bare = names.length === 4 && isNumber(names[2]) && isNumber(names[3])
    return bare && names[0] !== ''
      ? { format: 'streamlabs-chatbot', header: false, viewer: 0, points: 2 }
      : undefined
  },
}

/** Columns of a file by its first row, or a sentence that says why they cannot be told. */
export function columnsOf(first: CsvRow, choice: Choice): Columns | string {
  const header = { names: first.cells.map(nameOf), cells: first.cells.map((cell) => cell.trim()) }
  for (const format of choice.format ? [choice.format] : FORMATS) {
    const found = KINDS[format](header, choice)
    if (found === undefined) continue
    if (typeof found === 'string') return found
    const used = [found.viewer, found.points, found.expires, found.note]
    return {
      ...found,
      unused: header.cells.flatMap((cell, i) =>
        used.includes(i) ? [] : [found.header ? cell : `column ${i + 1}`],
      ),
      cells: first.cells.length,
    }
  }
  return choice.format
    ? `this is no file of ${choice.format}: it begins with ${first.cells.join(', ')}`
    : 'whose export this is cannot be told; say it with --format'
}
