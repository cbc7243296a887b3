/** One redemption, where it is decided: in the slot of its reward. Every step may be repeated. */

import type { RedemptionState, RedemptionView } from '../../shared/rewards.ts'
import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import confirmSource from './confirm-cash.lua'
import dropSource from './drop.lua'
import giveBackSource from './give-back.lua'
import issueSource from './issue.lua'
import { type RedemptionRef, redemptionKeys, redKey, takenKey } from './keys.ts'
import { GRACE_MS, PRIZE_RELEASE_MS, TAKEN_MAX } from './limits.ts'
import remindSource from './remind.lua'
import settleSource from './settle.lua'
import type { Calling } from './stock.ts'
import takeSource from './take.lua'
import useSource from './use.lua'
import { calendarArgs, calendarOf } from './week.ts'

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

type Why = Redemption['why']

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

const who = { account: 'str', id: 'str' } as const
const whoOf = ({ account, id }: RedemptionRef) => ({ account: String(account), id })
const state = { ok: { state: 'str' } } as const

const takeScript = defineScript({
  name: 'rewards.take',
  source: takeSource,
  keys: ['state', 'red', 'mine', 'todo', 'alerts', 'taken'],
  args: {
    now_ms: 'int',
    ...who,
    version: 'int',
    points: 'int',
    cash_fen: 'int',
    cash_ms: 'int',
    price_from_ms: 'int',
    price_until_ms: 'int',
    opens_ms: 'int',
    closes_ms: 'int',
    flash: 'int',
    early_ms: 'int',
    per_ever: 'int',
    per_day: 'int',
    per_week: 'int',
    point: 'str',
    grace_ms: 'int',
    taken_max: 'int',
    ...calendarArgs,
  },
  replies: {
    taken: { now_ms: 'int' },
    refused: { why: 'str' },
    known: {},
    /** The slot has an older version than the caller: install it. */
    stale: {},
    /** The caller's version or price is not the one that holds now. */
    changed: {},
  },
})

/** What the take is to be decided by; 0 is no limit. */
export interface Terms {
  version: number
  points: number
  cashFen: number
  cashMs: number
  priceFromMs: number
  priceUntilMs: number
  opensAtMs: number
  closesAtMs: number
  flash: boolean
  /** How much before the opening this viewer may come. */
  earlyMs: number
  limits: { ever?: number | undefined; perDay?: number | undefined; perWeek?: number | undefined }
  point: string
}

export type TakeAnswer =
  | { tag: 'taken'; atMs: number }
  | { tag: 'refused'; why: Why }
  | { tag: 'known' | 'stale' | 'changed' }

/** Takes one piece, once per redemption; a refusal is remembered too. */
export async function takeReward(
  store: Store,
  ref: RedemptionRef,
  terms: Terms & Calling,
): Promise<TakeAnswer> {
  const reply = await takeScript.run(store, {
    keys: { ...redemptionKeys(ref), taken: takenKey(ref.reward) },
    args: {
      now_ms: scriptNow(terms.nowMs),
      ...whoOf(ref),
      version: terms.version,
      points: terms.points,
      cash_fen: terms.cashFen,
      cash_ms: terms.cashMs,
      price_from_ms: terms.priceFromMs,
      price_until_ms: terms.priceUntilMs,
      opens_ms: terms.opensAtMs,
      closes_ms: terms.closesAtMs,
      flash: terms.flash ? 1 : 0,
      early_ms: terms.earlyMs,
      per_ever: terms.limits.ever ?? 0,
      per_day: terms.limits.perDay ?? 0,
      per_week: terms.limits.perWeek ?? 0,
      point: terms.point,
      grace_ms: GRACE_MS,
      taken_max: TAKEN_MAX,
      ...calendarOf(terms),
    },
  })
  if (reply.tag === 'taken') return { tag: 'taken', atMs: reply.now_ms }
  if (reply.tag === 'refused') return { tag: 'refused', why: reply.why as Why }
  return reply
}

const dropScript = defineScript({
  name: 'rewards.drop',
  source: dropSource,
  keys: ['state', 'red', 'mine', 'todo', 'alerts'],
  args: { now_ms: 'int', ...who, lost: 'int', ...calendarArgs },
  replies: state,
})

/**
 * Says that the points of a redemption go back, or with `lost` that there are none: nothing can be taken under it any
 * more. Answers the state that holds, which is another one where it was decided before.
 */
export async function dropRedemption(
  store: Store,
  ref: RedemptionRef,
  { lost = false, ...time }: Calling & { lost?: boolean } = {},
): Promise<RecordState> {
  const reply = await dropScript.run(store, {
    keys: redemptionKeys(ref),
    args: {
      now_ms: scriptNow(time.nowMs),
      ...whoOf(ref),
      lost: lost ? 1 : 0,
      ...calendarOf(time),
    },
  })
  return reply.state as RecordState
}

const confirmScript = defineScript({
  name: 'rewards.confirm_cash',
  source: confirmSource,
  keys: ['red', 'todo'],
  args: { now_ms: 'int', ...who, order: 'str', grace_ms: 'int' },
  replies: { ...state, not_found: {}, conflict: {}, closed: {} },
})

