/** An entry of the journal as targeting sees it: what was done, when by the platform's day, and in what kind of room. */

import type { Seen } from '../../shared/behaviour.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { dayBounds, HOUR_MS } from '../../shared/time.ts'
import type { Store } from '../redis/index.ts'
import { getRoom } from '../rooms/index.ts'
import type { SkimmedEntry } from '../scoring/index.ts'
import { type Doings, doingsOf } from './doings.ts'
import { LIVES_REMEMBERED } from './limits.ts'
import type { RoomOf } from './places.ts'

const HOURS_PER_DAY = 24

export interface SeenOptions {
  store: Store
  rulebook: () => PublishedRulebook
  roomOf: RoomOf
}

/** Where something was done. */
type Place = Pick<Seen, 'room' | 'kind'>

const isSomething = ({ started, watchedSec, acts, spentFen }: Doings): boolean => {
  if (started || watchedSec > 0 || spentFen > 0) return true
  for (const _ in acts) return true
  return false
}

/** Undefined where nothing was done that counts. At once wherever the room is known: nearly every entry is of one. */
export function seenReader({ store, rulebook, roomOf }: SeenOptions) {
  const places = new Map<number, Place>()
  const fenOf = (ruleNo: number): number =>
    ruleNo === 0 ? 1 : (rulebook().book.earn.find(({ no }) => no === ruleNo)?.per ?? 1)

  /** What kind a room is, as its profile says; the oldest is asked for again. */
  async function findPlace(live: number): Promise<Place> {
    const room = (await roomOf(live)) ?? ''
    const kind = (room === '' ? undefined : await getRoom(store, room))?.profile ?? ''
    const place = { room, kind }
    for (const oldest of places.keys()) {
      if (places.size < LIVES_REMEMBERED) break
      places.delete(oldest)
    }
    if (room !== '') places.set(live, place)
    return place
  }

  return (entry: SkimmedEntry, atMs: number): Seen | undefined | Promise<Seen> => {
    const { live, receipts, promotions } = entry
    const doings = doingsOf(receipts, fenOf)
    const rung = promotions.at(-1)?.rung
    if (rung === undefined && !isSomething(doings)) return undefined
    const { day, endsAtMs } = dayBounds(atMs, rulebook().book.timeZone)
    const hour = Math.max(0, HOURS_PER_DAY - Math.ceil((endsAtMs - atMs) / HOUR_MS))
    const { started, watchedSec, acts, spentFen } = doings
    const seenIn = ({ room, kind }: Place): Seen => {
      const seen: Seen = {
        atMs,
        day,
        hour,
        live,
        room,
        kind,
        started,
        watchedSec,
        acts,
        spentFen,
      }
      if (rung !== undefined) seen.rung = rung
      return seen
    }
    const place = places.get(live)
    return place ? seenIn(place) : findPlace(live).then(seenIn)
  }
}
