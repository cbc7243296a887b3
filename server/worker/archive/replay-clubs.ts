/** Fan clubs as the archive tells of them: who is a member, what follows, and how far the journal was counted. */

import { formatAccount } from '../../../shared/ids.ts'
import { DAY_MS, MINUTE_MS } from '../../../shared/time.ts'
import { differingClubs, membershipOf, type Restored } from '../../clubs/index.ts'
import type { SlotTag, Store } from '../../redis/index.ts'
import { compareIds, parseId, type StreamId } from '../element.ts'
import type { KeptReplay } from './replay-kept.ts'

/** What followed within this time before the end is done again: each has an id that makes it harmless. */
const DONE_AGAIN_MS = DAY_MS
/**
 * The end of the archive that was not counted yet is counted by the worker, but no more than so much of it: what is
 * older and changed no record was counted, and brought nothing.
 */
const COUNTED_AGAIN_MS = 10 * MINUTE_MS

export function clubsOf(kept: KeptReplay, nowMs: number): Restored {
  const rows = new Map<number, Map<string, ReadonlyMap<string, Buffer>>>()
  for (const { account, key, fields } of kept.of('club')) {
    const own = rows.get(account) ?? new Map<string, ReadonlyMap<string, Buffer>>()
    rows.set(account, own.set(key, fields))
  }
  const todo = kept
    .of('club_todo')
    .filter(({ atMs }) => atMs > nowMs - DONE_AGAIN_MS)
    .map(({ account, key, fields }) => {
      const id = `again-${key}`
      const one = JSON.parse(String(fields.get('todo'))) as object
      return [`${account} ${id}`, JSON.stringify({ ...one, id })] as const
    })
  return {
    members: new Map([...rows].map(([account, own]) => [account, membershipOf(own)])),
    todo: new Map(todo),
  }
}

/** Behind which element members may have done what is not counted yet. */
export function clubsReadTo(kept: KeptReplay, end: StreamId): StreamId {
  if (kept.of('club').length === 0) return end
  const read = parseId(String(kept.of('club_read')[0]?.fields.get('last') ?? '0-0'))
  const soonest = { ms: end.ms - COUNTED_AGAIN_MS, seq: 0 }
  return compareIds(read, soonest) > 0 ? read : soonest
}

export async function compareClubs(
  store: Store,
  slot: SlotTag,
  { kept, nowMs }: { kept: KeptReplay; nowMs: number },
): Promise<string[]> {
  const differing = await differingClubs(store, slot, clubsOf(kept, nowMs).members)
  return differing.map(
    (account) =>
      `clubs of account ${formatAccount(account)}: Redis does not have them as the archive`,
  )
}
