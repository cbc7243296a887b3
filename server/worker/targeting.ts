/** What viewers do, from the journals of their accounts, handed to targeting. */

import { isOnlyLikes, type Seen } from '../../shared/behaviour.ts'
import { RECORDS_PER_CALL, type Targeting } from '../targeting/index.ts'
import type { Consumer } from './consumer.ts'
import { isPlainLike } from './doings.ts'
import { TARGETING_MS } from './limits.ts'
import { observingConsumer } from './observing.ts'
import { type Reading, readAll } from './reading.ts'
import { type SeenOptions, seenReader } from './seen.ts'

export interface TargetingOptions extends SeenOptions {
  targeting?: Targeting
  reading: Reading
}

/** More likes of the same hour of a live are as one like of more units. */
function addSeen(all: Seen[], one: Seen): void {
  const last = all.at(-1)
  if (last && isOnlyLikes(last) && isOnlyLikes(one) && isSameHour(last, one))
    last.acts = { like: (last.acts.like ?? 0) + (one.acts.like ?? 0) }
  else all.push(one)
}

const isSameHour = (a: Seen, b: Seen): boolean =>
  a.live === b.live && a.day === b.day && a.hour === b.hour

export function targetingConsumer(options: TargetingOptions): Consumer {
  const { store, targeting, reading } = options
  const reader = seenReader(options)
  return observingConsumer<Seen>({
    kind: 'targeting',
    everyMs: TARGETING_MS,
    store,
    reading,
    observer: targeting,
    accountsMax: RECORDS_PER_CALL,
    fullText: 'too many offers and packs wait',
    begin: async (slot) => async (element, about, to) => {
      await reader.know(about.lives)
      const at = reader.timeOf(about.atMs)
      readAll(reading, element, {
        scored(entry) {
          const { account, live } = entry
          // Of likes only those that may change something.
          if (isPlainLike(entry) && targeting?.knowsLikes(slot, account, { live, day: at.day }))
            return
          const seen = reader.read(entry, at)
          if (seen) addSeen(to.seenOf(account), seen)
        },
        rest: (batch) => to.noteMerges(batch),
      })
    },
  })
}
