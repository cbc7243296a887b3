/** What members of fan clubs do in the lives of their hosts, from the journals, handed to clubs. */

import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { dayBounds } from '../../shared/time.ts'
import { type Clubs, RECORDS_PER_CALL, type Seen } from '../clubs/index.ts'
import type { Store } from '../redis/index.ts'
import { earningNumber, getRoom } from '../rooms/index.ts'
import type { About } from '../scoring/index.ts'
import type { Consumer } from './consumer.ts'
import { doingsOf } from './doings.ts'
import type { JournalElement } from './element.ts'
import { CLUBS_MS, LIVES_REMEMBERED } from './limits.ts'
import { observingConsumer } from './observing.ts'
import type { RoomOf } from './places.ts'
import { type Reading, readAll } from './reading.ts'

export interface ClubsConsumerOptions {
  store: Store
  /** Nothing is counted without. */
  clubs?: Clubs
  rulebook: () => PublishedRulebook
  roomOf: RoomOf
  reading: Reading
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
  const clubOf = rememberClubs(store, roomOf)

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

  return observingConsumer<Seen>({
    kind: 'clubs',
    everyMs: CLUBS_MS,
    store,
    reading,
    observer: clubs,
    accountsMax: RECORDS_PER_CALL,
    fullText: 'too much of fan clubs waits',
    async begin(slot) {
      // Asked for after the elements were read: who joined before any of them is among them.
      const members = (await clubs?.members(slot)) ?? new Set<number>()
      return async (element, about, to) => {
        // Of who is in no club nothing is looked at.
        if (about.scored && members.size === 0) return
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
            to.seenOf(account).push({ club, atMs, day, watchedSec, acts: all })
          },
          rest: (batch) => to.noteMerges(batch),
        })
      }
    },
  })
}
