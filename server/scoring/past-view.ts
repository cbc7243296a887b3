/** Lines of a history as viewers and operators are shown them. */

import type { HistoryEntry, HistoryPage, LedgerEntry } from '../../shared/ledger.ts'
import type { PublishedRulebook, Rulebook } from '../../shared/rulebook/schema.ts'
import { keepNewsOf } from '../../shared/tiers.ts'
import type { SlotTag, Store } from '../redis/index.ts'
import { nameIssuers } from '../rooms/index.ts'
import { readNotes } from '../wallet/index.ts'
import { type HistoryLine, refusalOf } from './history.ts'
import { toReceipt } from './receipts.ts'

/** With the reasons of operators, and with whose points they are. */
export async function entriesOf(
  { store, rulebook }: { store: Store; rulebook: () => PublishedRulebook },
  of: { slot: SlotTag; account: number },
  lines: readonly HistoryLine[],
): Promise<Pick<HistoryPage, 'entries' | 'issuers'>> {
  const moved = lines.flatMap((line) => (line.kind === 'moved' ? [line.entry] : []))
  const notes = await readNotes(store, of, moved)
  const { book } = rulebook()
  const entries = collapsed(lines).map((line): HistoryEntry => {
    if (line.kind === 'receipt')
      return {
        kind: 'receipt',
        ...toReceipt(line.receipt, { book, ...line }),
        ...(line.issuer > 0 && { issuer: line.issuer }),
      }
    const { account: _, ...entry } = line.entry
    const note = notes.get(entry.ref)
    return {
      kind: 'moved',
      ...entry,
      ...(note !== undefined && { note }),
      ...tiersOf(book, entry),
    }
  })
  return { entries, issuers: await nameIssuers(store, lines.flatMap(issuersOf)) }
}

/** What the rungs are called that a line is about. */
function tiersOf({ ladder }: Rulebook, entry: Pick<LedgerEntry, 'cause' | 'subject'>) {
  const news = keepNewsOf(entry)
  const [below, rung] = news ? ladder.rungs.slice(news.rung - 1, news.rung + 1) : []
  return rung && below && { tiers: { rung: rung.label, below: below.label } }
}

const issuersOf = (line: HistoryLine): number[] =>
  line.kind === 'receipt' ? [line.issuer] : line.entry.moves.map(({ issuer }) => issuer)

/** Of refusals that follow each other the newest. */
const collapsed = (lines: readonly HistoryLine[]): HistoryLine[] =>
  lines.filter((line, i) => {
    const newer = lines[i - 1]
    const name = refusalOf(line)
    return name === undefined || !newer || refusalOf(newer) !== name
  })
