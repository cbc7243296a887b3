/** Makes a redemption impossible that nobody took a piece for. */

import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import dropSource from './drop.lua'
import { type RedemptionRef, redemptionKeys } from './keys.ts'
import { type RecordState, STATE_REPLY, WHO_ARGS, whoOf } from './record.ts'
import type { Calling } from './stock.ts'
import { calendarArgs, calendarOf } from './week.ts'

const dropScript = defineScript({
  name: 'rewards.drop',
  source: dropSource,
  keys: ['state', 'red', 'mine', 'todo', 'alerts'],
  args: { now_ms: 'int', ...WHO_ARGS, lost: 'int', ...calendarArgs },
  replies: STATE_REPLY,
})

/**
 * Says that the points of a redemption go back, or with `lost` that there are none: nothing can be taken under it any
 * more. Answers the state that holds, which is another one where it was decided before.
 */
export async function dropRedemption(
  store: Store,
  ref: RedemptionRef,
  { lost = false, ...time }: Calling & { lost?: boolean } = {},
): Promise<RecordState> {
  const reply = await dropScript.run(store, {
    keys: redemptionKeys(ref),
    args: {
      now_ms: scriptNow(time.nowMs),
      ...whoOf(ref),
      lost: lost ? 1 : 0,
      ...calendarOf(time),
    },
  })
  return reply.state as RecordState
}
