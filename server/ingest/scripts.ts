/** What is done to the queue in one step. */

import { defineScript, type Store } from '../redis/index.ts'
import type { Refused } from './courier.ts'
import giveUpSource from './give-up.lua'
import { DEAD_MAX, GONE_MS } from './limits.ts'
import tendSource from './tend.lua'

export interface QueueName {
  stream: string
  group: string
}

/** In the slot of the stream, so that one script reaches both. */
export const deadOf = (stream: string): string =>
  stream.includes('{') ? `${stream}:dead` : `{${stream}}:dead`

const giving = defineScript({
  name: 'ingest.give_up',
  source: giveUpSource,
  keys: ['stream', 'dead'],
  args: {
    group: 'str',
    entry: 'str',
    message: 'str',
    code: 'str',
    field: 'str',
    error_id: 'str',
    tries: 'int',
    dead_max: 'int',
  },
  replies: { buried: {}, kept: { tries: 'int' }, gone: {}, blocked: {} },
})

/**
 * Makes an entry a dead letter where it was given out `tries` times. `kept`: not so often yet. `gone`: somebody has
 * acknowledged it. `blocked`: the key of the dead letters holds something else.
 */
export async function giveUp(
  store: Store,
  {
    stream,
    group,
    entry,
    message,
    why,
    tries,
  }: QueueName & { entry: string; message: string; why: Refused; tries: number },
): Promise<'buried' | 'kept' | 'gone' | 'blocked'> {
  const { tag } = await giving.run(store, {
    keys: { stream, dead: deadOf(stream) },
    args: {
      group,
      entry,
      message,
      code: why.code,
      field: why.field ?? '',
      error_id: why.errorId ?? '',
      tries,
      dead_max: DEAD_MAX,
    },
  })
  return tag
}

const tending = defineScript({
  name: 'ingest.tend',
  source: tendSource,
  keys: ['stream'],
  args: { group: 'str', gone_ms: 'int' },
  replies: { tended: { lag: 'int', pending: 'int', oldest_ms: 'int' } },
})

/** How far the group is. `oldestAtMs` is when the oldest unacknowledged entry came, 0 where there is none. */
export async function tend(
  store: Store,
  { stream, group }: QueueName,
): Promise<{ lag: number; pending: number; oldestAtMs: number }> {
  const { lag, pending, oldest_ms } = await tending.run(store, {
    keys: { stream },
    args: { group, gone_ms: GONE_MS },
  })
  return { lag, pending, oldestAtMs: oldest_ms }
}
