/** The room a caller names, where it is theirs. */

import { type Refusal, refuse } from '../../../shared/errors.ts'
import { getRoom, type Room } from '../../rooms/index.ts'
import type { ApiDeps } from '../deps.ts'
import type { Caller } from '../route.ts'

/**
 * Another brand's room is answered like one that does not exist, so that nobody learns of it; a host's other
 * room is `forbidden`.
 */
export async function roomOf(
  deps: ApiDeps,
  caller: Caller,
  id: string,
): Promise<{ ok: true; room: Room } | Refusal> {
  if (caller.room !== undefined && caller.room !== id) return refuse('forbidden')
  const room = await getRoom(deps.gate.store, id)
  return room && room.brand === caller.brand ? { ok: true, room } : refuse('room_not_found')
}
