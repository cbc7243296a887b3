/** Rooms as a process without sockets sees them: what an event of a server is scored with. */

import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { type Clock, randomId } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { platformContext, type RoomContext } from './compile.ts'
import { type PointsPlace, readPlace } from './place.ts'
import { pulse, pulseRules } from './pulse.ts'
import { NO_CURSOR, type PulseResult } from './pulse-message.ts'
import { roomContext } from './room-view.ts'

/** A reading serves this long; the context says itself until when its heat counts. */
const FRESH_MS = 1000
/** Rooms kept; the oldest reading goes. */
const ROOMS_KEPT = 1000

export interface RoomReaderOptions {
  store: Store
  rulebook: () => PublishedRulebook
  /** The version that a room is played by; the current one without it. */
  playing?: { inRoom(room: { id: string; profile: string }): PublishedRulebook }
  clock: Clock
  /** Of this process among the gateways: its pulses carry nothing and are counted apart. */
  gateway: number
}

/** What is scored there, and whose points are good there. */
export type PlaceContext = RoomContext & Pick<PointsPlace, 'payers'>

export type ReadRoom = (room: string) => Promise<PlaceContext | undefined>

interface Look {
  place: PointsPlace
  published: PublishedRulebook
  result: PulseResult
}

/** Looks at a room as its gateways do, adding nothing to it; undefined where there is none. */
function createLook(options: RoomReaderOptions): (room: string) => Promise<Look | undefined> {
  const { store, gateway } = options
  const incarnation = randomId(6)
  let sequence = 0
  return async (id) => {
    const { book } = options.rulebook()
    const place = await readPlace(store, id, book)
    if (!place) return undefined
    const published = options.playing?.inRoom(place.room) ?? options.rulebook()
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
    return result && { place, published, result }
  }
}

/** Answers the newest look at a room that is not older than a second. */
function kept<T>(
  clock: Clock,
  look: (room: string) => Promise<T | undefined>,
): (room: string) => Promise<T | undefined> {
  const readings = new Map<string, { atMs: number; reading: Promise<T | undefined> }>()
  return (id) => {
    const known = readings.get(id)
    if (known && clock.now() - known.atMs < FRESH_MS) return known.reading
    const reading = look(id)
    readings.delete(id)
    readings.set(id, { atMs: clock.now(), reading })
    reading.catch(() => readings.delete(id))
    if (readings.size > ROOMS_KEPT) readings.delete(readings.keys().next().value ?? '')
    return reading
  }
}

/** Answers the context of a room, or undefined where there is none. Throws where Redis cannot be reached. */
export function createRoomReader(options: RoomReaderOptions): ReadRoom {
  const look = createLook(options)
  return kept(options.clock, async (id) => {
    const found = await look(id)
    if (!found) return undefined
    const { place, published, result } = found
    const { level, ...view } = roomContext(result)
    return {
      ...platformContext(published.version, published.book, place.issuer),
      payers: place.payers,
      ...view,
      profile: place.room.profile,
      timeZone: place.room.timeZone,
      heatLevel: level,
    }
  })
}

/** How a live goes, for who watches over several. */
export interface RoomNow {
  audience: number
  heat: { value: number; level: number }
  /** Viewers who did something in the last minute. */
  actors: number
  /** Points that behaviour earned in this live. */
  issued: number
  /** The host has silenced the picture. */
  safe: boolean
}

/** Answers how a room stands, up to a second old; undefined where there is none. Throws where Redis cannot be reached. */
export function createRoomWatch(
  options: RoomReaderOptions,
): (room: string) => Promise<RoomNow | undefined> {
  const look = createLook(options)
  return kept(options.clock, async (id) => {
    const found = await look(id)
    if (!found) return undefined
    const { audience, heat, actors, issued, safe } = found.result
    return { audience, heat: { value: heat.milli / 1000, level: heat.level }, actors, issued, safe }
  })
}
