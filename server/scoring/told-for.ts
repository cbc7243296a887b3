/** For which account an event was first told: accounts may have become one before it is told again. */

import type { Partitions, Store } from '../redis/index.ts'
import { type AccountEvent, namesOf } from './account-event.ts'
import { onceKey } from './keys.ts'
import { claimOrder, orderHash } from './order-record.ts'
import { keyOf } from './score-event.ts'

interface Told {
  store: Store
  partitions: Partitions
  /** The accounts that have become one with it; none without it. */
  formerOf?: (account: number) => Promise<readonly number[]>
}

/** Its own account, or one that has been merged into that since; undefined where its order is somebody else's. */
export async function toldFor(
  { store, partitions, formerOf }: Told,
  event: AccountEvent,
): Promise<number | undefined> {
  const { account, brand, order, action } = event
  if (order !== undefined) {
    const owner = await claimOrder(store, { order: orderHash(brand, order), account })
    if (owner === account) return account
    return (await formerOf?.(account))?.includes(owner) ? owner : undefined
  }
  const { id } = namesOf(event, action)
  for (const former of (await formerOf?.(account)) ?? [])
    if ((await store.exists(onceKey(partitions.slotOf(former), former, keyOf(id)))) > 0)
      return former
  return account
}
