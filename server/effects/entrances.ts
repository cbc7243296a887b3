/** Who comes in with an entrance: shown to the room, a few at a time. */

import { ENTRANCES, type Entrance } from '../../shared/effects.ts'
import { assert } from '../kernel/index.ts'
import { defineScript } from '../redis/index.ts'
import { type EffectsDeps, nowOf } from './deps.ts'
import source from './entrances.lua'
import { playKeysOf } from './keys.ts'
import { ENTRANCES_PER_CALL } from './limits.ts'

const script = defineScript({
  name: 'effects.entrances',
  source,
  keys: ['head', 'moments', 'came'],
  args: { now_ms: 'int' },
  each: { keys: [], args: { account: 'str', name: 'str', grade: 'int', style: 'str' } },
  replies: { told: { count: 'int' }, later: { after_ms: 'int' }, room_not_found: {} },
})

export interface Arrival {
  handle: string
  /** Empty where the name is not to be announced. */
  name: string
  entrance: Entrance
}

/**
 * Tells the room of up to 100 arrivals in one moment; who was told of within ten minutes is not told of again.
 * `afterMs` where a moment before is too recent: the caller brings them again, with those who came meanwhile.
 */
export async function tellEntrances(
  deps: Pick<EffectsDeps, 'store' | 'nowMs'>,
  { room, arrivals }: { room: string; arrivals: readonly Arrival[] },
): Promise<{ told: number } | { afterMs: number }> {
  assert(arrivals.length <= ENTRANCES_PER_CALL, 'too many arrivals in one call')
  if (arrivals.length === 0) return { told: 0 }
  const { head, moments, came } = playKeysOf(room)
  const reply = await script.run(deps.store, {
    keys: { head, moments, came },
    args: { now_ms: nowOf(deps) },
    each: arrivals.map(({ handle, name, entrance }) => ({
      keys: {},
      args: {
        account: handle,
        name: name && JSON.stringify(name),
        grade: ENTRANCES.indexOf(entrance),
        style: entrance,
      },
    })),
  })
  if (reply.tag === 'later') return { afterMs: reply.after_ms }
  return { told: reply.tag === 'told' ? reply.count : 0 }
}
