/** Where each live takes place, and which lives are on their way out: what the worker needs to finish them. */

import type { Store } from '../redis/index.ts'
import { endingsKey, placesKey } from './keys.ts'

/** Written before the live is visible, so that nothing of it can reach the journal before its room is known. */
export const placeLive = async (store: Store, live: number, room: string): Promise<void> => {
  await store.hset(placesKey, String(live), room)
}

export const forgetPlace = async (store: Store, live: number): Promise<void> => {
  await store.hdel(placesKey, String(live))
}

/** The room of a live, until 48 h after its end. */
export async function roomOfLive(store: Store, live: number): Promise<string | undefined> {
  return (await store.hget(placesKey, String(live))) ?? undefined
}

/**
 * How far the end of a live has got. `asked`: it shall end. `ended`: nothing can be earned in it any more, its
 * session points are being swept. A number: everything is done; forgotten at that time (Unix ms).
 */
export type EndingStep = 'asked' | 'ended' | number

const SCORES = { asked: 0, ended: 1 } as const
const scoreOf = (step: EndingStep): number => (typeof step === 'number' ? step : SCORES[step])

export interface Ending {
  room: string
  live: number
  step: EndingStep
}

/** Notes that a live shall end; one that is noted already stays where it is. */
export async function askEnding(store: Store, room: string, live: number): Promise<void> {
  await store.zadd(endingsKey, 'NX', SCORES.asked, `${room}:${live}`)
}

export async function moveEnding(store: Store, { room, live, step }: Ending): Promise<void> {
  await store.zadd(endingsKey, 'XX', scoreOf(step), `${room}:${live}`)
}

export async function forgetEnding(store: Store, { room, live }: Ending): Promise<void> {
  await store.zrem(endingsKey, `${room}:${live}`)
}

/**
 * Endings with something left to do first, then by when they are forgotten; with `newest` the other way round,
 * so that those that ended last come first. At most `limit`.
 */
export async function listEndings(
  store: Store,
  { limit, newest = false }: { limit: number; newest?: boolean },
): Promise<Ending[]> {
  const last = String(limit - 1)
  const found = newest
    ? await store.zrange(endingsKey, 0, last, 'REV', 'WITHSCORES')
    : await store.zrange(endingsKey, 0, last, 'WITHSCORES')
  const endings: Ending[] = []
  for (let i = 0; i + 1 < found.length; i += 2) {
    const [room = '', live] = String(found[i]).split(':')
    const score = Number(found[i + 1])
    const step = score === SCORES.asked ? 'asked' : score === SCORES.ended ? 'ended' : score
    endings.push({ room, live: Number(live), step })
  }
  return endings
}
