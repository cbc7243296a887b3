/** What a host does to the picture: spotlight a comment, fall silent. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import type { CommentLine, MomentBody } from '../../shared/room-state.ts'
import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import { keysOfRoom } from './keys.ts'
import { noRoom } from './room.ts'
import setSafeSource from './set-safe.lua'
import spotlightSource from './spotlight.lua'

const spotlightScript = defineScript({
  name: 'rooms.spotlight',
  source: spotlightSource,
  keys: ['head', 'moments', 'comments', 'spotlit'],
  args: { now_ms: 'int', comment: 'int' },
  replies: {
    ok: { account: 'str', json: 'str', live: 'int' },
    replayed: { account: 'str', json: 'str', live: 'int' },
    not_found: {},
    room_not_found: {},
  },
})

export type Spotlit =
  | {
      ok: true
      /** The comment was on stage before; the bonus has the same cause, so awarding it again pays nothing. */
      replayed: boolean
      account: string
      live: number
      comment: CommentLine
    }
  | Refusal

/**
 * Puts a comment of the ring on stage, once; answers its author for the bonus. Refused with `not_found` where
 * the ring has let go of it.
 */
export async function spotlightComment(
  store: Store,
  { room, comment, nowMs }: { room: string; comment: number; nowMs?: number },
): Promise<Spotlit> {
  const { head, moments, comments, spotlit } = keysOfRoom(room)
  const reply = await spotlightScript.run(store, {
    keys: { head, moments, comments, spotlit },
    args: { now_ms: scriptNow(nowMs), comment },
  })
  if (reply.tag === 'room_not_found') return noRoom()
  if (reply.tag === 'not_found') return refuse('not_found')
  return {
    ok: true,
    replayed: reply.tag === 'replayed',
    account: reply.account,
    live: reply.live,
    comment: JSON.parse(reply.json) as CommentLine,
  }
}

const safeScript = defineScript({
  name: 'rooms.set-safe',
  source: setSafeSource,
  keys: ['head', 'moments'],
  args: { now_ms: 'int', safe: 'int', body: 'str' },
  replies: { ok: {}, room_not_found: {} },
})

/** Switches safe mode; a moment tells the room where that changed anything. */
export async function setSafe(
  store: Store,
  { room, safe, nowMs }: { room: string; safe: boolean; nowMs?: number },
): Promise<{ ok: true } | Refusal> {
  const { head, moments } = keysOfRoom(room)
  const body: MomentBody = { kind: 'stage.safe', safe }
  const reply = await safeScript.run(store, {
    keys: { head, moments },
    args: { now_ms: scriptNow(nowMs), safe: safe ? 1 : 0, body: JSON.stringify(body) },
  })
  return reply.tag === 'ok' ? { ok: true } : noRoom()
}
