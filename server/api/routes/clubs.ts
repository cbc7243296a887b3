/** Routes of fan clubs. */

import { z } from 'zod'
import { route } from '../route.ts'
import { Id } from '../shapes/basics.ts'
import { ClubDeskReadShape } from '../shapes/clubs.ts'
import { roomOf } from './room-of.ts'

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
    if (!found.ok) return found
    const { room } = found
    return deps.clubs.desk(await deps.clubs.at({ ...room, live: room.live.no }))
  },
})

export const clubRoutes = [desk]
