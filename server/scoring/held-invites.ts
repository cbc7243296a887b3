/** Invites that look made up, as operators read them. */

import { parseAccount } from '../../shared/ids.ts'
import type { Suspicion } from '../../shared/invites.ts'
import { must } from '../kernel/index.ts'
import { GRACE_MS, REVIEW_MS, readInvite } from './invite-record.ts'
import type { SettlementOptions } from './invite-settlement.ts'
import { heldInvitesKey } from './keys.ts'

/** Shown at once. */
const SHOWN_MAX = 200
/** Read for one answer, whoever's they are: operators of a brand with none must not read a million of others. */
const READ_MAX = 4000

/** It waits until somebody has looked at it. */
export interface HeldInvite {
  inviter: number
  invited: number
  heldAtMs: number
  points: number
  suspicions: readonly Suspicion[]
}

export interface HeldInvites {
  invites: HeldInvite[]
  /** There are others, or may be: those that come first have to be judged before they are shown. */
  more: boolean
}

/**
 * Invites that wait for somebody to look at them, oldest first, at most 200.
 * @param isOwn Of some inviters, those whose invites are asked for.
 */
export async function heldInvites(
  { store, partitions, nowMs }: Pick<SettlementOptions, 'store' | 'partitions'> & { nowMs: number },
  isOwn: (inviters: readonly number[]) => Promise<ReadonlySet<number>>,
): Promise<HeldInvites> {
  const bySlot = await Promise.all(
    partitions.slots.map((slot) =>
      store.zrange(heldInvitesKey(slot), 0, String(READ_MAX), 'WITHSCORES'),
    ),
  )
  // Each name is followed by its score.
  const waiting = bySlot
    .flatMap((flat) =>
      flat.flatMap((name, i) => (i % 2 ? [] : [{ name, at: Number(flat[i + 1]) }])),
    )
    .sort((a, b) => a.at - b.at)
  const readHeld = async ({ name, at }: { name: string; at: number }) => {
    const invited = must(parseAccount(name), 'an invited account')
    const record = await readInvite(store, { slot: partitions.slotOf(invited), account: invited })
    if (record?.state !== 'held') return []
    const { inviter, terms, suspicions } = record
    if (terms.untilMs + GRACE_MS + REVIEW_MS < nowMs) return []
    return [{ inviter, invited, heldAtMs: at, points: terms.points, suspicions }]
  }
  const invites: HeldInvite[] = []
  const most = Math.min(waiting.length, READ_MAX)
  for (let from = 0; from < most && invites.length <= SHOWN_MAX; from += SHOWN_MAX) {
    const part = waiting.slice(from, Math.min(from + SHOWN_MAX, most))
    const read = (await Promise.all(part.map(readHeld))).flat()
    const own = await isOwn(read.map(({ inviter }) => inviter))
    invites.push(...read.filter(({ inviter }) => own.has(inviter)))
  }
  const more = invites.length > SHOWN_MAX || waiting.length > READ_MAX
  return { invites: invites.slice(0, SHOWN_MAX), more }
}
