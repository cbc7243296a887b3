/** Rewards and redemptions as viewers are shown them. */

import { metresBetween, type Position } from '../../shared/distance.ts'
import {
  impliedValue,
  type PickupPoint,
  type RedemptionState,
  type RedemptionView,
  type RewardView,
} from '../../shared/rewards.ts'
import { dayText, MINUTE_MS } from '../../shared/time.ts'
import type { Catalogue } from './catalogue.ts'
import type { Codes } from './codes.ts'
import { memberOffer } from './member.ts'
import type { RecordState, Redemption } from './record.ts'
import type { PointDoc, StoredReward } from './schema.ts'
import { lockOf, type Situation, tightestLimit, windowOf } from './terms.ts'

/** Beyond any time that is meant. */
const NEVER_MS = 1e14

export function rewardView(
  situation: Situation,
  {
    points,
    pointValueFen,
    near,
  }: { points: Catalogue['points']; pointValueFen: number; near?: Position | undefined },
): RewardView {
  const { reward, listed, state, price, burning, taken, ladder, room } = situation
  const { id, doc } = reward
  const cost = { points: price.points, cashFen: price.cashFen, pay: doc.pay }
  const offer = memberOffer(listed, ladder, room)
  const lock = lockOf(situation)
  const limit = tightestLimit(reward, taken)
  const { opensAtMs, closesAtMs } = windowOf(reward, state, burning)
  const timed = opensAtMs > 0 && opensAtMs < NEVER_MS
  return {
    id,
    title: doc.title,
    ...(doc.note && { note: doc.note }),
    ...(doc.image !== undefined && { image: doc.image }),
    kind: doc.kind,
    cost,
    ...(price.usualPoints !== undefined && { usualPoints: price.usualPoints }),
    ...(price.usualCashFen !== undefined && { usualCashFen: price.usualCashFen }),
    ...(offer && { member: { ...offer, yours: price.member !== undefined } }),
    worthFen: doc.worthFen,
    value: impliedValue(cost, doc.worthFen, pointValueFen),
    ...(state.left !== undefined && { left: Math.max(0, state.left) }),
    ...(state.low && { low: true as const }),
    ...(timed && { opensAtMs }),
    ...(closesAtMs < NEVER_MS && { closesAtMs }),
    ...(lock && { lock }),
    ...(limit && { mine: { taken: limit.taken, max: limit.max, per: limit.per } }),
    delivery: doc.delivery,
    ...(doc.pickup.length > 0 && {
      pickup: nearestFirst(
        doc.pickup.flatMap((point) => points.get(point) ?? []),
        near,
      ),
    }),
    ...(doc.burnWeek && { burnWeek: true as const }),
    ...(doc.cancelWithinMin > 0 && { cancelWithinMs: doc.cancelWithinMin * MINUTE_MS }),
  }
}

/** What has no position stands behind what has one, in the order of the document. */
function nearestFirst(points: readonly PointDoc[], near: Position | undefined): PickupPoint[] {
  const shown = points.map(
    ({ id, name, position }): PickupPoint => ({
      id,
      name,
      ...(position && { located: true as const }),
      ...(position && near && { distanceM: Math.round(metresBetween(position, near)) }),
    }),
  )
  const farOf = ({ distanceM = Number.MAX_SAFE_INTEGER }: PickupPoint) => distanceM
  return shown.sort((a, b) => farOf(a) - farOf(b))
}

/** While points are on their way back the viewer is shown the end that they lead to. */
const shown = (state: RecordState): RedemptionState =>
  state === 'cancelling' ? 'cancelled' : state === 'refunding' ? 'refunded' : state

const GONE = { zh: '已下架的商品', en: 'A reward that is gone' }

export function redemptionView(
  redemption: Redemption,
  { reward, points, codes }: { reward?: StoredReward; points: Catalogue['points']; codes: Codes },
): RedemptionView {
  const { id, point, code, untilMs } = redemption
  const state = shown(redemption.state)
  const place = points.get(point)
  const issued = state === 'issued'
  return {
    id,
    reward: redemption.reward,
    title: reward?.doc.title ?? GONE,
    kind: reward?.doc.kind ?? 'item',
    points: redemption.points,
    cashFen: redemption.cashFen,
    state,
    atMs: redemption.atMs,
    ...(state === 'awaiting_cash' && { cashUntilMs: redemption.cashUntilMs }),
    ...(redemption.why !== '' && { why: redemption.why }),
    ...(issued && code !== '' && { code }),
    ...(issued &&
      code !== '' &&
      place && { qr: codes.qr({ ...redemption, point, code, untilMs }) }),
    ...(place &&
      redemption.readyDay > 0 && {
        pickup: { point, name: place.name, day: dayText(redemption.readyDay), untilMs },
      }),
    ...(issued && reward?.doc.link !== undefined && { link: reward.doc.link }),
    ...(issued && { cancelUntilMs: redemption.cancelUntilMs }),
    ...(redemption.usedAtMs > 0 && { usedAtMs: redemption.usedAtMs }),
  }
}
