/** Gives a piece back. */

import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import giveBackSource from './give-back.lua'
import { type RedemptionRef, redemptionKeys } from './keys.ts'
import { GRACE_MS, PRIZE_RELEASE_MS } from './limits.ts'
import { type RecordState, STATE_REPLY, WHO_ARGS, whoOf } from './record.ts'
import type { Calling } from './stock.ts'
import { calendarArgs, calendarOf } from './week.ts'

const giveBackScript = defineScript({
  name: 'rewards.give_back',
  source: giveBackSource,
  keys: ['state', 'red', 'mine', 'todo', 'alerts'],
  args: {
    now_ms: 'int',
    ...WHO_ARGS,
    why: 'str',
    grace_ms: 'int',
    release_ms: 'int',
    ...calendarArgs,
  },
  replies: { ...STATE_REPLY, not_found: {}, closed: {} },
})

/**
 * Gives a redemption up: the viewer as long as its terms allow, the shop until it is used, `cash_late` where the cash
 * has not come in time, `expired` where a prize was not fetched. Answers the state that holds afterwards.
 */
export async function giveBack(
  store: Store,
  ref: RedemptionRef,
  { why, ...time }: Calling & { why: 'viewer' | 'shop' | 'cash_late' | 'expired' },
): Promise<{ tag: 'ok'; state: RecordState } | { tag: 'not_found' | 'closed' }> {
  const reply = await giveBackScript.run(store, {
    keys: redemptionKeys(ref),
    args: {
      now_ms: scriptNow(time.nowMs),
      ...whoOf(ref),
      why,
      grace_ms: GRACE_MS,
      release_ms: PRIZE_RELEASE_MS,
      ...calendarOf(time),
    },
  })
  return reply.tag === 'ok' ? { tag: 'ok', state: reply.state as RecordState } : reply
}
