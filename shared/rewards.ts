/** What points can buy, as viewers see it, and what a redemption is. Free of zod: the overlay runs on it. */

import { ONE } from './points.ts'
import type { Label } from './rulebook/schema.ts'

/** `item` is handed over, `coupon` is used at checkout, `content` is opened, `access` lets in where only members are. */
export const REWARD_KINDS = ['item', 'coupon', 'content', 'access'] as const
export type RewardKind = (typeof REWARD_KINDS)[number]

/** Which points may pay: any, only those of this live, or only those that outlast it. */
export const PAYS = ['any', 'session', 'spendable'] as const
export type Pay = (typeof PAYS)[number]

export interface RewardCost {
  points: number
  /** Beside the points, paid to the shop; 0 for none. */
  cashFen: number
  pay: Pay
}

export type LimitPeriod = 'ever' | 'day' | 'week'

/** Why a viewer cannot take a reward now. */
export type RewardLock =
  | { kind: 'not_yet'; opensAtMs?: number }
  | { kind: 'over' }
  | { kind: 'sold_out'; restocksAtMs?: number }
  | { kind: 'limit'; per: LimitPeriod; resetsAtMs?: number }
  | { kind: 'tier'; rung: number; label: Label }
  /** Unlocks for who has watched so many lives. */
  | { kind: 'task'; lives: number; watched: number }
  /** Until then only the named rung and above may take it. */
  | { kind: 'early'; rung: number; label: Label; opensAtMs: number }
  | { kind: 'points'; missing: number }

export interface RewardValue {
  /** What one point brings here, in thousandths of what a point is worth; 1000 is par. */
  ratioMilli: number
  /** Outside 0.5x to 2x. */
  warning?: 'low' | 'high'
}

export interface PickupPoint {
  id: string
  name: Label
  /** Its place is known: who says where they are can see the nearest first. */
  located?: true
  /** From where the viewer said to be. */
  distanceM?: number
}

export interface RewardView {
  id: string
  title: Label
  note?: Label
  image?: string
  kind: RewardKind
  cost: RewardCost
  /** Points it costs otherwise, where an event or the viewer's tier lowers them now. */
  usualPoints?: number
  /** Cash it costs others, where the viewer's tier lowers it. */
  usualCashFen?: number
  /** The price from a rung on in this room; `yours`: it is what `cost` says. */
  member?: { rung: number; label: Label; points: number; cashFen: number; yours: boolean }
  worthFen: number
  value: RewardValue
  /** Pieces left; absent where there is no end to them. */
  left?: number
  /** Few are left. */
  low?: true
  /** Flash window or opening time, by the server's clock. */
  opensAtMs?: number
  closesAtMs?: number
  /** Absent: one tap takes it. */
  lock?: RewardLock
  /** What this viewer has taken in the tightest period that has a limit. */
  mine?: { taken: number; max: number; per: LimitPeriod }
  delivery: 'pickup' | 'code' | 'none'
  /** Where it can be picked up, the nearest first; the viewer names one of them where there are several. */
  pickup?: PickupPoint[]
  /** How long after taking it may be given back; absent where it may not. */
  cancelWithinMs?: number
  /** It is for the burn week, or cheaper in it. */
  burnWeek?: true
  /** It suits how this viewer buys; why. */
  recommended?: Label
}

/** The last days before points expire, while they run. */
export interface BurnWeekView {
  opensAtMs: number
  closesAtMs: number
  /** Of this viewer: what expires when it closes. */
  points: number
}

/** What points can buy in a room, as it stands for one viewer. */
export interface ShelfView {
  atMs: number
  rewards: RewardView[]
  burnWeek?: BurnWeekView
  /** From when points buy less, by how many percent: published, and still to come. */
  valueCut?: { fromMs: number; percent: number }
}

/**
 * `holding`: points are held, the piece is being taken. `awaiting_cash`: the piece is kept until the shop has the
 * cash. `issued`: paid, ready to be used. `cancelled`: given up before it was paid. `refunded`: paid, then given back.
 * `failed`: it could not be had; the points are back.
 */
export type RedemptionState =
  | 'holding'
  | 'awaiting_cash'
  | 'issued'
  | 'used'
  | 'cancelled'
  | 'refunded'
  | 'failed'

export interface RedemptionView {
  /** The idempotency key it was asked for with. */
  id: string
  reward: string
  title: Label
  kind: RewardKind
  points: number
  cashFen: number
  state: RedemptionState
  atMs: number
  /** `awaiting_cash`: until then the shop must have the cash. */
  cashUntilMs?: number
  /** `failed` or `cancelled`: why. */
  why?: 'sold_out' | 'limit' | 'not_yet' | 'over' | 'cash_late' | 'viewer' | 'shop' | 'expired'
  /** To read out or type: pick-up code, coupon or access code. */
  code?: string
  /** What a QR code carries; a clerk's phone verifies it without network. */
  qr?: string
  /** `day` as YYYY-MM-DD in the platform's time zone: the first on which it lies there. */
  pickup?: { point: string; name: Label; day: string; untilMs: number }
  /** What was bought, to be opened. */
  link?: string
  /** It may be given back until then. */
  cancelUntilMs?: number
  usedAtMs?: number
}

