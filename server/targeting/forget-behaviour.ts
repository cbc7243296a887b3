/** Forgets how an account behaves: when its person is erased. */

import { defineScript, type SlotTag, type Store } from '../redis/index.ts'
import source from './forget-behaviour.lua'
import { behaviourKey, reviewKey, sizesKey } from './keys.ts'

const script = defineScript({
  name: 'targeting.forget_behaviour',
  source,
  keys: ['record', 'review', 'sizes'],
  args: { account: 'int', rev: 'int', segments: 'str' },
  replies: { forgotten: {}, stale: {} },
})

/** False where the record has changed since it was read. */
export async function forgetBehaviour(
  store: Store,
  {
    slot,
    account,
    rev,
    segments,
  }: { slot: SlotTag; account: number; rev: number; segments: readonly string[] },
): Promise<boolean> {
  const reply = await script.run(store, {
    keys: {
      record: behaviourKey(slot, account),
      review: reviewKey(slot),
      sizes: sizesKey(slot),
    },
    args: { account, rev, segments: segments.join(' ') },
  })
  return reply.tag === 'forgotten'
}
