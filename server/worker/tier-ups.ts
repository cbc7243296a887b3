/** Collects tier-ups of all partitions for a second, so that many of them reach a room as few moments. */

import { formatAccount } from '../../shared/ids.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { PROFILES_MAX, type Profile, readProfiles } from '../identity/index.ts'
import { type Clock, chunks, groupBy, type Log } from '../kernel/index.ts'
import type { Partitions, Store } from '../redis/index.ts'
import { TIERS_REACHED_PER_CALL, type TierReached, tiersReached } from '../rooms/index.ts'
import { MOMENTS_MS } from './limits.ts'

export interface TierUp {
  account: number
  room: string
  rung: number
  promotion: number
}

export interface TierUpsOptions {
  store: Store
  partitions: Partitions
  rulebook: () => PublishedRulebook
  clock: Clock
  log: Log
  /** Tests tell with a time of their own. */
  nowMs?: () => number
}

export interface TierUps {
  /** Resolves when the rooms know; rejects where that failed and has to be tried again. */
  tell(found: readonly TierUp[]): Promise<void>
}

/** Bounded by its callers: each partition waits for its own before it brings more. */
export function createTierUps(options: TierUpsOptions): TierUps {
  const { store, partitions, clock, log } = options
  let waiting: TierUp[] = []
  let flushing: Promise<void> | undefined

  async function namesOf(found: readonly TierUp[]): Promise<Map<number, Profile>> {
    const names = new Map<number, Profile>()
    const accounts = [...new Set(found.map(({ account }) => account))]
    for (const some of chunks(accounts, PROFILES_MAX))
      for (const [account, profile] of await readProfiles({ store, partitions }, some))
        names.set(account, profile)
    return names
  }

  async function flush(): Promise<void> {
    await clock.sleep(MOMENTS_MS)
    const found = waiting
    waiting = []
    flushing = undefined
    const names = await namesOf(found)
    const { ladder: of, announcement } = options.rulebook().book
    const ladder = of.id
    const reachedBy = ({ account, rung, promotion }: TierUp): TierReached => {
      const profile = names.get(account)
      const handle = formatAccount(account)
      const named = profile && !profile.optOut && { name: profile.name }
      return { account: handle, handle, ladder, rung, promotion, ...named }
    }
    for (const [room, all] of groupBy(found, (one) => one.room)) {
      for (const some of chunks(all.map(reachedBy), TIERS_REACHED_PER_CALL)) {
        const time = options.nowMs ? { nowMs: options.nowMs() } : {}
        const told = await tiersReached(store, { room, reached: some, announcement, ...time })
        if (!told.ok) log.warn({ room, code: told.code }, 'a room could not be told of tier-ups')
      }
    }
  }

  return {
    tell(found) {
      waiting.push(...found)
      flushing ??= flush()
      return flushing
    },
  }
}
