/** Lives that accounts have watched, from their journals: a live counts where a watch rule paid in it. */

import type { Store } from '../redis/index.ts'
import { noteWatched, type WatchedLive } from '../rewards/index.ts'
import { paidFor, type SkimmedEntry } from '../scoring/index.ts'
import type { Consumer } from './consumer.ts'
import { LIVES_MS } from './limits.ts'
import type { Skim } from './reading.ts'

const hasWatched = ({ live, receipts }: SkimmedEntry): boolean =>
  live > 0 && paidFor(receipts, 'watch') > 0

export function livesConsumer({ store, skim }: { store: Store; skim: Skim }): Consumer {
  return {
    kind: 'lives',
    everyMs: LIVES_MS,
    durableOnly: false,
    async handle({ slot }, elements) {
      const watched: WatchedLive[] = []
      for (const element of elements)
        for (const entry of skim(element)?.entries ?? []) if (hasWatched(entry)) watched.push(entry)
      await noteWatched(store, slot, watched)
      return elements.length
    },
  }
}
