/** Viewers of a high rung who come in: a cue for the host to greet them. */

import { isId } from '../../shared/ids.ts'
import { assert } from '../kernel/index.ts'
import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import source from './greet.lua'
import { keysOfRoom } from './keys.ts'
import { GREETED_PER_CALL } from './limits.ts'

const script = defineScript({
  name: 'rooms.greet',
  source,
  keys: ['head', 'cues', 'queue', 'reached'],
  args: { now_ms: 'int', ladder: 'str' },
  each: { keys: [], args: { account: 'str', rung: 'int', name: 'str' } },
  replies: { greeted: { count: 'int' }, room_not_found: {} },
})

export interface Guest {
  /** By which a client recognises itself. */
  handle: string
  rung: number
  /** Empty for who does not want to be named. */
  name: string
}

/** Asks the host to greet up to 200 guests, each once in a live; answers how many are new to it. */
export async function greet(
  store: Store,
  of: { room: string; ladder: string; guests: readonly Guest[]; nowMs?: number },
): Promise<number> {
  assert(of.guests.length <= GREETED_PER_CALL, 'too many guests in one call')
  assert(isId(of.ladder), 'a ladder id is an id')
  const { head, cues, queue, reached } = keysOfRoom(of.room)
  const reply = await script.run(store, {
    keys: { head, cues, queue, reached },
    args: { now_ms: scriptNow(of.nowMs), ladder: of.ladder },
    each: of.guests.map(({ handle, rung, name }) => ({
      keys: {},
      args: { account: handle, rung, name: name && JSON.stringify(name) },
    })),
  })
  return reply.tag === 'greeted' ? reply.count : 0
}
