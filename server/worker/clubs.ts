/** What members of fan clubs do in the lives of their hosts, from the journals; it moves the cursor itself. */

import { parseAccount } from '../../shared/ids.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { dayBounds } from '../../shared/time.ts'
import { type Clubs, type Observed, RECORDS_PER_CALL, type Seen } from '../clubs/index.ts'
import { must } from '../kernel/index.ts'
import type { SlotTag, Store } from '../redis/index.ts'
import { earningNumber, getRoom } from '../rooms/index.ts'
import type { About } from '../scoring/index.ts'
import { journalKey } from '../wallet/index.ts'
import type { Consumer } from './consumer.ts'
import { doingsOf } from './doings.ts'
import { formatId, type JournalElement } from './element.ts'
import { writeCursor } from './journal.ts'
import { cursorsKey } from './keys.ts'
import { CLUBS_MS, LIVES_REMEMBERED } from './limits.ts'
import type { RoomOf } from './places.ts'
import { type Reading, readAll } from './reading.ts'

const KIND = 'clubs'

export interface ClubsConsumerOptions {
  store: Store
  /** Nothing is counted without. */
  clubs?: Clubs
  rulebook: () => PublishedRulebook
  roomOf: RoomOf
  reading: Reading
}

/** What is seen of one account. */
interface Observing {
  account: number
  seen: Seen[]
  merged: number[]
}

interface Batch {
  elements: number
  observed: Map<number, Observing>
}

/** The club of a live, remembered: while a live runs its room keeps its host. */
function rememberClubs(store: Store, roomOf: RoomOf) {
  const clubs = new Map<number, number>()
  return async (live: number): Promise<number | undefined> => {
    const known = clubs.get(live)
    if (known !== undefined) return known
    const id = await roomOf(live)
    const room = id === undefined ? undefined : await getRoom(store, id)
    if (!room) return undefined
    const club = await earningNumber(store, room, 'host')
    for (const oldest of clubs.keys()) {
      if (clubs.size < LIVES_REMEMBERED) break
      clubs.delete(oldest)
    }
    clubs.set(live, club)
    return club
  }
}

export function clubsConsumer(options: ClubsConsumerOptions): Consumer {
  const { store, clubs, rulebook, roomOf, reading } = options
  /** Up to where each partition was counted. */
  const cursors = new Map<SlotTag, string>()
  const clubOf = rememberClubs(store, roomOf)

  function observing({ observed }: Batch, account: number): Observing {
    let known = observed.get(account)
    if (!known) {
      known = { account, seen: [], merged: [] }
      observed.set(account, known)
    }
    return known
  }

  /** Clubs of the lives in an element. Of events of servers only their entries tell the live. */
  async function clubsIn(
    element: JournalElement,
    about: About,
  ): Promise<ReadonlyMap<number, number | undefined>> {
    const entries = about.scored ? [] : (reading.skim(element)?.entries ?? [])
    const found = new Map<number, number | undefined>()
    for (const live of [...about.lives, ...entries.map((entry) => entry.live)])
      if (live > 0 && !found.has(live)) found.set(live, await clubOf(live))
    return found
  }

  /** Of who is in no club nothing is looked at. */
  async function add(
    element: JournalElement,
    batch: Batch,
    { members, about }: { members: ReadonlySet<number>; about: About },
  ): Promise<void> {
    const { atMs } = about
    const { day } = dayBounds(atMs, rulebook().book.timeZone)
    const found = await clubsIn(element, about)
    readAll(reading, element, {
      scored({ account, live, receipts }) {
        const club = members.has(account) ? found.get(live) : undefined
        if (club === undefined) return
        const { watchedSec, acts } = doingsOf(receipts, () => 1)
        const { comment = 0, question = 0, like = 0, share = 0, order = 0 } = acts
        const all = { comment: comment + question, like, share, order }
        if (watchedSec + all.comment + like + share + order === 0) return
        observing(batch, account).seen.push({ club, atMs, day, watchedSec, acts: all })
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
    elements: readonly JournalElement[],
    members: ReadonlySet<number>,
  ): Promise<Batch> {
    const batch: Batch = { elements: 0, observed: new Map() }
    for (const element of elements) {
      if (batch.observed.size >= RECORDS_PER_CALL) break
      const about = reading.about(element)
      if (about && !(about.scored && members.size === 0))
        await add(element, batch, { members, about })
      batch.elements++
    }
    return batch
  }

  /** False where the journal has lost the element. */
  async function note(
    of: Clubs,
    slot: SlotTag,
    { observed, last }: { observed: readonly Observed[]; last: string },
  ): Promise<boolean> {
    const from = cursors.get(slot) ?? '0-0'
    const reader = { journal: journalKey(slot), cursors: cursorsKey(slot), name: KIND, from, last }
    const written = await of.note(slot, observed, reader)
    if (written === 'gone') return false
    if (written === 'moved') throw new Error('another worker has got further')
    if (written === 'full') throw new Error('too much of fan clubs waits')
    cursors.set(slot, last)
    return true
  }

  return {
    kind: KIND,
    everyMs: CLUBS_MS,
    durableOnly: false,
    ownCursor: true,
    async open({ slot }, cursor) {
      cursors.set(slot, formatId(cursor))
      clubs?.forgetKnown(slot)
    },
    async handle({ slot }, elements) {
      const newest = must(elements.at(-1), 'an element').id
      if (!clubs?.isOn) {
        await writeCursor(store, slot, { kind: KIND, id: newest })
        cursors.set(slot, formatId(newest))
        return elements.length
      }
      // Asked for after the elements were read: who joined before any of them is among them.
      const members = await clubs.members(slot)
      let done = 0
      while (done < elements.length) {
        const { elements: count, observed } = await collect(elements.slice(done), members)
        const last = formatId(must(elements[done + count - 1], 'an element of a batch').id)
        if (!(await note(clubs, slot, { observed: [...observed.values()], last }))) break
        done += count
      }
      return done
    },
  }
}
