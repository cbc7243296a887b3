/** Routes of fan clubs: a host's own, and for operators all of the brand. */

import { z } from 'zod'
import type { ClubDesk } from '../../../shared/clubs.ts'
import { listRooms, type Room } from '../../rooms/index.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { Id, Name, ok } from '../shapes/basics.ts'
import { ClubDeskReadShape, ClubDeskShape } from '../shapes/clubs.ts'
import { roomOf } from './room-of.ts'

const placeOf = ({ clubs }: ApiDeps, room: Room) => clubs.at({ ...room, live: room.live.no })

const desk = route({
  method: 'GET',
  path: '/v1/rooms/{room}/club',
  what: "The fan club of a room's host: members on each rank, tasks, and points that tasks of today may still promise. A host sees the own only.",
  access: 'host',
  params: z.strictObject({ room: Id }),
  reply: ClubDeskReadShape,
  refusals: ['room_not_found', 'forbidden'],
  async run({ caller, params }, deps) {
    const found = await roomOf(deps, caller, params.room)
    return found.ok ? deps.clubs.desk(await placeOf(deps, found.room)) : found
  },
})

interface Listed {
  host: string
  rooms: { id: string; name: string }[]
  club: ClubDesk
}

const list = route({
  method: 'GET',
  path: '/v1/clubs',
  what: 'Fan clubs of the brand, in the order of the rooms they are met in; one with rooms on several pages is on each. A club that nobody ever opened is left out.',
  access: 'operator',
  query: z.strictObject({ after: Id.optional().describe('`next` of the page before') }),
  reply: ok({
    on: z.boolean().describe('The rulebook has fan clubs'),
    clubs: z.array(
      z.object({
        host: z.string().describe('Id of the host at the brand; empty where the room has none'),
        rooms: z.array(z.object({ id: Id, name: Name })),
        club: ClubDeskShape,
      }),
    ),
    next: Id.exactOptional(),
  }),
  refusals: [],
  async run({ caller, query: { after } }, deps) {
    const on = deps.clubs.isOn
    if (!on) return { ok: true, on, clubs: [] }
    const { rooms, next } = await listRooms(deps.gate.store, after === undefined ? {} : { after })
    const clubs = new Map<number, Listed>()
    for (const room of rooms) {
      // Who opens a club gives its host a number; to read one that nobody opened would do so too.
      if (room.brand !== caller.brand || room.local.length === 0) continue
      const { id, name, host } = room
      const place = await placeOf(deps, room)
      const known = clubs.get(place.club)
      known?.rooms.push({ id, name })
      const { club } = known ?? (await deps.clubs.desk(place))
      if (!known && club) clubs.set(place.club, { host, rooms: [{ id, name }], club })
    }
    return { ok: true, on, clubs: [...clubs.values()], ...(next !== undefined && { next }) }
  },
})

const end = route({
  method: 'POST',
  path: '/v1/rooms/{room}/club/tasks/{task}/end',
  what: "End a task of the fan club of a room's host now; what members reached before is paid.",
  access: 'operator',
  params: z.strictObject({ room: Id, task: z.coerce.number().int().min(1) }),
  body: z.strictObject({}),
  reply: ok({}),
  refusals: ['room_not_found', 'task_closed'],
  async run({ caller, params: { room, task } }, deps) {
    const found = await roomOf(deps, caller, room)
    return found.ok ? deps.clubs.endTask(await placeOf(deps, found.room), task) : found
  },
})

export const clubRoutes = [desk, list, end]
