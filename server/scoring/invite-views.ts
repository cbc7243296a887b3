/** Invites as the inviter reads them. */

import type { InviteView } from '../../shared/invites.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { dayBounds, dayStartMs } from '../../shared/time.ts'
import type { Clock } from '../kernel/index.ts'
import type { Partitions, Store } from '../redis/index.ts'
import { type Friend, friendsOf } from './friends.ts'
import { type InviteRecord, readInvite } from './invite-record.ts'

/** The newest are shown. */
const SHOWN_MAX = 30

interface ReadOptions {
  store: Store
  partitions: Partitions
  rulebook: () => PublishedRulebook
  clock: Clock
}

/** What an account has invited so far, newest first, and how many friends it may still invite today. */
export async function invitesOf(
  { store, partitions, rulebook, clock }: ReadOptions,
  inviter: number,
): Promise<{ invites: InviteView[]; leftToday: number }> {
  const { invite: policy, timeZone } = rulebook().book
  const friends = await friendsOf(store, { slot: partitions.slotOf(inviter), inviter })
  const now = clock.now()
  const dayMs = dayStartMs(dayBounds(now, timeZone).day, timeZone)
  const counted = friends.filter(({ refused }) => refused === undefined)
  const ofToday = counted.filter(({ atMs }) => atMs >= dayMs).length
  const { perDay = 0, perLife = 0 } = policy ?? {}
  const shown = await Promise.all(
    friends.slice(0, SHOWN_MAX).map(async (friend) => {
      if (friend.refused) return refusedView(friend)
      const slot = partitions.slotOf(friend.invited)
      const record = await readInvite(store, { slot, account: friend.invited })
      return record?.inviter === inviter ? viewOf(friend, record, now) : undefined
    }),
  )
  return {
    invites: shown.filter((one) => one !== undefined),
    leftToday: Math.max(0, Math.min(perDay - ofToday, perLife - counted.length)),
  }
}

const refusedView = ({ atMs, refused }: Friend): InviteView => ({
  atMs,
  standing: 'refused',
  points: 0,
  left: [],
  ...(refused && { why: refused }),
})

function viewOf({ atMs }: Friend, { state, terms, done }: InviteRecord, now: number): InviteView {
  const { points, due, untilMs } = terms
  const common = { atMs, points, left: [] }
  switch (state) {
    case 'held':
      return { ...common, standing: 'held' }
    case 'due':
    case 'paid':
      return { ...common, standing: 'qualified' }
    case 'refused':
      return { ...common, standing: 'refused', why: 'judged' }
    case 'lapsed':
      return { ...common, standing: 'lapsed' }
    default: {
      const left = due.filter((step) => !done.has(step))
      if (now > untilMs) return { ...common, standing: 'lapsed' }
      return { ...common, standing: 'pending', left, untilMs }
    }
  }
}
