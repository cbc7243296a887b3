/** What a merge moves from one account into another: each step once, under an id of its own. */

import { formatAccount } from '../../shared/ids.ts'
import type { Hold } from '../wallet/index.ts'
import { certainAt } from './certain.ts'
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
 * Answers how much it was; undefined where there was nothing. Throws `NotYet` where a step is refused. Each step is
 * durable before the next one that another master would remember.
 */
export async function movePoints(
  deps: Pick<MergesDeps, 'wallets' | 'certain' | 'registry'>,
  way: Way,
  of: { hold: string; most: number; issuers?: number[]; lots?: Hold['lots'] },
): Promise<number | undefined> {
  const { wallets } = deps
  const { from } = way
  const hold =
    (await wallets.readHold({ account: from, id: of.hold })) ?? (await holdPoints(wallets, way, of))
  if (!hold) return undefined
  if (hold.state === 'open') await handOver(deps, way, { hold, lots: of.lots })
  await certainAt(deps, from, 'record')
  return hold.points
}

async function handOver(
  deps: Pick<MergesDeps, 'wallets' | 'certain' | 'registry'>,
  { from, into }: Way,
  { hold, lots = hold.lots }: { hold: Hold; lots: Hold['lots'] | undefined },
): Promise<void> {
  const { wallets } = deps
  await certainAt(deps, from, into)
  const given = await wallets.issue({
    account: into,
    id: hold.id,
    cause: 'merged_in',
    subject: formatAccount(from),
    lots: lotsOf(lots, hold.points),
  })
  if (!given.ok) throw new NotYet(given.code)
  await certainAt(deps, into, from)
  const captured = await wallets.capture({ account: from, id: hold.id, late: true })
  if (!captured.ok) throw new NotYet(captured.code)
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
  // Elsewhere are points of other brands, which stay where they are.
  if (code !== 'points_short' && code !== 'points_elsewhere') throw new NotYet(code)
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

/**
 * Up to so much growth, as much as there is. `whole`: the rung, however it was reached, and that there was a first order go
 * along. Answers how much.
 */
export async function moveGrowth(
  deps: Pick<MergesDeps, 'changeGrowth' | 'certain' | 'registry'>,
  { from, into }: Way,
  { id, most, whole }: { id: string; most: number; whole: boolean },
): Promise<number> {
  const { changeGrowth } = deps
  const taken = await changeGrowth({
    account: from,
    id,
    cause: 'merged_out',
    subject: formatAccount(into),
    growth: -most,
  })
  await certainAt(deps, from, into)
  const growth = -taken.growth
  await changeGrowth({
    account: into,
    id,
    cause: 'merged_in',
    subject: formatAccount(from),
    growth,
    ...(whole && taken.firstOrder && { firstOrder: true }),
    ...(whole && { leastRung: taken.rung }),
  })
  await certainAt(deps, into, 'record')
  return growth
}
