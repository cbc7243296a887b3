/** Where what was live in a room can be watched again, as its merchant says. */

import { z } from 'zod'
import type { Store } from '../redis/index.ts'
import { keysOfRoom } from './keys.ts'

const FIELD = 'replay'

const Replay = z.object({
  /** Number of the live that it shows. */
  live: z.number(),
  url: z.string(),
  /** When it was set, Unix ms. */
  atMs: z.number(),
})
export type Replay = z.infer<typeof Replay>

/** Takes the place of the one before; the room exists. */
export async function setReplay(store: Store, room: string, replay: Replay): Promise<void> {
  await store.hset(keysOfRoom(room).room, FIELD, JSON.stringify(replay))
}

/** Of those of the rooms that have one, in their order. */
export async function readReplays(
  store: Store,
  rooms: readonly string[],
): Promise<(Replay & { room: string })[]> {
  const found = await Promise.all(
    rooms.map(async (room) => ({ room, text: await store.hget(keysOfRoom(room).room, FIELD) })),
  )
  return found.flatMap(({ room, text }) =>
    text ? [{ room, ...Replay.parse(JSON.parse(text)) }] : [],
  )
}
