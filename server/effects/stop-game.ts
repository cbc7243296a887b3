/** The end of a draw, blind boxes or a vote, as far as it is a matter of time or of the host's word. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import { defineScript } from '../redis/index.ts'
import { type EffectsDeps, nowOf } from './deps.ts'
import { gameKeysOf, playingKey, playKeysOf } from './keys.ts'
import stopSource from './stop-game.lua'

const stopScript = defineScript({
  name: 'effects.stop-game',
  source: stopSource,
  keys: ['head', 'game'],
  args: { now_ms: 'int', at_once: 'int' },
  replies: { stopped: { state: 'str', now_ms: 'int' }, missing: {} },
})

/** No more tickets or votes, now or where the end has come. The worker publishes the result soon after. */
export async function stopGame(
  deps: Pick<EffectsDeps, 'store' | 'clock' | 'nowMs'>,
  { room, game, atOnce }: { room: string; game: number; atOnce: boolean },
): Promise<{ state: string; atMs: number } | undefined> {
  const reply = await stopScript.run(deps.store, {
    keys: { head: playKeysOf(room).head, game: gameKeysOf(room, game).game },
    args: { now_ms: nowOf(deps), at_once: atOnce ? 1 : 0 },
  })
  if (reply.tag === 'missing') return undefined
  if (reply.state === 'closing')
    await deps.store.zadd(playingKey, 'XX', deps.clock.now(), `${room}:${game}`)
  return { state: reply.state, atMs: reply.now_ms }
}

/** The host's word that a draw or vote is over. */
export async function closeGame(
  deps: EffectsDeps,
  of: { room: string; game: number },
): Promise<{ ok: true } | Refusal> {
  const stopped = await stopGame(deps, { ...of, atOnce: true })
  return stopped ? { ok: true } : refuse('draw_closed')
}
