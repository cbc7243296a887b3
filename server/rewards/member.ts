/** The price for members: lower from a rung on, in the rooms that the shop names or in all. Pure. */

import { countedRung, rungWith } from '../../shared/rulebook/privileges.ts'
import type { Label, Ladder } from '../../shared/rulebook/schema.ts'
import type { Price } from './price.ts'
import type { StoredReward } from './schema.ts'

export interface MemberOffer {
  rung: number
  label: Label
  points: number
  cashFen: number
}

/** Who asks, and where. */
export interface Asking {
  rung: number
  boost?: number | undefined
  room: string
}

/** What a viewer pays, in points and cash. */
export interface Charge extends Price {
  cashFen: number
  /** Cash it costs others, where the viewer's is lower. */
  usualCashFen?: number
  /** The offer that lowered it. */
  member?: MemberOffer
}

/** The offer in a room; the rung is the one the document names, or the first whose privilege it is, or the top. */
export function memberOffer(
  { doc }: Pick<StoredReward, 'doc'>,
  ladder: Ladder,
  room: string,
): MemberOffer | undefined {
  const { member } = doc
  if (!member || (member.rooms.length > 0 && !member.rooms.includes(room))) return undefined
  const top = ladder.rungs.length - 1
  const rung = Math.min(member.rung ?? rungWith(ladder, 'room_price') ?? top, top)
  const label = ladder.rungs[rung]?.label
  if (!label) return undefined
  return {
    rung,
    label,
    points: member.points ?? doc.points,
    cashFen: member.cashFen ?? doc.cashFen,
  }
}

/** The price of the moment, or the one for members where it is lower and the viewer is one. */
export function chargeFor(
  reward: Pick<StoredReward, 'doc'>,
  price: Price,
  { ladder, asking }: { ladder: Ladder; asking: Asking },
): Charge {
  const { points, cashFen } = reward.doc
  const offer = memberOffer(reward, ladder, asking.room)
  const isMember = offer && countedRung(ladder, 'room_price', asking) >= offer.rung
  const lowers = offer && (offer.points < price.points || offer.cashFen < cashFen)
  if (!isMember || !lowers) return { ...price, cashFen }
  const paid = Math.min(price.points, offer.points)
  return {
    ...price,
    points: paid,
    ...(paid < points && { usualPoints: points }),
    cashFen: offer.cashFen,
    ...(offer.cashFen < cashFen && { usualCashFen: cashFen }),
    member: offer,
  }
}