/** The shop has the cash of an order. `closed` where the time for it is over or the redemption is. */
export async function confirmCash(
  store: Store,
  ref: RedemptionRef,
  { order, nowMs }: { order: string; nowMs?: number },
): Promise<'ok' | 'not_found' | 'conflict' | 'closed'> {
  const { red, todo } = redemptionKeys(ref)
  const reply = await confirmScript.run(store, {
    keys: { red, todo },
    args: { now_ms: scriptNow(nowMs), ...whoOf(ref), order, grace_ms: GRACE_MS },
  })
  return reply.tag
}

const issueScript = defineScript({
  name: 'rewards.issue',
  source: issueSource,
  keys: ['red', 'todo'],
  args: {
    now_ms: 'int',
    ...who,
    code: 'str',
    ready_day: 'int',
    until_ms: 'int',
    cancel_ms: 'int',
    remind_ms: 'int',
  },
  replies: state,
})

export interface Issue {
  code: string
  readyDay: number
  untilMs: number
  cancelMs: number
  /** So long before its end the viewer is reminded of the code. */
  remindMs: number
  nowMs?: number
}

/** The points are paid: the viewer has the reward. */
export async function issueReward(store: Store, ref: RedemptionRef, issue: Issue): Promise<void> {
  const { red, todo } = redemptionKeys(ref)
  await issueScript.run(store, {
    keys: { red, todo },
    args: {
      now_ms: scriptNow(issue.nowMs),
      ...whoOf(ref),
      code: issue.code,
      ready_day: issue.readyDay,
      until_ms: issue.untilMs,
      cancel_ms: issue.cancelMs,
      remind_ms: issue.remindMs,
    },
  })
}

const remindScript = defineScript({
  name: 'rewards.remind',
  source: remindSource,
  keys: ['red', 'todo'],
  args: { ...who, release_ms: 'int' },
  replies: state,
})

/** The viewer has been reminded of the code. */
export async function markReminded(store: Store, ref: RedemptionRef): Promise<void> {
  const { red, todo } = redemptionKeys(ref)
  await remindScript.run(store, {
    keys: { red, todo },
    args: { ...whoOf(ref), release_ms: PRIZE_RELEASE_MS },
  })
}

const giveBackScript = defineScript({
  name: 'rewards.give_back',
  source: giveBackSource,
  keys: ['state', 'red', 'mine', 'todo', 'alerts'],
  args: { now_ms: 'int', ...who, why: 'str', grace_ms: 'int', release_ms: 'int', ...calendarArgs },
  replies: { ...state, not_found: {}, closed: {} },
})

/**
 * Gives a redemption up: the viewer as long as its terms allow, the shop until it is used, `cash_late` where the cash
 * has not come in time, `expired` where a prize was not fetched. Answers the state that holds afterwards.
 */
export async function giveBack(
  store: Store,
  ref: RedemptionRef,
  { why, ...time }: Calling & { why: 'viewer' | 'shop' | 'cash_late' | 'expired' },
): Promise<{ tag: 'ok'; state: RecordState } | { tag: 'not_found' | 'closed' }> {
  const reply = await giveBackScript.run(store, {
    keys: redemptionKeys(ref),
    args: {
      now_ms: scriptNow(time.nowMs),
      ...whoOf(ref),
      why,
      grace_ms: GRACE_MS,
      release_ms: PRIZE_RELEASE_MS,
      ...calendarOf(time),
    },
  })
  return reply.tag === 'ok' ? { tag: 'ok', state: reply.state as RecordState } : reply
}

const settleScript = defineScript({
  name: 'rewards.settle',
  source: settleSource,
  keys: ['red', 'todo'],
  args: who,
  replies: state,
})

/** The points are back: the redemption is over. */
export async function settleRedemption(store: Store, ref: RedemptionRef): Promise<void> {
  const { red, todo } = redemptionKeys(ref)
  await settleScript.run(store, { keys: { red, todo }, args: whoOf(ref) })
}

const useScript = defineScript({
  name: 'rewards.use',
  source: useSource,
  keys: ['red', 'todo'],
  args: {
    now_ms: 'int',
    ...who,
    use_id: 'str',
    used_ms: 'int',
    point: 'str',
    clerk: 'str',
    device: 'str',
  },
  replies: {
    ok: { used_ms: 'int' },
    used: { used_ms: 'int', clerk: 'str', device: 'str' },
    closed: { state: 'str' },
    not_found: {},
    elsewhere: {},
    over: {},
  },
})

export interface Use {
  /** Chosen by the device, so that it may repeat what it did. */
  useId: string
  /** When the device says it was; 0 is now. */
  usedMs: number
  point: string
  clerk: string
  device: string
  nowMs?: number
}

/** Uses a redemption, once: a second use learns of the first. */
export async function useRedemption(store: Store, ref: RedemptionRef, use: Use) {
  const { red, todo } = redemptionKeys(ref)
  return useScript.run(store, {
    keys: { red, todo },
    args: {
      now_ms: scriptNow(use.nowMs),
      ...whoOf(ref),
      use_id: use.useId,
      used_ms: use.usedMs,
      point: use.point,
      clerk: use.clerk,
      device: use.device,
    },
  })
}
