/** Routes of what points buy in rooms: how it stands, and proofs of draws. */

import { z } from 'zod'
import { ID_PATTERN } from '../../../shared/ids.ts'
import { route } from '../route.ts'
import { Id, ok } from '../shapes/basics.ts'
import { PlayShape, PrizeShape } from '../shapes/play.ts'
import { roomOf } from './room-of.ts'

const Count = z.int().min(0)
/** `ROOM.NUMBER`. */
const DrawName = z.string().refine(
  (text) => {
    const [room = '', number = '', ...more] = text.split('.')
    return ID_PATTERN.test(room) && /^[1-9]\d{0,9}$/.test(number) && more.length === 0
  },
  { message: 'ROOM.NUMBER' },
)

const proof = route({
  method: 'GET',
  path: '/v1/draws/{draw}/proof',
  what: 'Everything that checks a draw or blind boxes which are over: `commitment` is SHA-256 of `seed`, and the winners follow from seed and tickets as `shared/draw.ts` says. Until it is over it is not found.',
  access: 'open',
  anyOrigin: true,
  params: z.strictObject({ draw: DrawName }),
  reply: ok({
    draw: z.string(),
    box: z.boolean(),
    commitment: z.string(),
    seed: z.string(),
    prizes: z.array(PrizeShape),
    entries: z.array(z.object({ handle: z.string(), first: Count, count: Count })),
    wins: z.array(z.object({ handle: z.string(), ticket: Count, prize: Count })),
  }),
  refusals: ['not_found', 'busy'],
  run({ params }, deps) {
    const [room = '', number] = params.draw.split('.')
    return deps.effects.readProof({ room, game: Number(number) })
  },
})

const play = route({
  method: 'GET',
  path: '/v1/rooms/{room}/play',
  what: 'Broadcasts that wait, draws and votes that run, and what tips came to: given, to the host, burned.',
  access: 'operator',
  params: z.strictObject({ room: Id }),
  reply: ok({ play: PlayShape }),
  refusals: ['room_not_found'],
  async run({ caller, params }, deps) {
    const found = await roomOf(deps, caller, params.room)
    return found.ok ? { ok: true, play: await deps.effects.readHost(params.room) } : found
  },
})

export const playRoutes = [proof, play]
