/** Tier-ups on their way from the journal to the room, once a second, and only those that cannot be lost again. */

import { formatAccount } from '../../shared/ids.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { PROFILES_MAX, type Profile, readProfiles } from '../identity/index.ts'
import type { Log } from '../kernel/index.ts'
import type { Partitions, Store } from '../redis/index.ts'
import { TIERS_REACHED_PER_CALL, type TierReached, tiersReached } from '../rooms/index.ts'
import { chunks, groupBy } from './batches.ts'
import type { Consumer } from './consumer.ts'
import type { JournalElement } from './element.ts'
import type { Skim } from './history.ts'
import { MOMENTS_MS } from './limits.ts'
import type { RoomOf } from './places.ts'

export interface MomentsOptions {
  store: Store
  partitions: Partitions
  rulebook: () => PublishedRulebook
  roomOf: RoomOf
  skim: Skim
  log: Log
  /** Tests read with a time of their own. */
  nowMs?: () => number
}

interface Promotion {
  account: number
  room: string
  rung: number
  promotion: number
}

export function momentsConsumer(options: MomentsOptions): Consumer {
  const { store, partitions, rulebook, roomOf, skim, log, nowMs } = options

  async function promotionsOf(elements: readonly JournalElement[]): Promise<Promotion[]> {
    const found: Promotion[] = []
    for (const element of elements) {
      for (const { account, live, promotions } of skim(element)?.entries ?? []) {
        if (promotions.length === 0) continue
        const room = await roomOf(live)
        // Growth by an order outside any live has nobody to tell.
        if (room === undefined) continue
        for (const { rung, no } of promotions) found.push({ account, room, rung, promotion: no })
      }
    }
    return found
  }

  async function namesOf(found: readonly Promotion[]): Promise<Map<number, Profile>> {
    const names = new Map<number, Profile>()
    const accounts = [...new Set(found.map(({ account }) => account))]
    for (const some of chunks(accounts, PROFILES_MAX)) {
      const read = await readProfiles({ store, partitions }, some)
      for (const [account, profile] of read) names.set(account, profile)
    }
    return names
  }

  return {
    kind: 'moments',
    everyMs: MOMENTS_MS,
    durableOnly: true,
    async handle(_, elements) {
      const found = await promotionsOf(elements)
      if (found.length === 0) return elements.length
      const names = await namesOf(found)
      const ladder = rulebook().book.ladder.id
      const byRoom = groupBy(found, ({ room }) => room)
      for (const [room, all] of byRoom) {
        const reached = all.map(({ account, rung, promotion }): TierReached => {
          const profile = names.get(account)
          const handle = formatAccount(account)
          return {
            account: handle,
            handle,
            ladder,
            rung,
            promotion,
            ...(profile && !profile.optOut && { name: profile.name }),
          }
        })
        for (const some of chunks(reached, TIERS_REACHED_PER_CALL)) {
          const told = await tiersReached(store, {
            room,
            reached: some,
            ...(nowMs && { nowMs: nowMs() }),
          })
          if (!told.ok) log.warn({ room, code: told.code }, 'a room could not be told of tier-ups')
        }
      }
      return elements.length
    },
  }
}
