/** Rooms as a process without sockets sees them: what an event of a server is scored with. */

import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { type Clock, randomId } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { platformContext, type RoomContext } from './compile.ts'
import { type PointsPlace, readPlace } from './place.ts'
import { NO_CURSOR, pulse, pulseRules } from './pulse.ts'
import { roomContext } from './room-view.ts'

/** A reading serves this long; the context says itself until when its heat counts. */
const FRESH_MS = 1000
/** Rooms kept; the oldest reading goes. */
const ROOMS_KEPT = 1000

export interface RoomReaderOptions {
  store: Store
  rulebook: () => PublishedRulebook
  clock: Clock
  /** Of this process among the gateways: its pulses carry nothing and are counted apart. */
  gateway: number
}

/** What is scored there, and whose points are good there. */
export type PlaceContext = RoomContext & Pick<PointsPlace, 'payers'>

export type ReadRoom = (room: string) => Promise<PlaceContext | undefined>

/** Answers the context of a room, or undefined where there is none. Throws where Redis cannot be reached. */
export function createRoomReader(options: RoomReaderOptions): ReadRoom {
  const { store, clock, gateway } = options
  const incarnation = randomId(6)
  const readings = new Map<string, { atMs: number; reading: Promise<PlaceContext | undefined> }>()
  let sequence = 0

  async function read(id: string): Promise<PlaceContext | undefined> {
    const published = options.rulebook()
    const place = await readPlace(store, id, published.book)
    if (!place) return undefined
    const { room, issuer, payers } = place
    sequence += 1
    const result = await pulse(store, {
      room: id,
      gateway,
      incarnation,
      sequence,
      live: 0,
      weight: 0,
      byAction: [],
      actors: [],
      audience: 0,
      board: [],
      comments: [],
      issued: 0,
      cursor: NO_CURSOR,
      rules: pulseRules(published),
      host: false,
    })
    if (!result) return undefined
    const { level, ...view } = roomContext(result)
    return {
      ...platformContext(published.version, published.book, issuer),
      payers,
      ...view,
      profile: room.profile,
      timeZone: room.timeZone,
      heatLevel: level,
    }
  }

  return (id) => {
    const known = readings.get(id)
    if (known && clock.now() - known.atMs < FRESH_MS) return known.reading
    const reading = read(id)
    readings.delete(id)
    readings.set(id, { atMs: clock.now(), reading })
    reading.catch(() => readings.delete(id))
    if (readings.size > ROOMS_KEPT) readings.delete(readings.keys().next().value ?? '')
    return reading
  }
}
