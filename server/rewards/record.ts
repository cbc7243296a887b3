/** One redemption, where it is decided: in the slot of its reward. Every step of it may be repeated. */

import type { RedemptionState, RedemptionView } from '../../shared/rewards.ts'
import type { Store } from '../redis/index.ts'
import { type RedemptionRef, redKey } from './keys.ts'

/** `cancelling` and `refunding`: the piece is back, the points are on their way. */
export type RecordState = RedemptionState | 'cancelling' | 'refunding'

export interface Redemption extends RedemptionRef {
  state: RecordState
  atMs: number
  points: number
  cashFen: number
  /** Of the reward's document when it was taken; 0 where it failed. */
  version: number
  /** Pick-up point, or empty. */
  point: string
  cashUntilMs: number
  why: NonNullable<RedemptionView['why']> | ''
  order: string
  code: string
  /** Day number from which it lies at the point. */
  readyDay: number
  /** The code is good until then; 0 is for ever. */
  untilMs: number
  cancelUntilMs: number
  /** When the viewer is to be reminded of the code; 0 once that is done, or never. */
  remindAtMs: number
  usedAtMs: number
  clerk: string
  device: string
}

/** Won, not bought: there is no hold, and nothing to pay or to return. */
export const isPrize = ({ points, cashFen }: Pick<Redemption, 'points' | 'cashFen'>): boolean =>
  points === 0 && cashFen === 0

export type Why = Redemption['why']

/** The redemption as it stands, or undefined where nothing was decided about it. */
export async function readRedemption(
  store: Store,
  ref: RedemptionRef,
): Promise<Redemption | undefined> {
  const h = await store.hgetall(redKey(ref))
  if (h.state === undefined) return undefined
  return {
    ...ref,
    state: h.state as RecordState,
    atMs: Number(h.at),
    points: Number(h.points ?? 0),
    cashFen: Number(h.cash ?? 0),
    version: Number(h.version ?? 0),
    point: h.point ?? '',
    cashUntilMs: Number(h.cash_until ?? 0),
    why: (h.why ?? '') as Why,
    order: h.order ?? '',
    code: h.code ?? '',
    readyDay: Number(h.ready_day ?? 0),
    untilMs: Number(h.until ?? 0),
    cancelUntilMs: Number(h.cancel_until ?? 0),
    remindAtMs: Number(h.remind ?? 0),
    usedAtMs: Number(h.used_at ?? 0),
    clerk: h.clerk ?? '',
    device: h.device ?? '',
  }
}

/** Which redemption, among the arguments of every script. */
export const WHO_ARGS = { account: 'str', id: 'str' } as const
export const whoOf = ({ account, id }: RedemptionRef) => ({ account: String(account), id })
/** What most scripts answer: how the redemption stands afterwards. */
export const STATE_REPLY = { ok: { state: 'str' } } as const
