/** Viewers like each other's comments; enough of them make one a top comment, as the host's pick does. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import { keysOfRoom } from './keys.ts'
import source from './like-comment.lua'
import { noRoom } from './room.ts'

const script = defineScript({
  name: 'rooms.like-comment',
  source,
  keys: ['head', 'comments', 'liked', 'owed'],
  args: { now_ms: 'int', comment: 'int', by: 'str', enough: 'int' },
  replies: {
    ok: { live: 'int', due: 'str' },
    own: {},
    not_found: {},
    room_not_found: {},
  },
})

const OWED = /(\d+):(\S+)/g

export interface CommentLike {
  room: string
  comment: number
  /** Account of who likes it. */
  by: string
  /** So many others make the bonus due. */
  enough: number
  nowMs?: number
}

/** A comment whose author is owed the bonus; it has the same cause each time it is paid. */
export interface TopComment {
  author: string
  live: number
  comment: number
}

/** Names the bonus: it is credited once, whoever pays it. */
export const topCommentId = ({ live, comment }: Pick<TopComment, 'live' | 'comment'>): string =>
  `${live} ${comment}`

/** `due` are those to be paid now: of this comment, and what another gateway was cut off from paying. */
export async function likeComment(
  store: Store,
  { room, comment, by, enough, nowMs }: CommentLike,
): Promise<{ ok: true; due: TopComment[] } | Refusal> {
  const { head, comments, liked, owed } = keysOfRoom(room)
  const reply = await script.run(store, {
    keys: { head, comments, liked, owed },
    args: { now_ms: scriptNow(nowMs), comment, by, enough },
  })
  switch (reply.tag) {
    case 'ok': {
      const due = [...reply.due.matchAll(OWED)].map(([, of, author = '']) => ({
        author,
        live: reply.live,
        comment: Number(of),
      }))
      return { ok: true, due }
    }
    case 'own':
      return refuse('forbidden')
    case 'not_found':
      return refuse('not_found')
    case 'room_not_found':
      return noRoom()
  }
}

/** Whose bonus nobody has paid yet; the next live of the room forgets it. */
export async function owedTopComments(
  store: Store,
  { room, live }: { room: string; live: number },
): Promise<TopComment[]> {
  const owed = await store.hgetall(keysOfRoom(room).owed)
  return Object.entries(owed).map(([of, author]) => ({ author, live, comment: Number(of) }))
}

/** The bonus of a comment is paid; until then it is owed. */
export async function settleTopComment(
  store: Store,
  { room, comment }: { room: string; comment: number },
): Promise<void> {
  await store.hdel(keysOfRoom(room).owed, String(comment))
}
