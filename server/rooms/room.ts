/** A room's record, and the list of all rooms. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import type { LiveView } from '../../shared/room-state.ts'
import { must, randomId } from '../kernel/index.ts'
import { Batch, defineScript, type Store, scriptNow } from '../redis/index.ts'
import createRoomSource from './create.lua'
import { brandNumber, localNumbers } from './issuers.ts'
import { keysOfRoom, roomsKey } from './keys.ts'
import { ROOM_READS_AT_ONCE, ROOMS_PER_PAGE, RUNG_ASKED_MAX } from './limits.ts'
import setHostSource from './set-host.lua'

export interface RoomRecord {
  id: string
  name: string
  /** Id of the brand, as in tickets and signing keys. */
  brand: string
  /** The brand as lots name their issuer: 1 to 65,535. */
  brandNo: number
  /** Id of its host at the brand, as in tickets; empty for none. */
  host: string
  /** Rung of the ladder that viewers need to come in; 0 is for all. */
  rung: number
  /** IANA zone in which the room's day turns. */
  timeZone: string
  /** Id of a room profile of the rulebook; empty for none. */
  profile: string
  createdAtMs: number
}

export interface Room extends RoomRecord {
  /** A new epoch means that the numbers of moments may not continue where a reader stood. */
  epoch: string
  /** Live 0 is none: the room never had one. */
  live: LiveView
  /** Issuer numbers of the room and of its host, where points have been earned that are good only there. */
  local: readonly number[]
}

const createScript = defineScript({
  name: 'rooms.create',
  source: createRoomSource,
  keys: ['head', 'room'],
  args: {
    now_ms: 'int',
    epoch: 'str',
    name: 'str',
    brand: 'str',
    brand_no: 'int',
    host: 'str',
    rung: 'int',
    zone: 'str',
    profile: 'str',
  },
  replies: { created: {}, exists: {} },
})

export interface NewRoom {
  id: string
  name: string
  brand: string
  timeZone: string
  profile?: string
  host?: string
  rung?: number
  nowMs?: number
}

/** Creates the room, or answers the one that has the id already, unchanged. */
export async function createRoom(
  store: Store,
  input: NewRoom,
): Promise<{ created: boolean; room: Room }> {
  const { head, room } = keysOfRoom(input.id)
  const brand_no = await brandNumber(store, input.brand)
  const reply = await createScript.run(store, {
    keys: { head, room },
    args: {
      now_ms: scriptNow(input.nowMs),
      epoch: randomId(8),
      name: input.name,
      brand: input.brand,
      brand_no,
      host: input.host ?? '',
      rung: input.rung ?? 0,
      zone: input.timeZone,
      profile: input.profile ?? '',
    },
  })
  // After the room, so that the list never names one that does not exist; a repeat mends a crash between.
  await store.zadd(roomsKey, 0, input.id)
  return {
    created: reply.tag === 'created',
    room: must(await getRoom(store, input.id), `room ${input.id} after its creation`),
  }
}

/** The room as it stands, or undefined. */
export async function getRoom(store: Store, id: string): Promise<Room | undefined> {
  const keys = keysOfRoom(id)
  const [record, head] = await Promise.all([
    store.hgetall(keys.room),
    store.hmget(keys.head, 'epoch', 'live', 'state', 'started'),
  ])
  const [epoch, live, state, started] = head
  if (!epoch || record.name === undefined) return undefined
  const { brand = '', host = '' } = record
  return {
    id,
    name: record.name,
    brand,
    brandNo: Number(record.brandNo),
    host,
    local: await localNumbers(store, { id, brand, host }),
    rung: Number(record.rung ?? 0),
    timeZone: record.zone ?? 'UTC',
    profile: record.profile ?? '',
    createdAtMs: Number(record.createdAt),
    epoch,
    live: {
      no: Number(live),
      state: state === 'open' || state === 'ending' ? state : 'ended',
      startedAtMs: Number(started),
    },
  }
}

/** Rung that viewers need to come in from now on, 0 for none; who is in stays. The room exists. */
export async function setRoomRung(
  store: Store,
  { room, rung }: { room: string; rung: number },
): Promise<void> {
  await store.hset(keysOfRoom(room).room, 'rung', rung)
}

/** All who ask in one turn of the loop about one room share one answer, and so one call. */
const rungs = new Batch<null, number>(RUNG_ASKED_MAX, async (store, asking, key) => {
  const rung = Number((await store.hget(key, 'rung')) ?? 0)
  return asking.map(() => rung)
})

/** As it is now, for whoever stands at the door. */
export const roomRung = (store: Store, room: string): Promise<number> =>
  rungs.of(store, keysOfRoom(room).room, null)

const hostScript = defineScript({
  name: 'rooms.set-host',
  source: setHostSource,
  keys: ['head', 'room'],
  args: { host: 'str' },
  replies: { set: {}, room_open: {}, room_not_found: {} },
})

/**
 * Says who hosts a room, empty for nobody. `room_open` while a live is under way: where points of the host are good
 * does not change under those who watch.
 */
export async function setHost(
  store: Store,
  of: { room: string; host: string },
): Promise<{ ok: true } | Refusal> {
  const { head, room } = keysOfRoom(of.room)
  const { tag } = await hostScript.run(store, { keys: { head, room }, args: { host: of.host } })
  if (tag === 'set') return { ok: true }
  return tag === 'room_open' ? refuse('room_open') : noRoom()
}

export interface RoomPage {
  rooms: Room[]
  /** Pass as `after` for the next page; absent at the end. */
  next?: string
}

/** Rooms in the order of their ids, at most `limit` (100) a page. */
export async function listRooms(
  store: Store,
  page: { after?: string; limit?: number },
): Promise<RoomPage> {
  const limit = Math.min(page.limit ?? ROOMS_PER_PAGE, ROOMS_PER_PAGE)
  const from = page.after === undefined ? '-' : `(${page.after}`
  const ids = await store.zrangebylex(roomsKey, from, '+', 'LIMIT', 0, limit)
  const rooms: Room[] = []
  for (let i = 0; i < ids.length; i += ROOM_READS_AT_ONCE) {
    const some = await Promise.all(
      ids.slice(i, i + ROOM_READS_AT_ONCE).map((id) => getRoom(store, id)),
    )
    for (const room of some) if (room) rooms.push(room)
  }
  const last = ids.length === limit ? ids.at(-1) : undefined
  return { rooms, ...(last !== undefined && { next: last }) }
}

/** The refusal for an id that names no room. */
export const noRoom = (): Refusal => refuse('room_not_found')
