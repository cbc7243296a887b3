import { must } from '../kernel/index.ts'
import type { SlotTag, Store } from '../redis/index.ts'
import { journalKey } from '../wallet/index.ts'
import { type JournalEntry, readJournal } from './journal.ts'

/** What the journals of these partitions say of viewers' actions, with the time of Redis at which it was written. */
export async function journalled(
  store: Store,
  slots: readonly SlotTag[],
): Promise<(JournalEntry & { atMs: number })[]> {
  const elements = await Promise.all(
    slots.map((slot) => store.xrangeBuffer(journalKey(slot), '-', '+')),
  )
  return elements.flat().flatMap(([, fields]) => {
    const { atMs, entries } = readJournal(must(fields[1], 'bytes'))
    return entries.map((entry) => ({ atMs, ...entry }))
  })
}
