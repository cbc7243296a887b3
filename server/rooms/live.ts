/** A live from its start to its end; each step may be repeated. */

import type { Refusal } from '../../shared/errors.ts'
import { refuse } from '../../shared/errors.ts'
import type { LiveView } from '../../shared/room-state.ts'
import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import endSource from './end-live.lua'
import { askEnding, forgetPlace, placeLive, roomOfLive } from './endings.ts'
import finishSource from './finish-live.lua'
import { keysOfRoom, livesKey } from './keys.ts'
import { getRoom, noRoom } from './room.ts'
import startSource from './start-live.lua'

/** When to ask for the next live again: the worker ends small ones within a second or two. */
const ENDING_AFTER_MS = 1000

const live = { live: 'int', state: 'str', started_ms: 'int' } as const

const startScript = defineScript({
  name: 'rooms.start-live',
  source: startSource,
  keys: [
    'head',
    'heat',
    'actors',
    'pulses',
    'board',
    'names',
    'comments',
    'spotlit',
    'liked',
    'owed',
    'cues',
    'queue',
  ],
  args: { now_ms: 'int', live: 'int' },
  replies: { started: live, room_open: live, room_not_found: {} },
})

const endScript = defineScript({
  name: 'rooms.end-live',
  source: endSource,
  keys: ['head'],
  args: { now_ms: 'int', live: 'int' },
  replies: { ok: live, not_found: {}, room_not_found: {} },
})

const finishScript = defineScript({
  name: 'rooms.finish-live',
  source: finishSource,
  keys: ['head', 'moments'],
  args: { now_ms: 'int', live: 'int' },
  replies: { ok: live, not_found: {}, room_not_found: {} },
})

interface LiveReply {
  live: number
  state: string
  started_ms: number
}
const viewOf = (reply: LiveReply): LiveView => ({
  no: reply.live,
  state: reply.state === 'open' || reply.state === 'ending' ? reply.state : 'ended',
  startedAtMs: reply.started_ms,
})

export type LiveAnswer = { ok: true; live: LiveView } | Refusal

/**
 * Starts a live with a new number: heat, board, comments and cues begin empty. Refused with `room_open` while the live
 * before is open, with `room_ending` while it is ending.
 */
export async function startLive(
  store: Store,
  { room, nowMs }: { room: string; nowMs?: number },
): Promise<LiveAnswer> {
  // A number that stays unused because the room was open is no loss.
  const number = await store.incr(livesKey)
  if (number > 0xffff_ffff) throw new Error('all live numbers are given out')
  await placeLive(store, number, room)
  const { room: _, moments: _m, reached: _r, gateways: _g, ...keys } = keysOfRoom(room)
  const reply = await startScript.run(store, {
    keys,
    args: { now_ms: scriptNow(nowMs), live: number },
  })
  if (reply.tag === 'started') return { ok: true, live: viewOf(reply) }
  await forgetPlace(store, number)
  if (reply.tag === 'room_not_found') return noRoom()
  const { state } = viewOf(reply)
  return state === 'ending'
    ? refuse('room_ending', { afterMs: ENDING_AFTER_MS })
    : refuse('room_open')
}

/** Numbers up to it were given to lives of data that was lost; none of them is given again. */
export async function skipLives(store: Store, upTo: number): Promise<void> {
  const given = Number((await store.get(livesKey)) ?? 0)
  if (given < upTo) await store.set(livesKey, upTo)
}

interface LiveStep {
  room: string
  live: number
  nowMs?: number
}

/**
 * First step of the end: open -> ending. From here on the room runs no tasks and campaigns; points are still
 * credited until the caller has written the live into every partition's list of ended ones.
 */
export async function endLive(store: Store, { room, live, nowMs }: LiveStep): Promise<LiveAnswer> {
  // Noted first: a live that is ending and that no worker knows of would never end.
  await askEnding(store, room, live)
  const reply = await endScript.run(store, {
    keys: { head: keysOfRoom(room).head },
    args: { now_ms: scriptNow(nowMs), live },
  })
  if (reply.tag === 'room_not_found') return noRoom()
  if (reply.tag === 'not_found') return refuse('not_found')
  return { ok: true, live: viewOf(reply) }
}

/** Last step of the end, once every partition knows: ending -> ended, told to the room as `live.ended`. */
export async function finishLive(
  store: Store,
  { room, live, nowMs }: LiveStep,
): Promise<LiveAnswer> {
  const { head, moments } = keysOfRoom(room)
  const reply = await finishScript.run(store, {
    keys: { head, moments },
    args: { now_ms: scriptNow(nowMs), live },
  })
  if (reply.tag === 'room_not_found') return noRoom()
  if (reply.tag === 'not_found') return refuse('not_found')
  return { ok: true, live: viewOf(reply) }
}

/** Whether a live runs now: its room knows it, and it has not ended. */
export async function liveRuns(store: Store, live: number): Promise<boolean> {
  const id = await roomOfLive(store, live)
  const room = id === undefined ? undefined : await getRoom(store, id)
  return room?.live.no === live && room.live.state !== 'ended'
}
