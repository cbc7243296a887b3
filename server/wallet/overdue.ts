/** Open holds by deadline. */

import type { SlotTag, Store } from '../redis/index.ts'
import { holdsKey } from './keys.ts'
import { MEMBER_SEPARATOR } from './purse.ts'

/** Holds of a partition whose deadline was before `untilMs`, the oldest first; `account` as keys name it. */
export async function listOverdue(
  store: Store,
  slot: SlotTag,
  { untilMs, from, limit }: { untilMs: number; from: number; limit: number },
): Promise<{ account: string; id: string }[]> {
  const members = await store.zrangebyscore(holdsKey(slot), '-inf', untilMs, 'LIMIT', from, limit)
  return members.map((member) => {
    const at = member.indexOf(MEMBER_SEPARATOR)
    return { account: member.slice(0, at), id: member.slice(at + 1) }
  })
}
