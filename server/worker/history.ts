/** Histories: each account's last receipts, at most a second behind. */

import { type Log, must } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { HISTORY_LINES_PER_CALL, HistoryLines, writeHistory } from '../scoring/index.ts'
import type { Consumer } from './consumer.ts'
import type { JournalElement } from './element.ts'
import { cursorsKey } from './keys.ts'
import { HISTORY_MS } from './limits.ts'
import { type Reading, readAll } from './reading.ts'

export function historyConsumer(options: { store: Store; reading: Reading; log: Log }): Consumer {
  const { store, reading, log } = options
  /** Used again by each batch, which is on its way before anything else runs. */
  const lines = new HistoryLines()

  /** Collects lines from there on, as many as one call may write; answers where it stopped. */
  function collect(elements: readonly JournalElement[], from: number): number {
    lines.clear()
    let at = from
    for (; at < elements.length && lines.length < HISTORY_LINES_PER_CALL; at++) {
      const element = must(elements[at], 'an element')
      lines.begin(element.id, reading.about(element)?.atMs ?? 0)
      readAll(reading, element, lines)
    }
    return at
  }

  return {
    kind: 'history',
    everyMs: HISTORY_MS,
    durableOnly: false,
    ownCursor: true,
    async handle({ slot, index }, elements) {
      let done = 0
      while (done < elements.length) {
        const upTo = collect(elements, done)
        const newest = must(elements[upTo - 1], 'an element').id
        const of = { slot, cursors: cursorsKey(slot), newest }
        if (!(await writeHistory(store, of, lines))) {
          log.warn({ partition: index }, 'the journal lost elements; histories leave them out')
          break
        }
        done = upTo
      }
      return done
    },
  }
}
