/** An account statement as a table for a spreadsheet. */

import type { Statement } from '../../../shared/ledger.ts'
import { DAY_MS, monthBounds, monthStartMs } from '../../../shared/time.ts'
import { dateOf, secondOf } from '../time.ts'
import { type LineReader, linesOf } from './lines.ts'
import { WORDS } from './words.ts'

export const PERIODS = ['month', 'last', 'quarter', 'all'] as const
export type Period = (typeof PERIODS)[number]

const QUARTER_DAYS = 90

/** The bounds of a period by the platform's calendar; the end is left out. */
export function periodOf(
  period: Period,
  nowMs: number,
  timeZone: string,
): { fromMs: number; toMs: number } {
  const { month } = monthBounds(nowMs, timeZone)
  switch (period) {
    case 'month':
      return { fromMs: monthStartMs(month, timeZone), toMs: nowMs }
    case 'last':
      return { fromMs: monthStartMs(month - 1, timeZone), toMs: monthStartMs(month, timeZone) }
    case 'quarter':
      return { fromMs: nowMs - QUARTER_DAYS * DAY_MS, toMs: nowMs }
    case 'all':
      return { fromMs: 0, toMs: nowMs }
    default:
      return period satisfies never
  }
}

/** A spreadsheet takes a text that begins like a formula for one. */
const cell = (text: string): string =>
  `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`

/** Oldest first, as statements are; with the mark by which spreadsheets know UTF-8. */
export function csvOf(
  statement: Pick<Statement, 'entries' | 'closing'>,
  reader: LineReader,
): string {
  const w = WORDS[reader.lang]
  const rows = linesOf(statement.entries, statement.closing, reader)
    .reverse()
    .map(({ entry, name, why, amount, after }) =>
      [
        cell(`${dateOf(entry.atMs, reader)} ${secondOf(entry.atMs, reader)}`),
        cell(name),
        cell(why),
        amount,
        after,
        cell(entry.kind === 'moved' ? entry.by : ''),
        cell(entry.kind === 'moved' ? entry.ref : entry.rule),
      ].join(','),
    )
  return `\uFEFF${[w.csv.map(cell).join(','), ...rows].join('\r\n')}\r\n`
}
