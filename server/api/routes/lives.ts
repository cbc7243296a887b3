/** How the lives of a brand go, all in one answer. */

import { z } from 'zod'
import { listRooms, ROOM_READS_AT_ONCE, type Room } from '../../rooms/index.ts'
import type { ApiDeps } from '../deps.ts'
import { LIVES_SHOWN, LIVES_WALKED_MAX } from '../limits.ts'
import { route } from '../route.ts'
import { Count, Id, ok } from '../shapes/basics.ts'
import { Now } from '../shapes/room.ts'

/** Up to a second old; undefined where there is no such room. */
export async function nowOf(deps: ApiDeps, { id, live }: Room) {
  const state = await deps.roomNow(id)
  if (!state) return undefined
  const { asks } = await deps.effects.readHost(id)
  return { live, ...state, asks: asks.length }
}

async function openRooms(deps: ApiDeps, brand: string): Promise<Room[]> {
  const open: Room[] = []
  let after: string | undefined
  do {
    const page = await listRooms(deps.gate.store, after === undefined ? {} : { after })
    open.push(...page.rooms.filter((room) => room.brand === brand && room.live.state === 'open'))
    after = page.next
  } while (after !== undefined && open.length < LIVES_WALKED_MAX)
  return open.slice(0, LIVES_WALKED_MAX)
}

const read = route({
  method: 'GET',
  path: '/v1/lives',
  what: `The lives of the brand that go now, most viewers first: the first ${LIVES_SHOWN}, and all others whose host is waited for.`,
  access: 'operator',
  reply: ok({
    count: Count.describe(`Lives that go, at most ${LIVES_WALKED_MAX} are looked at`),
    rooms: z.array(z.object({ id: Id, name: z.string(), ...Now })),
  }),
  refusals: [],
  async run({ caller }, deps) {
    const open = await openRooms(deps, caller.brand)
    const states = []
    for (let i = 0; i < open.length; i += ROOM_READS_AT_ONCE) {
      const some = open.slice(i, i + ROOM_READS_AT_ONCE).map(async (room) => {
        const now = await nowOf(deps, room)
        return now ? [{ id: room.id, name: room.name, ...now }] : []
      })
      states.push(...(await Promise.all(some)).flat())
    }
    states.sort((a, b) => b.audience - a.audience)
    const rooms = states.filter(({ asks }, i) => i < LIVES_SHOWN || asks > 0)
    return { ok: true, count: states.length, rooms }
  },
})

export const liveRoutes = [read]
