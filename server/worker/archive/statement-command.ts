/** `archive statement`: an account's lines of a period, from the archive's folders alone. */

import { formatAccount, parseAccount } from '../../../shared/ids.ts'
import { type Balances, monthText } from '../../../shared/ledger.ts'
import { createLog } from '../../kernel/index.ts'
import type { Partitions } from '../../redis/index.ts'
import { changesOf, type HistoryLine } from '../../scoring/index.ts'
import { ArchiveWalk } from './archive-walk.ts'
import { add, told } from './archived.ts'
import type { Answer } from './rebuild-command.ts'
import { BUCKET_NAMES } from './segment-index.ts'

export interface ArchiveStatement {
  account: string
  fromMs: number
  toMs: number
  opening: Balances
  closing: Balances
  /** Oldest first. */
  lines: HistoryLine[]
}

const nothing = (): Balances => ({ spendable: 0, session: 0, pending: 0, held: 0, frozen: 0 })

/** Everything of the account is added up from its first entry on. Undefined where the folders lack a part. */
export async function readStatement(of: {
  dataDirs: readonly string[]
  partitions: Partitions
  account: number
  fromMs: number
  toMs: number
}): Promise<ArchiveStatement | undefined> {
  const { account, fromMs, toMs } = of
  const log = createLog('warn', 'archive')
  const walk = new ArchiveWalk(of.dataDirs, log)
  const partition = of.partitions.indexOf(account)
  const end = await walk.end(partition)
  const opening = nothing()
  const lines: HistoryLine[] = []
  for await (const piece of walk.back({ partition, account, upTo: end, archived: end })) {
    if (piece === 'missing') return undefined
    if (piece.changes && piece.maxAtMs < fromMs) {
      add(opening, piece.changes)
      continue
    }
    for await (const element of piece.elements())
      for (const line of told(element, account, log))
        if (line.atMs < fromMs) add(opening, changesOf(line))
        else if (line.atMs < toMs) lines.push(line)
  }
  const closing = { ...opening }
  for (const line of lines) add(closing, changesOf(line))
  return { account: formatAccount(account), fromMs, toMs, opening, closing, lines: lines.reverse() }
}

const SPELLED_MS = /^\d+$/

/** Unix ms, or a date or time as ISO 8601 has it. Undefined where it is neither. */
export function timeOf(text: string): number | undefined {
  const ms = SPELLED_MS.test(text) ? Number(text) : Date.parse(text)
  return Number.isSafeInteger(ms) ? ms : undefined
}

export async function statementCommand(of: {
  partitions: Partitions
  dataDirs: readonly string[]
  account: string | undefined
  from: string
  to: string | undefined
  json: boolean
  nowMs: number
}): Promise<Answer> {
  const account = of.account === undefined ? undefined : parseAccount(of.account)
  if (account === undefined) return { text: '--account: an account number', code: 2 }
  const [fromMs, toMs] = [timeOf(of.from), of.to === undefined ? of.nowMs : timeOf(of.to)]
  if (fromMs === undefined) return { text: '--from: a date, a time or Unix ms', code: 2 }
  if (toMs === undefined) return { text: '--to: a date, a time or Unix ms', code: 2 }
  const { partitions, dataDirs } = of
  const statement = await readStatement({ partitions, dataDirs, account, fromMs, toMs })
  if (!statement)
    return {
      text: 'The folder has not all of the partition; give --data once for each worker. `archive verify` says what is missing.',
      code: 1,
    }
  return { text: of.json ? JSON.stringify(statement, undefined, 2) : csvOf(statement), code: 0 }
}

const COLUMNS = ['time', 'line', 'what', 'why', 'for', 'ref', 'by', 'live', ...BUCKET_NAMES, 'lots']

/** Opening balance, a row for each line with what it changed, closing balance. */
function csvOf({ fromMs, toMs, opening, closing, lines }: ArchiveStatement): string {
  const balance = (atMs: number, what: string, balances: Balances) =>
    rowOf([isoOf(atMs), '', what, ...Array(5).fill(''), ...amounts(balances), ''])
  return [
    COLUMNS.join(','),
    balance(fromMs, 'opening', opening),
    ...lines.map(lineRow),
    balance(toMs, 'closing', closing),
  ].join('\n')
}

const isoOf = (atMs: number) => new Date(atMs).toISOString()
const amounts = (of: Balances) => BUCKET_NAMES.map((bucket) => of[bucket])

function lineRow(line: HistoryLine): string {
  const { id, atMs } = line
  const changes = amounts(changesOf(line))
  if (line.kind === 'receipt') {
    const { action, reason, ruleNo } = line.receipt
    const rule = ruleNo === 0 ? '' : `rule ${ruleNo}`
    return rowOf([isoOf(atMs), id, action, reason, rule, '', '', line.live, ...changes, ''])
  }
  const { cause, use = '', subject, ref, by, live, moves } = line.entry
  const lots = moves.map(({ from, to, points, issuer, toMonth }) => {
    const until = monthText(toMonth)
    return `${points} ${from} > ${to} of ${issuer}${until === undefined ? '' : ` until ${until}`}`
  })
  return rowOf([isoOf(atMs), id, cause, use, subject, ref, by, live, ...changes, lots.join('; ')])
}

/** Quoted where it must be; what a table would take for a formula is text. */
function rowOf(cells: readonly (string | number)[]): string {
  return cells
    .map((cell) => {
      if (typeof cell === 'number') return String(cell)
      const text = /^[=+@\-\t\r]/.test(cell) ? `'${cell}` : cell
      return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
    })
    .join(',')
}
