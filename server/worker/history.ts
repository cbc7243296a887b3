/** Histories: each account's last receipts, at most a second behind. */

import type { Log } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import {
  HISTORIES_PER_CALL,
  type HistoryElement,
  type SkimmedBatch,
  writeHistory,
} from '../scoring/index.ts'
import type { Consumer } from './consumer.ts'
import type { JournalElement } from './element.ts'
import { cursorsKey } from './keys.ts'
import { HISTORY_MS } from './limits.ts'

/** What an element says; undefined where this release cannot read it, which `onUnreadable` is told. */
export type Skim = (element: JournalElement) => SkimmedBatch | undefined

const NOTHING = { atMs: 0, entries: [], ledger: [], growth: [] }

export function historyConsumer(options: { store: Store; skim: Skim; log: Log }): Consumer {
  const { store, skim, log } = options

  /** As many elements as touch no more accounts than one call may. */
  function batchOf(elements: readonly JournalElement[]): HistoryElement[] {
    const batch: HistoryElement[] = []
    const accounts = new Set<number>()
    for (const element of elements) {
      const { atMs, entries, ledger, growth } = skim(element) ?? NOTHING
      for (const { account } of [...entries, ...ledger, ...growth]) accounts.add(account)
      if (batch.length > 0 && accounts.size > HISTORIES_PER_CALL) break
      batch.push({ id: element.id, atMs, entries, ledger, growth })
    }
    return batch
  }

  return {
    kind: 'history',
    everyMs: HISTORY_MS,
    durableOnly: false,
    ownCursor: true,
    async handle({ slot, index }, elements) {
      let done = 0
      while (done < elements.length) {
        const batch = batchOf(elements.slice(done))
        const written = await writeHistory(store, { slot, cursors: cursorsKey(slot) }, batch)
        if (!written) {
          log.warn({ partition: index }, 'the journal lost elements; histories leave them out')
          break
        }
        done += batch.length
      }
      return done
    },
  }
}
