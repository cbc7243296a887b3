/** Notes that the points of a redemption are where they belong. */

import { defineScript, type Store } from '../redis/index.ts'
import { type RedemptionRef, redemptionKeys } from './keys.ts'
import { STATE_REPLY, WHO_ARGS, whoOf } from './record.ts'
import settleSource from './settle.lua'

const settleScript = defineScript({
  name: 'rewards.settle',
  source: settleSource,
  keys: ['red', 'todo'],
  args: WHO_ARGS,
  replies: STATE_REPLY,
})

/** The points are back: the redemption is over. */
export async function settleRedemption(store: Store, ref: RedemptionRef): Promise<void> {
  const { red, todo } = redemptionKeys(ref)
  await settleScript.run(store, { keys: { red, todo }, args: whoOf(ref) })
}
