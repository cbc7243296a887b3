/** Which lives an account has watched: a set in its partition, because some rewards ask for three of them. */

import type { SlotTag, Store } from '../redis/index.ts'
import { watchedKey } from './keys.ts'
import { LIVES_MAX } from './limits.ts'

export interface WatchedLive {
  account: number
  live: number
}

/** Notes watched lives of accounts of one partition; doing it again changes nothing. */
export async function noteWatched(
  store: Store,
  slot: SlotTag,
  watched: readonly WatchedLive[],
): Promise<void> {
  const lives = new Map<number, Set<number>>()
  for (const { account, live } of watched)
    lives.set(account, (lives.get(account) ?? new Set()).add(live))
  await Promise.all(
    [...lives].map(async ([account, some]) => {
      const key = watchedKey(slot, account)
      // More than any reward asks for is not kept.
      if ((await store.scard(key)) < LIVES_MAX) await store.sadd(key, ...some)
    }),
  )
}
