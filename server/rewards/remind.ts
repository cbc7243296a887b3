/** Notes that the viewer was reminded of a code. */

import { defineScript, type Store } from '../redis/index.ts'
import { type RedemptionRef, redemptionKeys } from './keys.ts'
import { PRIZE_RELEASE_MS } from './limits.ts'
import { STATE_REPLY, WHO_ARGS, whoOf } from './record.ts'
import remindSource from './remind.lua'

const remindScript = defineScript({
  name: 'rewards.remind',
  source: remindSource,
  keys: ['red', 'todo'],
  args: { ...WHO_ARGS, release_ms: 'int' },
  replies: STATE_REPLY,
})

/** The viewer has been reminded of the code. */
export async function markReminded(store: Store, ref: RedemptionRef): Promise<void> {
  const { red, todo } = redemptionKeys(ref)
  await remindScript.run(store, {
    keys: { red, todo },
    args: { ...whoOf(ref), release_ms: PRIZE_RELEASE_MS },
  })
}
