/** The newest lines of an account, and the balances behind them, as they were together at one moment. */

import type { Balances } from '../../shared/ledger.ts'
import type { SlotTag, Store } from '../redis/index.ts'
import {
  accountKey,
  EMPTY_RECORD,
  journalKey,
  readAccountRecord,
  sumsOfAccount,
} from '../wallet/index.ts'
import { type HistoryLine, isOlder, linesByAccount, readLines } from './history.ts'
import { skimJournal } from './journal.ts'

/** Elements of the journal that one statement reads; more are there only while no worker keeps histories. */
const JOURNAL_ELEMENTS_MAX = 2000
const JOURNAL_PAGE = 200
/** How often a statement of an account that is in use begins again. */
const ATTEMPTS = 5
/** Older than any line. */
export const BEGINNING = '0-0-0'

/** The newest lines and the balances behind them, as they were together at one moment. */
export interface Recent {
  balances: Balances
  lines: HistoryLine[]
  /** Older ones are in the archive. */
  full: boolean
}

/** Undefined where the account never rests, or where the journal has more than may be read. */
export async function readRecent(
  store: Store,
  { slot, account }: { slot: SlotTag; account: number },
): Promise<Recent | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = await readRecord(store, slot, account)
    // First the journal: what leaves it meanwhile is in the list by then.
    const fresh = await readJournalled(store, slot, account)
    if (!fresh) return undefined
    const { lines: listed, full } = await readLines(store, { slot, account })
    const after = await readRecord(store, slot, account)
    if (before.changes !== after.changes) continue
    const newest = listed[0]?.id ?? BEGINNING
    const lines = [...fresh.filter(({ id }) => isOlder(newest, id)), ...listed]
    const { spendable, session, pending, held, frozen } = sumsOfAccount(after)
    return { balances: { spendable, session, pending, held, frozen }, lines, full }
  }
  return undefined
}

/** The account as it is stored, or an empty one. */
export async function readRecord(store: Store, slot: SlotTag, account: number) {
  const bytes = await store.getBuffer(accountKey(slot, account))
  return bytes ? readAccountRecord(bytes) : EMPTY_RECORD
}

/** What the journal says of the account, newest first. */
async function readJournalled(
  store: Store,
  slot: SlotTag,
  account: number,
): Promise<HistoryLine[] | undefined> {
  const lines: HistoryLine[] = []
  for (let after = '-', read = 0; ; ) {
    const found = await store.xrangeBuffer(journalKey(slot), after, '+', 'COUNT', JOURNAL_PAGE)
    for (const [key, [, bytes]] of found) {
      const id = String(key)
      const [ms = 0, seq = 0] = id.split('-').map(Number)
      after = `(${id}`
      if (!bytes) continue
      const batch = skimJournal(bytes)
      const told = linesByAccount({ id: { ms, seq }, ...batch }, account).get(account)
      if (told) lines.push(...told)
    }
    if (found.length < JOURNAL_PAGE) return lines.reverse()
    read += found.length
    if (read >= JOURNAL_ELEMENTS_MAX) return undefined
  }
}
