/** The room of a live, remembered: a live never changes its room. */

import type { Store } from '../redis/index.ts'
import { roomOfLive } from '../rooms/index.ts'
import { LIVES_REMEMBERED } from './limits.ts'

export type RoomOf = (live: number) => Promise<string | undefined>

/** Undefined where the live is none, or ended more than two days ago. */
export function rememberRooms(store: Store): RoomOf {
  const rooms = new Map<number, string>()
  return async (live) => {
    if (live === 0) return undefined
    const known = rooms.get(live)
    if (known !== undefined) return known
    const room = await roomOfLive(store, live)
    if (room === undefined) return undefined
    if (rooms.size >= LIVES_REMEMBERED) {
      const [oldest] = rooms.keys()
      if (oldest !== undefined) rooms.delete(oldest)
    }
    rooms.set(live, room)
    return room
  }
}
