/** Routes of replays: where a live that ended can be watched again. */

import { createHash } from 'node:crypto'
import { z } from 'zod'
import { refuse } from '../../../shared/errors.ts'
import { setReplay } from '../../rooms/index.ts'
import { tellBrand } from '../../webhooks/index.ts'
import { route } from '../route.ts'
import { Id, ok } from '../shapes/basics.ts'
import { roomOf } from './room-of.ts'

/** Of the hash that tells one address of a live from another. */
const HASH_LENGTH = 16

const replay = route({
  method: 'POST',
  path: '/v1/rooms/{room}/replay',
  what: 'Say where the live that ended last can be watched again. Viewers who watch the room most find it in their points sheet, as missed or seen; `segment.entered` carries it for whoever writes to viewers who stay away; webhooks hear `replay.ready`, once for an address of a live.',
  access: 'signed',
  params: z.strictObject({ room: Id }),
  body: z.strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .describe('Where the replay is'),
  }),
  reply: ok({ live: z.int().min(1) }),
  refusals: ['room_not_found', 'room_open', 'busy'],
  async run({ caller, params: { room }, body: { url } }, deps) {
    const found = await roomOf(deps, caller, room)
    if (!found.ok) return found
    const { no: live, state } = found.room.live
    if (state !== 'ended') return refuse('room_open')
    const { store } = deps.gate
    const atMs = deps.clock.now()
    await setReplay(store, room, { live, url, atMs })
    const hash = createHash('sha256').update(url).digest('hex').slice(0, HASH_LENGTH)
    const telling = { type: 'replay.ready', id: `replay-${live}-${hash}`, atMs } as const
    await tellBrand(store, { ...telling, brand: caller.brand, data: { room, live, url } })
    return { ok: true, live }
  },
})

export const replayRoutes = [replay]
