/** What viewers do, from the journals of their accounts, handed to targeting; it moves the cursor itself. */

import { isOnlyLikes, type Seen } from '../../shared/behaviour.ts'
import { parseAccount } from '../../shared/ids.ts'
import { must } from '../kernel/index.ts'
import type { SlotTag } from '../redis/index.ts'
import { type Observed, RECORDS_PER_CALL, type Targeting } from '../targeting/index.ts'
import { journalKey } from '../wallet/index.ts'
import type { Consumer } from './consumer.ts'
import { isPlainLike } from './doings.ts'
import { formatId, type JournalElement } from './element.ts'
import { writeCursor } from './journal.ts'
import { cursorsKey } from './keys.ts'
import { TARGETING_MS } from './limits.ts'
import { type Reading, readAll } from './reading.ts'
import { type SeenOptions, type SeenTime, seenReader } from './seen.ts'

const KIND = 'targeting'

export interface TargetingOptions extends SeenOptions {
  targeting?: Targeting
  reading: Reading
}

/** Elements that follow each other, and what they say of accounts. */
interface Batch {
  elements: number
  observed: Map<number, Observing>
}

/** What is seen of one account. */
interface Observing {
  account: number
  seen: Seen[]
  merged: number[]
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
  /** Up to where each partition was handled. */
  const cursors = new Map<SlotTag, string>()
  const reader = seenReader(options)

  function observing({ observed }: Batch, account: number): Observing {
    let known = observed.get(account)
    if (!known) {
      known = { account, seen: [], merged: [] }
      observed.set(account, known)
    }
    return known
  }

  /** Adds what an element says of accounts; of likes only those that may change something. */
  function add(
    element: JournalElement,
    batch: Batch,
    { of, slot, at }: { of: Targeting; slot: SlotTag; at: SeenTime },
  ): void {
    readAll(reading, element, {
      scored(entry) {
        const { account, live } = entry
        if (isPlainLike(entry) && of.knowsLikes(slot, account, { live, day: at.day })) return
        const seen = reader.read(entry, at)
        if (seen) addSeen(observing(batch, account).seen, seen)
      },
      rest({ ledger, growth }) {
        for (const { account, cause, subject } of [...ledger, ...growth]) {
          const other = cause === 'merged_in' ? parseAccount(subject) : undefined
          if (other !== undefined) observing(batch, account).merged.push(other)
        }
      },
    })
  }

  /** As many elements, from the first, as are about so many accounts. */
  async function collect(
    of: Targeting,
    slot: SlotTag,
    elements: readonly JournalElement[],
  ): Promise<Batch> {
    const batch: Batch = { elements: 0, observed: new Map() }
    for (const element of elements) {
      if (batch.observed.size >= RECORDS_PER_CALL) break
      const about = reading.about(element)
      if (about) {
        await reader.know(about.lives)
        add(element, batch, { of, slot, at: reader.timeOf(about.atMs) })
      }
      batch.elements++
    }
    return batch
  }

  /** False where the journal has lost the element. */
  async function note(
    of: Targeting,
    slot: SlotTag,
    { observed, last }: { observed: readonly Observed[]; last: string },
  ): Promise<boolean> {
    const from = cursors.get(slot) ?? '0-0'
    const reader = { journal: journalKey(slot), cursors: cursorsKey(slot), name: KIND, from, last }
    const written = await of.note(slot, observed, reader)
    if (written === 'gone') return false
    if (written === 'moved') throw new Error('another worker has got further')
    if (written === 'full') throw new Error('too many offers and packs wait')
    cursors.set(slot, last)
    return true
  }

  return {
    kind: KIND,
    everyMs: TARGETING_MS,
    durableOnly: false,
    ownCursor: true,
    async open({ slot }, cursor) {
      cursors.set(slot, formatId(cursor))
      targeting?.forgetKnown(slot)
    },
    async handle({ slot }, elements) {
      const newest = must(elements.at(-1), 'an element').id
      if (!targeting?.isOn) {
        await writeCursor(store, slot, { kind: KIND, id: newest })
        cursors.set(slot, formatId(newest))
        return elements.length
      }
      let done = 0
      while (done < elements.length) {
        const { elements: count, observed } = await collect(targeting, slot, elements.slice(done))
        const last = formatId(must(elements[done + count - 1], 'an element of a batch').id)
        if (!(await note(targeting, slot, { observed: [...observed.values()], last }))) break
        done += count
      }
      return done
    },
  }
}
