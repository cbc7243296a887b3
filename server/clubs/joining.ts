/** Joining a club and leaving it: free, or for points that are held first and spent with it. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import { withMember } from './advance.ts'
import { type ClubPlace, type ClubsDeps, nowOf } from './deps.ts'
import { FORSAKEN_MAX, JOIN_HOLD_MS } from './limits.ts'
import { type ClubRecords, change, memberOf, readClubs } from './members.ts'
import type { Member, Membership } from './record.ts'

/** Holds for joining have ids of their own, so that no request of a viewer meets the hold of an order. */
const holdId = (requestId: string): string => `cl-${requestId}`

type Joined = { ok: true } | Refusal
type JoiningDeps = ClubsDeps & { records: ClubRecords }

function newMember(membership: Membership, of: Pick<Member, 'club' | 'sinceMs' | 'paidBy'>) {
  const { club, sinceMs, paidBy } = of
  const before = memberOf(membership, club)
  const kept = before && { ...before, paidBy: before.paidBy || paidBy }
  return withMember(membership, {
    ...{ milli: 0, rung: 0, watchedSec: 0, day: 0, dayMilli: 0, tasks: [], paidBy },
    ...kept,
    ...{ club, sinceMs, state: 'in' },
  })
}

/** As the record allows it now; `paidBy` is a hold, empty where nothing is to pay. */
function enter(
  deps: JoiningDeps,
  of: { account: number; club: number; most: number; paidBy: string },
): Promise<Joined> {
  const { account, club, most, paidBy } = of
  return change<Joined>(deps.records, account, (membership) => {
    const before = memberOf(membership, club)
    if (paidBy && membership.forsaken.includes(paidBy)) return { answer: refuse('hold_closed') }
    // A second request that pays for the same must not pay again.
    if (before?.state === 'in')
      return {
        answer:
          paidBy && before.paidBy !== paidBy
            ? refuse('id_conflict', { field: 'club' })
            : { ok: true },
      }
    const inside = membership.clubs.filter(({ state }) => state === 'in').length
    if (inside >= most) return { answer: refuse('club_limit', { field: 'clubs', have: 0 }) }
    const sinceMs = nowOf(deps)
    return { after: newMember(membership, { club, sinceMs, paidBy }), answer: { ok: true } }
  })
}

/** Joining again what one left costs nothing. Repeating a request is harmless. */
export async function join(
  deps: JoiningDeps,
  { club, brandNo: at, local }: Pick<ClubPlace, 'club' | 'brandNo' | 'local'>,
  { account, requestId }: { account: number; requestId: string },
): Promise<Joined> {
  const policy = deps.rulebook().book.fanClub
  if (!policy) return refuse('not_found')
  const membership = await readClubs(deps.records, account)
  const before = memberOf(membership, club)
  const most = policy.clubs
  if (before || policy.joinPoints === 0) return enter(deps, { account, club, most, paidBy: '' })
  const id = holdId(requestId)
  const held = await deps.wallets.hold({
    ...{ account, id, points: policy.joinPoints, forMs: JOIN_HOLD_MS },
    ...{ use: 'club', subject: `club ${club}`, at, local },
  })
  if (!held.ok) return held
  if (held.hold.state === 'voided') return refuse('hold_closed')
  const entered = await enter(deps, { account, club, most, paidBy: id })
  if (entered.ok) {
    const captured = await deps.wallets.capture({ account, id, late: true })
    return captured.ok ? { ok: true } : captured
  }
  if (await forsake(deps.records, { account, id })) await deps.wallets.void({ account, id })
  // Somebody joined with another request of the same viewer: what is asked for is so.
  return entered.code === 'id_conflict' ? { ok: true } : entered
}

/** From here on nobody joins under that hold; false where somebody did. */
function forsake(records: ClubRecords, of: { account: number; id: string }): Promise<boolean> {
  const { account, id } = of
  return change(records, account, (membership) => {
    if (membership.clubs.some(({ paidBy }) => paidBy === id)) return { answer: false }
    if (membership.forsaken.includes(id)) return { answer: true }
    const forsaken = [...membership.forsaken, id].slice(-FORSAKEN_MAX)
    return { after: { ...membership, forsaken }, answer: true }
  })
}

/** Decides a hold for joining that nobody finished. */
export async function settleJoin(
  records: ClubRecords,
  hold: { account: number; id: string },
): Promise<'capture' | 'void'> {
  return (await forsake(records, hold)) ? 'void' : 'capture'
}

/** Growth and rung are kept for the next time. Who is no member stays so. */
export function leave(
  records: ClubRecords,
  { club, account }: { club: number; account: number },
): Promise<{ ok: true }> {
  return change(records, account, (membership) => {
    const member = memberOf(membership, club)
    return {
      ...(member?.state === 'in' && {
        after: withMember(membership, { ...member, state: 'left', tasks: [] }),
      }),
      answer: { ok: true as const },
    }
  })
}
