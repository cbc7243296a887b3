/** Notes that the cash part of a redemption was paid. */

import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import confirmSource from './confirm-cash.lua'
import { type RedemptionRef, redemptionKeys } from './keys.ts'
import { GRACE_MS } from './limits.ts'
import { STATE_REPLY, WHO_ARGS, whoOf } from './record.ts'

const confirmScript = defineScript({
  name: 'rewards.confirm_cash',
  source: confirmSource,
  keys: ['red', 'todo'],
  args: { now_ms: 'int', ...WHO_ARGS, order: 'str', grace_ms: 'int' },
  replies: { ...STATE_REPLY, not_found: {}, conflict: {}, closed: {} },
})

/** The shop has the cash of an order. `closed` where the time for it is over or the redemption is. */
export async function confirmCash(
  store: Store,
  ref: RedemptionRef,
  { order, nowMs }: { order: string; nowMs?: number },
): Promise<'ok' | 'not_found' | 'conflict' | 'closed'> {
  const { red, todo } = redemptionKeys(ref)
  const reply = await confirmScript.run(store, {
    keys: { red, todo },
    args: { now_ms: scriptNow(nowMs), ...whoOf(ref), order, grace_ms: GRACE_MS },
  })
  return reply.tag
}