/** What a payment brought, and the best that can be had with it. */
export interface Gain {
  points: number
  /** Afterwards. */
  spendable: number
  best?: { reward: string; title: Label; points: number }
}

export const VALUE_LOW_MILLI = 500
export const VALUE_HIGH_MILLI = 2000

/**
 * What a point brings in a reward, against what the rulebook says it is worth. The cash part is taken off the worth
 * first; a reward that costs no points has no ratio and counts as par.
 */
export function impliedValue(
  { points, cashFen }: Pick<RewardCost, 'points' | 'cashFen'>,
  worthFen: number,
  pointValueFen: number,
): RewardValue {
  if (points === 0) return { ratioMilli: ONE }
  const ratioMilli = Math.round((Math.max(0, worthFen - cashFen) * ONE) / (points * pointValueFen))
  if (ratioMilli < VALUE_LOW_MILLI) return { ratioMilli, warning: 'low' }
  if (ratioMilli > VALUE_HIGH_MILLI) return { ratioMilli, warning: 'high' }
  return { ratioMilli }
}

/** A price paid half in points and half in cash; the odd fen goes to the cash. */
export function halfAndHalf(worthFen: number, pointValueFen: number): RewardCost {
  const points = Math.floor(worthFen / 2 / pointValueFen)
  return { points, cashFen: worthFen - points * pointValueFen, pay: 'any' }
}

/** The points that may pay a reward. */
export function payable(pay: Pay, balance: { spendable: number; session: number }): number {
  if (pay === 'session') return balance.session
  return pay === 'spendable' ? balance.spendable : balance.spendable + balance.session
}

type Affordable = Pick<RewardView, 'id' | 'title' | 'cost' | 'worthFen' | 'lock'>

/**
 * The reward to name after a gain: of those that can be taken now with this balance, the one that costs most points;
 * of equals the one that is worth more.
 */
export function bestAffordable<R extends Affordable>(
  rewards: readonly R[],
  balance: { spendable: number; session: number },
): R | undefined {
  let best: R | undefined
  for (const reward of rewards) {
    if (reward.lock && reward.lock.kind !== 'points') continue
    if (reward.cost.points > payable(reward.cost.pay, balance)) continue
    const higher =
      !best ||
      reward.cost.points > best.cost.points ||
      (reward.cost.points === best.cost.points && reward.worthFen > best.worthFen)
    if (higher) best = reward
  }
  return best
}

/** Redemptions that nothing will change any more. */
export const isFinal = (state: RedemptionState): boolean =>
  state === 'used' || state === 'cancelled' || state === 'refunded' || state === 'failed'

// What a clerk's phone is told (`/v1/pickup/*`, with `Authorization: Bearer <clerk's key>`).

/** `GET /v1/pickup/point`: where the clerk stands, and what the phone needs to work without network. */
export interface PickupPointView {
  point: string
  name: Label
  /** The clerk's own label. */
  clerk: string
  /** Of the platform: days of the list are counted in it. */
  timeZone: string
  atMs: number
  /** Public keys that verify QR codes, as JSON web keys. */
  keys: { kid: string; jwk: { kty: 'EC'; crv: 'P-256'; x: string; y: string } }[]
}

/** `GET /v1/pickup/list?day=YYYY-MM-DD`, `{ lines }`: what lies at the point from that day on. */
export interface PickupLine {
  /** The short code. */
  code: string
  reward: string
  title: Label
  state: 'issued' | 'used'
  /** Who comes for it, as far as the point may know. */
  name?: string
  usedAtMs?: number
}

/** When, by whom and with which phone a code was used the first time. */
export interface CodeFirstUse {
  atMs: number
  clerk: string
  device: string
}

/** `POST /v1/pickup/use` and one of `POST /v1/pickup/sync`, `{ uses }`. */
export interface CodeUseInput {
  /** Chosen by the device for this use; repeating it is no second use. */
  useId: string
  /** Typed, or the whole text of a QR code. */
  code: string
  device: string
  /** When it was handed over, where that was without network; absent is now. */
  atMs?: number
}

/** What was handed over and when; refusals `already_used` (with `first`), `redemption_closed`, `not_found`. */
export interface CodeUsed {
  ok: true
  atMs: number
  code: string
  reward: string
  title: Label
}
