/** CSV as RFC 4180 has it, read strictly: where a file is not so, line and column are named and nothing is guessed. */

export interface CsvRow {
  /** Of its first character, from 1. */
  line: number
  cells: string[]
}

export class CsvError extends Error {
  override name = 'CsvError'
  readonly line: number
  /** Number of the cell in its row, from 1. */
  readonly column: number
  constructor(text: string, { line, column }: { line: number; column: number }) {
    super(`line ${line}, column ${column}: ${text}`)
    this.line = line
    this.column = column
  }
}

export type Delimiter = ',' | ';' | '\t'
const DELIMITERS: readonly Delimiter[] = [',', ';', '\t']
/** Characters of a cell. */
const CELL_MAX = 1000
const CELLS_MAX = 64
/** Whatever is no text: control characters but the tab, and what a wrong encoding leaves. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const NO_TEXT = /[\u0000-\u0008\u000b-\u001f\u007f\ufffd]/

/** The one that the first line has most of; a comma where it has none. */
export function delimiterOf(text: string): Delimiter {
  const [first = ''] = text.split('\n', 1)
  const counts = DELIMITERS.map((delimiter) => first.split(delimiter).length)
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ','
}

/** Rows of a text; empty lines are passed over. Throws CsvError. */
export function* readCsv(text: string, delimiter: Delimiter): Generator<CsvRow> {
  let at = 0
  let line = 1
  while (at < text.length) {
    const row: CsvRow = { line, cells: [] }
    for (let more = true; more; ) {
      const place = { line, column: row.cells.length + 1 }
      if (place.column > CELLS_MAX) throw new CsvError(`more than ${CELLS_MAX} cells`, place)
      const cell = text[at] === '"' ? quoted(text, at, place) : plain(text, at, delimiter)
      if (cell.text.length > CELL_MAX) throw new CsvError(`more than ${CELL_MAX} characters`, place)
      if (NO_TEXT.test(cell.text.replaceAll('\r\n', '\n')))
        throw new CsvError('a character that is no text', place)
      if (text[at] !== '"' && cell.text.includes('"'))
        throw new CsvError('a quote inside a cell that is not quoted', place)
      row.cells.push(cell.text)
      line += cell.text.split('\n').length - 1
      at = cell.end
      more = text[at] === delimiter
      if (more) at++
      else if (text.startsWith('\r\n', at)) at += 2
      else if (text[at] === '\n') at++
      else if (at < text.length) throw new CsvError('text behind a closing quote', place)
    }
    line++
    if (row.cells.length > 1 || row.cells[0] !== '') yield row
  }
}

interface Cell {
  text: string
  /** Of what follows it. */
  end: number
}

function plain(text: string, from: number, delimiter: Delimiter): Cell {
  let end = from
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n') end++
  if (text[end] === '\n' && text[end - 1] === '\r' && end > from) end--
  return { text: text.slice(from, end), end }
}

function quoted(text: string, from: number, place: { line: number; column: number }): Cell {
  let cell = ''
  for (let at = from + 1; ; ) {
    const close = text.indexOf('"', at)
    if (close < 0) throw new CsvError('a quote that is never closed', place)
    cell += text.slice(at, close)
    if (text[close + 1] !== '"') return { text: cell, end: close + 1 }
    cell += '"'
    at = close + 2
  }
}

/** A row to be written. What a spreadsheet would take for a formula is text there, behind an apostrophe. */
export const csvRow = (cells: readonly (string | number)[]): string =>
  `${cells.map((cell) => (typeof cell === 'number' ? String(cell) : csvCell(cell))).join(',')}\r\n`

function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
