/** Routes of rooms and their lives. */

import { z } from 'zod'
import { refuse } from '../../../shared/errors.ts'
import { RuleId } from '../../../shared/rulebook/schema.ts'
import { readBudget } from '../../governance/index.ts'
import {
  createRoom,
  listRooms,
  type Room,
  setHost,
  setRoomRung,
  startLive,
} from '../../rooms/index.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { Id, Name, ok, TimeZone } from '../shapes/basics.ts'
import { LiveShape, Now, RoomShape } from '../shapes/room.ts'
import { nowOf } from './lives.ts'
import { roomOf } from './room-of.ts'

const RoomParams = z.strictObject({ room: Id })

const shown = ({ id, name, brand, host, rung, timeZone, profile, createdAtMs, live }: Room) => ({
  id,
  name,
  brand,
  host,
  rung,
  timeZone,
  profile,
  createdAtMs,
  live,
})

const BudgetShape = z
  .strictObject({
    points: z.int().min(1).describe('Most points that the live pays for what viewers do'),
    leased: z.int().min(0).describe('Of them in the hands of gateways, paid or not'),
    paid: z.int().min(0).describe('Reported as paid, at most a pulse behind'),
  })
  .describe('Only where the rulebook in force has a budget')

/** Of the live that is open, or of the last one. */
async function budgetOf({ id, live }: Room, { gate, rulebook }: ApiDeps) {
  const { budget } = rulebook().book
  if (!budget) return undefined
  const use = await readBudget(gate.store, id)
  const isOfLive = use?.live === live.no
  return {
    points: budget.points,
    leased: isOfLive ? use.leased : 0,
    paid: isOfLive ? use.paid : 0,
  }
}

const Rung = z.int().min(0).max(9).describe('Rung that viewers need to come in; 0 is for all')

/** A rung that the ladder lacks would keep everybody out. */
const isRung = ({ rulebook }: ApiDeps, rung = 0): boolean =>
  rung < rulebook().book.ladder.rungs.length

const create = route({
  method: 'POST',
  path: '/v1/rooms',
  what: 'Create a room. Where the brand has it already it is answered unchanged, with `created: false`.',
  access: 'signed',
  body: z.strictObject({
    id: Id,
    name: Name,
    timeZone: TimeZone.default('Asia/Shanghai').describe(
      'IANA zone in which the day of the room turns',
    ),
    host: Id.optional().describe(
      'Who hosts it, by the id in tickets; needed where points are good with one host only',
    ),
    profile: RuleId.optional().describe('Id of a room profile of the rulebook'),
    rung: Rung.optional(),
  }),
  reply: ok({ created: z.boolean(), room: RoomShape }),
  refusals: ['forbidden'],
  async run({ caller, body: { profile, host, rung, ...body } }, deps) {
    if (!isRung(deps, rung)) return refuse('bad_request', { field: 'rung' })
    const known = deps.rulebook().book.profiles.some(({ id }) => id === profile)
    if (profile !== undefined && !known) return refuse('bad_request', { field: 'profile' })
    const { created, room } = await createRoom(deps.gate.store, {
      ...body,
      brand: caller.brand,
      ...(profile === undefined ? {} : { profile }),
      ...(host === undefined ? {} : { host }),
      ...(rung === undefined ? {} : { rung }),
    })
    if (room.brand !== caller.brand) return refuse('forbidden', { field: 'id' })
    return { ok: true, created, room: shown(room) }
  },
})

const list = route({
  method: 'GET',
  path: '/v1/rooms',
  what: 'Rooms of the brand in the order of their ids. A page may be short and still have a next one.',
  access: 'operator',
  query: z.strictObject({ after: Id.optional() }),
  reply: ok({ rooms: z.array(RoomShape), next: Id.exactOptional() }),
  refusals: [],
  async run({ caller, query }, deps) {
    const page = await listRooms(
      deps.gate.store,
      query.after === undefined ? {} : { after: query.after },
    )
    const rooms = page.rooms.filter((room) => room.brand === caller.brand).map(shown)
    return { ok: true, rooms, ...(page.next === undefined ? {} : { next: page.next }) }
  },
})

