/** What a merge moves from one account into another: each step once, under an id of its own. */

import { formatAccount } from '../../shared/ids.ts'
import type { Hold } from '../wallet/index.ts'
import type { MergesDeps } from './deps.ts'
import { HOLD_MS } from './limits.ts'
import { NotYet } from './records.ts'

/** From which account into which. */
interface Way {
  from: number
  into: number
}

/**
 * What may be spent goes over, lot by lot with its brand and month: held here, given there, then gone from here.
 * Answers how much it was; undefined where there was nothing. Throws `NotYet` where a step is refused.
 */
export async function movePoints(
  { wallets }: Pick<MergesDeps, 'wallets'>,
  way: Way,
  of: { hold: string; most: number; issuers?: number[]; lots?: Hold['lots'] },
): Promise<number | undefined> {
  const { from, into } = way
  const hold =
    (await wallets.readHold({ account: from, id: of.hold })) ?? (await holdPoints(wallets, way, of))
  if (hold?.state !== 'open') return hold?.points
  const given = await wallets.issue({
    account: into,
    id: of.hold,
    cause: 'merged_in',
    subject: formatAccount(from),
    lots: lotsOf(of.lots ?? hold.lots, hold.points),
  })
  if (!given.ok) throw new NotYet(given.code)
  const captured = await wallets.capture({ account: from, id: of.hold, late: true })
  if (!captured.ok) throw new NotYet(captured.code)
  return hold.points
}

/** Up to so many points of whatever brand or of one, as many as there are; undefined where there are none. */
async function holdPoints(
  wallets: MergesDeps['wallets'],
  { from, into }: Way,
  { hold, most, issuers = [] }: { hold: string; most: number; issuers?: number[] },
): Promise<Hold | undefined> {
  const held = await wallets.hold({
    account: from,
    id: hold,
    points: most,
    forMs: HOLD_MS,
    use: 'merge',
    pay: 'spendable',
    subject: formatAccount(into),
    at: 0,
    issuers,
  })
  if (held.ok) return held.hold
  const { code, have = 0 } = held
  if (code !== 'points_short') throw new NotYet(code)
  if (have === 0) return undefined
  return holdPoints(wallets, { from, into }, { hold, most: have, issuers })
}

/** So many of the lots' points, each lot with its brand and month; those that last longest first. */
function lotsOf(lots: Hold['lots'], points: number) {
  let left = points
  const parts: { issuer: number; month: number; points: number }[] = []
  for (const { issuer, month, points: most } of [...lots].reverse()) {
    const part = Math.min(left, most)
    if (part > 0) parts.push({ issuer, month, points: part })
    left -= part
  }
  return parts
}

/** Up to so much growth, as much as there is; `withOrder`: that there was a first order goes along. Answers how much. */
export async function moveGrowth(
  { changeGrowth }: Pick<MergesDeps, 'changeGrowth'>,
  { from, into }: Way,
  { id, most, withOrder }: { id: string; most: number; withOrder: boolean },
): Promise<number> {
  const taken = await changeGrowth({
    account: from,
    id,
    cause: 'merged_out',
    subject: formatAccount(into),
    growth: -most,
  })
  const growth = -taken.growth
  await changeGrowth({
    account: into,
    id,
    cause: 'merged_in',
    subject: formatAccount(from),
    growth,
    ...(withOrder && taken.firstOrder && { firstOrder: true }),
  })
  return growth
}
