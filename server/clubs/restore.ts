/** Puts records of clubs back that the archive tells of. */

import type { Derived, SlotTag, Store } from '../redis/index.ts'
import { clubsKey, membersKey, sizesKey, todoKey } from './keys.ts'
import { placesOf } from './members.ts'
import { type Membership, packMembership } from './record.ts'

export interface Restored {
  members: ReadonlyMap<number, Derived<Membership>>
  /** What followed and may not have been done, by name: it is done again, which is harmless. */
  todo: ReadonlyMap<string, string>
}

/** Into a partition that has nothing of clubs. */
export async function restoreClubs(
  store: Store,
  slot: SlotTag,
  { members, todo }: Restored,
): Promise<void> {
  const sizes = new Map<string, number>([['#', members.size]])
  let number = 0
  for (const [account, { rev, value }] of members) {
    await store.set(clubsKey(slot, account), packMembership(value, rev))
    await store.zadd(membersKey(slot), ++number, account)
    for (const name of placesOf(value)) sizes.set(name, (sizes.get(name) ?? 0) + 1)
  }
  if (members.size > 0) await store.hset(sizesKey(slot), sizes)
  if (todo.size > 0) await store.hset(todoKey(slot), todo)
}

/** Accounts whose record is not the one that it ought to be. */
export async function differingClubs(
  store: Store,
  slot: SlotTag,
  members: Restored['members'],
): Promise<number[]> {
  const found: number[] = []
  for (const [account, { rev, value }] of members) {
    const record = await store.getBuffer(clubsKey(slot, account))
    if (!record?.equals(packMembership(value, rev))) found.push(account)
  }
  return found
}
