/** What makes invites look made up, by the thresholds of the rulebook. Pure. */

import type { Behaviour } from '../../shared/behaviour.ts'
import type { Suspicion } from '../../shared/invites.ts'
import type { InviteGuard } from '../../shared/rulebook/invite.ts'
import { DAY_MS, MINUTE_MS } from '../../shared/time.ts'

/** A friend may come back on the day after. */
export const IDLE_AFTER_MS = DAY_MS

/** A friend of the inviter, or the one that is looked at. */
export interface Guarded {
  atMs: number
  network?: string
  /** What the friend has done since; not known of those who came a moment ago. */
  behaviour?: Pick<Behaviour, 'days' | 'watchedSec'>
}

/** How a friend looks among all friends of the same inviter; nothing where it looks like one. */
export function suspicionsOf(
  friend: Guarded,
  others: readonly Guarded[],
  { sameNetwork, burst, idle }: InviteGuard,
): Suspicion[] {
  const all = [friend, ...others]
  const near = all.filter((one) => one.network !== undefined && one.network === friend.network)
  const found: Suspicion[] = []
  if (near.length >= sameNetwork) found.push('network')
  if (mostWithin(all, friend.atMs, burst.minutes * MINUTE_MS) >= burst.friends) found.push('burst')
  if (areIdle(others, idle)) found.push('idle')
  return found
}

/** The most of them in any stretch of that length which has the instant in it. */
function mostWithin(all: readonly Guarded[], atMs: number, stretchMs: number): number {
  const times = all.map((one) => one.atMs).filter((one) => Math.abs(one - atMs) < stretchMs)
  return Math.max(
    ...times.map((from) => times.filter((one) => one >= from && one < from + stretchMs).length),
  )
}

function areIdle(others: readonly Guarded[], idle: InviteGuard['idle']): boolean {
  const known = others.flatMap(({ behaviour }) => behaviour ?? [])
  if (known.length < idle.friends) return false
  const idlers = known.filter(
    ({ days, watchedSec }) => days.length <= 1 && watchedSec <= idle.minutes * 60,
  )
  return idlers.length * 100 >= known.length * idle.percent
}
