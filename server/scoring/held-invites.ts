/** Invites that look made up, as operators read them. */

import { parseAccount } from '../../shared/ids.ts'
import type { Suspicion } from '../../shared/invites.ts'
import { must } from '../kernel/index.ts'
import { readInvite } from './invite-record.ts'
import type { SettlementOptions } from './invite-settlement.ts'
import { heldInvitesKey } from './keys.ts'

const HELD_SHOWN_MAX = 200

/** It waits until somebody has looked at it. */
export interface HeldInvite {
  inviter: number
  invited: number
  heldAtMs: number
  points: number
  suspicions: readonly Suspicion[]
}

/** Invites that wait for somebody to look at them, oldest first. */
export async function heldInvites({
  store,
  partitions,
}: Pick<SettlementOptions, 'store' | 'partitions'>): Promise<HeldInvite[]> {
  const bySlot = await Promise.all(
    partitions.slots.map((slot) =>
      store.zrange(heldInvitesKey(slot), 0, String(HELD_SHOWN_MAX - 1), 'WITHSCORES'),
    ),
  )
  // Each name is followed by its score.
  const found = bySlot
    .flatMap((flat) =>
      flat.flatMap((name, i) => (i % 2 ? [] : [{ name, at: Number(flat[i + 1]) }])),
    )
    .sort((a, b) => a.at - b.at)
    .slice(0, HELD_SHOWN_MAX)
  const held = await Promise.all(
    found.map(async ({ name, at }): Promise<HeldInvite | undefined> => {
      const invited = must(parseAccount(name), 'an invited account')
      const record = await readInvite(store, { slot: partitions.slotOf(invited), account: invited })
      if (record?.state !== 'held') return undefined
      const { inviter, terms, suspicions } = record
      return { inviter, invited, heldAtMs: at, points: terms.points, suspicions }
    }),
  )
  return held.filter((one) => one !== undefined)
}
