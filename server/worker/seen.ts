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

/** When something was seen. */
export type SeenTime = Pick<Seen, 'atMs' | 'day' | 'hour'>

/** Where something was done. */
type Place = Pick<Seen, 'room' | 'kind'>

const isSomething = ({ started, watchedSec, acts, spentFen }: Doings): boolean => {
  if (started || watchedSec > 0 || spentFen > 0) return true
  for (const _ in acts) return true
  return false
}

export interface SeenReader {
  /** Finds the rooms of lives, of which entries are to be read. */
  know(lives: readonly number[]): Promise<void>
  /** Day and hour of the platform's zone. */
  timeOf(atMs: number): SeenTime
  /** Undefined where nothing was done that counts. */
  read(entry: SkimmedEntry, at: SeenTime): Seen | undefined
}

const NOWHERE: Place = { room: '', kind: '' }

export function seenReader({ store, rulebook, roomOf }: SeenOptions): SeenReader {
  const places = new Map<number, Place>()
  const fenOf = (ruleNo: number): number =>
    ruleNo === 0 ? 1 : (rulebook().book.earn.find(({ no }) => no === ruleNo)?.per ?? 1)

  /** What kind a room is, as its profile says; the oldest is asked for again. */
  async function findPlace(live: number): Promise<void> {
    const room = (await roomOf(live)) ?? ''
    const kind = (room === '' ? undefined : await getRoom(store, room))?.profile ?? ''
    for (const oldest of places.keys()) {
      if (places.size < LIVES_REMEMBERED) break
      places.delete(oldest)
    }
    if (room !== '') places.set(live, { room, kind })
  }

  return {
    async know(lives) {
      for (const live of lives) if (live > 0 && !places.has(live)) await findPlace(live)
    },

    timeOf(atMs) {
      const { day, endsAtMs } = dayBounds(atMs, rulebook().book.timeZone)
      const hour = Math.max(0, HOURS_PER_DAY - Math.ceil((endsAtMs - atMs) / HOUR_MS))
      return { atMs, day, hour }
    },

    read({ live, receipts, promotions }, { atMs, day, hour }) {
      const doings = doingsOf(receipts, fenOf)
      const rung = promotions.at(-1)?.rung
      if (rung === undefined && !isSomething(doings)) return undefined
      const { room, kind } = places.get(live) ?? NOWHERE
      const { started, watchedSec, acts, spentFen } = doings
      const seen: Seen = { atMs, day, hour, live, room, kind, started, watchedSec, acts, spentFen }
      if (rung !== undefined) seen.rung = rung
      return seen
    },
  }
}
