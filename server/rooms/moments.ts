/** Moments of a room, for a client that resumes behind what its gateway holds. */

import type { Moment, MomentBody } from '../../shared/room-state.ts'
import { defineScript, type Store } from '../redis/index.ts'
import { keysOfRoom } from './keys.ts'
import source from './moments-after.lua'

/** Moments as scripts answer them: number, time and body in turn. */
export function decodeMoments(list: readonly (Buffer | number | null)[]): Moment[] {
  const moments: Moment[] = []
  for (let i = 0; i + 2 < list.length; i += 3) {
    const body = JSON.parse(String(list[i + 2])) as MomentBody
    moments.push({ seq: Number(list[i]), atMs: Number(list[i + 1]), ...body })
  }
  return moments
}

const script = defineScript({
  name: 'rooms.moments-after',
  source,
  keys: ['head', 'moments'],
  args: { epoch: 'str', after: 'int' },
  replies: {
    ok: { epoch: 'str', seq: 'int', moments: 'list' },
    gone: { epoch: 'str', seq: 'int' },
    room_not_found: {},
  },
  readonly: true,
})

export interface MomentsRead {
  epoch: string
  /** Of the newest moment. */
  seq: number
  /** In order from the first after the cursor, at most 100; absent where the reader must take the whole room anew. */
  moments?: Moment[]
}

/** Moments after a cursor; undefined where there is no such room. */
export async function momentsAfter(
  store: Store,
  { room, epoch, seq }: { room: string; epoch: string; seq: number },
): Promise<MomentsRead | undefined> {
  const { head, moments } = keysOfRoom(room)
  const reply = await script.run(store, { keys: { head, moments }, args: { epoch, after: seq } })
  if (reply.tag === 'room_not_found') return undefined
  const read = { epoch: reply.epoch, seq: reply.seq }
  return reply.tag === 'gone' ? read : { ...read, moments: decodeMoments(reply.moments) }
}
