/** The end of an act that is not to be: nothing can be done any more under its id, so its points may go back. */

import { formatAccount } from '../../shared/ids.ts'
import { defineScript } from '../redis/index.ts'
import type { EffectsDeps } from './deps.ts'
import source from './forsake.lua'
import { actKey, doneKey } from './keys.ts'
import type { Subject } from './spend.ts'

const script = defineScript({
  name: 'effects.forsake',
  source,
  keys: ['act'],
  args: {},
  replies: { void: {}, done: { state: 'str' } },
})

/** True where the points may go back: nothing was done under that id, and nothing can be. */
export async function forsake(
  { store, partitions }: Pick<EffectsDeps, 'store' | 'partitions'>,
  { account, id, subject }: { account: number; id: string; subject: Subject },
): Promise<boolean> {
  const handle = formatAccount(account)
  const act =
    subject.kind === 'owned'
      ? doneKey(partitions.slotOf(account), handle, id)
      : actKey(subject.room, handle, id)
  const reply = await script.run(store, { keys: { act }, args: {} })
  return reply.tag === 'void'
}
