/** Flash windows: a reward for a short time, opened by host or shop, told to the room when it opens and closes. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import type { FlashView, MomentBody } from '../../shared/room-state.ts'
import { MINUTE_MS } from '../../shared/time.ts'
import { defineScript, headKey, momentsKey, type Store, scriptNow } from '../redis/index.ts'
import { flashesKey, stateKey } from './keys.ts'
import openSource from './open-flash.lua'
import type { StoredReward } from './schema.ts'
import tellSource from './tell-flash.lua'

const openScript = defineScript({
  name: 'rewards.open_flash',
  source: openSource,
  keys: ['state'],
  args: {
    now_ms: 'int',
    room: 'str',
    opens_ms: 'int',
    length_ms: 'int',
    ends_ms: 'int',
    last_ms: 'int',
    by_host: 'int',
  },
  replies: { ok: { opens_ms: 'int', closes_ms: 'int' }, over: {}, not_found: {}, elsewhere: {} },
})

/** Now for so many seconds; at a time; or in the last minutes of a live whose end is planned. */
export type FlashTime =
  | { seconds: number; opensAtMs?: number | undefined }
  | { liveEndsAtMs: number }

/**
 * Opens or schedules the flash window of a reward, by the clock of its slot; it replaces the one before. A host replaces
 * none of another room, and nobody opens one where the reward is not to be had.
 */
export async function openFlash(
  store: Store,
  of: { reward: StoredReward; room: string; time: FlashTime; byHost?: boolean; nowMs?: number },
): Promise<{ ok: true; opensAtMs: number; closesAtMs: number } | Refusal> {
  const { reward, room, time, byHost = false, nowMs } = of
  if (!reward.doc.flash) return refuse('reward_invalid', { field: 'flash' })
  if (reward.doc.room !== undefined && reward.doc.room !== room)
    return refuse('reward_invalid', { field: 'room' })
  const planned = 'liveEndsAtMs' in time
  const reply = await openScript.run(store, {
    keys: { state: stateKey(reward.id) },
    args: {
      now_ms: scriptNow(nowMs),
      room,
      opens_ms: planned ? 0 : (time.opensAtMs ?? 0),
      length_ms: planned ? 0 : time.seconds * 1000,
      ends_ms: planned ? time.liveEndsAtMs : 0,
      last_ms: planned ? reward.doc.flash.lastMinutes * MINUTE_MS : 0,
      by_host: byHost ? 1 : 0,
    },
  })
  if (reply.tag === 'not_found') return refuse('not_found', { field: 'reward' })
  if (reply.tag === 'elsewhere') return refuse('forbidden', { field: 'room' })
  if (reply.tag === 'over') return refuse('reward_closed')
  return { ok: true, opensAtMs: reply.opens_ms, closesAtMs: reply.closes_ms }
}

const tellScript = defineScript({
  name: 'rewards.tell_flash',
  source: tellSource,
  keys: ['head', 'moments', 'flashes'],
  args: { now_ms: 'int', reward: 'str', opens_ms: 'int', closed: 'int', body: 'str' },
  replies: { ok: {}, room_not_found: {} },
})

/** Tells the room that a window opened or closed, once however often it is repeated. */
export async function tellFlash(
  store: Store,
  of: { room: string; flash: FlashView; closed?: { taken: number }; nowMs?: number },
): Promise<void> {
  const { room, flash, closed } = of
  const body: MomentBody = closed
    ? { kind: 'flash.closed', reward: flash.reward, taken: closed.taken }
    : { kind: 'flash.opened', flash }
  await tellScript.run(store, {
    keys: { head: headKey(room), moments: momentsKey(room), flashes: flashesKey(room) },
    args: {
      now_ms: scriptNow(of.nowMs),
      reward: flash.reward,
      opens_ms: flash.opensAtMs,
      closed: closed ? 1 : 0,
      body: JSON.stringify(body),
    },
  })
}