const get = route({
  method: 'GET',
  path: '/v1/rooms/{room}',
  what: 'One room, where its live stands, and how much of its budget is used.',
  access: 'operator',
  params: RoomParams,
  reply: ok({ room: RoomShape, budget: BudgetShape.exactOptional() }),
  refusals: ['room_not_found'],
  async run({ caller, params }, deps) {
    const found = await roomOf(deps, caller, params.room)
    if (!found.ok) return found
    const budget = await budgetOf(found.room, deps)
    return { ok: true, room: shown(found.room), ...(budget && { budget }) }
  },
})

const door = route({
  method: 'POST',
  path: '/v1/rooms/{room}/rung',
  what: 'Say from which rung of the ladder on viewers may come in, 0 for all. It holds for who comes from now on; who is in stays. Hosts, stages and operators always come in.',
  access: 'signed',
  params: RoomParams,
  body: z.strictObject({ rung: Rung }),
  reply: ok({ room: RoomShape }),
  refusals: ['room_not_found', 'busy'],
  async run({ caller, params, body: { rung } }, deps) {
    const found = await roomOf(deps, caller, params.room)
    if (!found.ok) return found
    if (!isRung(deps, rung)) return refuse('bad_request', { field: 'rung' })
    await setRoomRung(deps.gate.store, { room: params.room, rung })
    return { ok: true, room: shown({ ...found.room, rung }) }
  },
})

const host = route({
  method: 'POST',
  path: '/v1/rooms/{room}/host',
  what: 'Say who hosts a room, while no live is under way. Points that are good with one host only stay with the host they were earned with.',
  access: 'signed',
  params: RoomParams,
  body: z.strictObject({ host: Id.nullable().describe('By the id in tickets; null for nobody') }),
  reply: ok({ room: RoomShape }),
  refusals: ['room_not_found', 'room_open'],
  async run({ caller, params, body }, deps) {
    const found = await roomOf(deps, caller, params.room)
    if (!found.ok) return found
    const { store } = deps.gate
    const set = await setHost(store, { room: params.room, host: body.host ?? '' })
    if (!set.ok) return set
    return { ok: true, room: shown({ ...found.room, host: body.host ?? '' }) }
  },
})

const now = route({
  method: 'GET',
  path: '/v1/rooms/{room}/now',
  what: 'How the live of a room goes, up to a second old, and how many broadcasts wait for the host.',
  access: 'operator',
  params: RoomParams,
  reply: ok(Now),
  refusals: ['room_not_found'],
  async run({ caller, params: { room } }, deps) {
    const found = await roomOf(deps, caller, room)
    if (!found.ok) return found
    const state = await nowOf(deps, found.room)
    return state ? { ok: true, ...state } : refuse('room_not_found')
  },
})

const start = route({
  method: 'POST',
  path: '/v1/rooms/{room}/start',
  what: 'Start a live: heat, board and comments begin empty. Just after the end of the one before it is `room_ending` for a moment.',
  access: 'signed',
  params: RoomParams,
  reply: ok({ live: LiveShape }),
  refusals: ['room_not_found', 'room_open', 'room_ending'],
  async run({ caller, params }, deps) {
    const found = await roomOf(deps, caller, params.room)
    return found.ok ? startLive(deps.gate.store, { room: params.room }) : found
  },
})

const end = route({
  method: 'POST',
  path: '/v1/rooms/{room}/end',
  what: 'End the live: nothing more is earned in it, and its session points expire. Repeat it until it answers `ended`.',
  access: 'signed',
  params: RoomParams,
  reply: ok({ live: LiveShape }),
  refusals: ['room_not_found', 'not_found', 'busy'],
  async run({ caller, params }, deps) {
    const found = await roomOf(deps, caller, params.room)
    return found.ok ? deps.endLive(params.room) : found
  },
})

export const roomRoutes = [create, list, get, now, host, door, start, end]
