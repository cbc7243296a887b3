/** Viewers like each other's comments; enough of them make one a top comment, as the host's pick does. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import { keysOfRoom } from './keys.ts'
import source from './like-comment.lua'
import { noRoom } from './room.ts'

const script = defineScript({
  name: 'rooms.like-comment',
  source,
  keys: ['head', 'comments', 'liked'],
  args: { now_ms: 'int', comment: 'int', by: 'str', enough: 'int' },
  replies: {
    ok: { author: 'str', live: 'int', due: 'int' },
    own: {},
    not_found: {},
    room_not_found: {},
  },
})

export interface CommentLike {
  room: string
  comment: number
  /** Account of who likes it. */
  by: string
  /** So many others make the bonus due. */
  enough: number
  nowMs?: number
}

/** `due` names the author where the bonus is to be paid; it has the same cause each time. */
export async function likeComment(
  store: Store,
  { room, comment, by, enough, nowMs }: CommentLike,
): Promise<{ ok: true; due?: { author: string; live: number } } | Refusal> {
  const { head, comments, liked } = keysOfRoom(room)
  const reply = await script.run(store, {
    keys: { head, comments, liked },
    args: { now_ms: scriptNow(nowMs), comment, by, enough },
  })
  switch (reply.tag) {
    case 'ok': {
      const { author, live, due } = reply
      return { ok: true, ...(due === 1 && { due: { author, live } }) }
    }
    case 'own':
      return refuse('forbidden')
    case 'not_found':
      return refuse('not_found')
    case 'room_not_found':
      return noRoom()
  }
}
