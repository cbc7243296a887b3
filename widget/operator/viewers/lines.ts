/** The lines of a history as an operator reads them: what, why, how much, and what could be spent afterwards. */

import {
  type Balances,
  before,
  type HistoryEntry,
  type LedgerEntry,
} from '../../../shared/ledger.ts'
import type { Receipt } from '../../../shared/receipt.ts'
import { explain } from '../../../shared/rulebook/explain.ts'
import { ACTION_LABELS, plain, pointsOf, unitsOf } from '../../../shared/rulebook/labels.ts'
import { settled } from '../../wallet/entries.ts'
import { tell } from '../../wallet/words.ts'
import type { Reader } from '../time.ts'
import { WORDS } from './words.ts'

export interface Line {
  /** The same in every reading. */
  id: string
  entry: HistoryEntry
  name: string
  why: string
  amount: number
  /** Could be spent after it. */
  after: number
}

export interface LineReader extends Reader {
  nowMs: number
  reward: (id: string) => string | undefined
  /** What became of a redemption, by the id of its hold. */
  redeemed?: (hold: string) => string | undefined
}

/** `¥100 × 1 分 × 2 首单加倍`: how the number came about. */
export function sumOf(receipt: Receipt, { lang }: Pick<Reader, 'lang'>): string {
  const { action, counted, baseMilli, multipliers, multiplier, carry, first } = receipt
  const w = WORDS[lang]
  const each = pointsOf(baseMilli / 1000, lang)
  const parts =
    action === 'purchase'
      ? [`¥${plain(counted)}`, each]
      : counted > 1
        ? [unitsOf(action, counted, lang), each]
        : [each]
  let product = 1
  for (const [kind, name] of Object.entries(w.factors) as [keyof typeof w.factors, string][]) {
    const milli = multipliers[kind]
    if (milli === 1000) continue
    product *= milli / 1000
    parts.push(`${plain(milli / 1000)} ${kind === 'personal' && first ? w.first : name}`)
  }
  const sum = parts.join(' × ')
  const stacked = Math.abs(product * 1000 - multiplier) >= 1
  return [
    sum,
    stacked ? w.capped(`×${plain(multiplier / 1000)}`) : '',
    carry > 0 ? w.saved(plain(carry / 1000)) : '',
  ]
    .filter(Boolean)
    .join(' · ')
}

function receiptWords(receipt: Receipt, reader: LineReader): Pick<Line, 'name' | 'why'> {
  const { lang, timeZone } = reader
  const name = ACTION_LABELS[receipt.action]?.[lang] ?? receipt.action
  const { points, growth, reason } = receipt
  if (points === 0 && growth === 0) return { name, why: explain(receipt, lang, timeZone) }
  const less = { ...receipt, points: 0, growth: 0 }
  const parts = [
    points > 0 ? sumOf(receipt, reader) : '',
    growth > 0 ? WORDS[lang].growthGain(String(growth)) : '',
    reason === 'earned' ? '' : explain(less, lang, timeZone),
  ]
  return { name, why: parts.filter(Boolean).join(' · ') }
}

function movedWords(entry: LedgerEntry, reader: LineReader): Pick<Line, 'name' | 'why' | 'amount'> {
  const told = tell(entry, reader)
  const redeemed = entry.use === 'redemption' ? reader.redeemed?.(entry.ref) : undefined
  return { ...told, why: [told.why, redeemed].filter(Boolean).join(' · ') }
}

const spendableOf = ({ spendable, session }: Balances): number => spendable + session

/** Newest first. `now` is what the account holds after the newest of them. */
export function linesOf(
  entries: readonly HistoryEntry[],
  now: Balances,
  reader: LineReader,
): Line[] {
  const afterOf = new Map<HistoryEntry, number>()
  let balances = now
  for (const entry of entries) {
    afterOf.set(entry, spendableOf(balances))
    balances = before(entry, balances)
  }
  const seen = new Map<string, number>()
  return settled(entries).map((entry) => {
    const plainId =
      entry.kind === 'receipt'
        ? `r${entry.atMs}-${entry.seq}-${entry.rule}`
        : `m${entry.version}-${entry.cause}-${entry.ref}`
    const turn = seen.get(plainId) ?? 0
    seen.set(plainId, turn + 1)
    const told =
      entry.kind === 'receipt'
        ? { ...receiptWords(entry, reader), amount: entry.points }
        : movedWords(entry, reader)
    return { id: `${plainId}-${turn}`, entry, after: afterOf.get(entry) ?? 0, ...told }
  })
}

export const FILTERS = ['all', 'got', 'spent', 'nil'] as const
export type Filter = (typeof FILTERS)[number]

export const passes = ({ amount }: Pick<Line, 'amount'>, filter: Filter): boolean =>
  filter === 'all' ||
  (filter === 'got' ? amount > 0 : filter === 'spent' ? amount < 0 : amount === 0)
