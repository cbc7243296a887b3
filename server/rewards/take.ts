/** Takes a piece of a reward for a redemption. */

import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import { flashOwedKey, type RedemptionRef, redemptionKeys, takenKey } from './keys.ts'
import { GRACE_MS, TAKEN_MAX } from './limits.ts'
import { WHO_ARGS, type Why, whoOf } from './record.ts'
import type { Calling } from './stock.ts'
import takeSource from './take.lua'
import { calendarArgs, calendarOf } from './week.ts'

const takeScript = defineScript({
  name: 'rewards.take',
  source: takeSource,
  keys: ['state', 'red', 'mine', 'todo', 'alerts', 'taken', 'flash_owed'],
  args: {
    now_ms: 'int',
    ...WHO_ARGS,
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
    former_ever: 'int',
    former_on_day: 'int',
    former_in_week: 'int',
    point: 'str',
    room: 'str',
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
  /** Where the viewer is; empty for what is won. */
  room: string
}

/** How many of one reward were taken, in the periods that run now. */
export interface Counted {
  ever: number
  onDay: number
  inWeek: number
}

export type TakeAnswer =
  | { tag: 'taken'; atMs: number }
  | { tag: 'refused'; why: Why }
  | { tag: 'known' | 'stale' | 'changed' }

/** Takes one piece, once per redemption; a refusal is remembered too. */
export async function takeReward(
  store: Store,
  ref: RedemptionRef,
  terms: Terms & Calling & { former?: Counted },
): Promise<TakeAnswer> {
  const reply = await takeScript.run(store, {
    keys: {
      ...redemptionKeys(ref),
      taken: takenKey(ref.reward),
      flash_owed: flashOwedKey(ref.reward),
    },
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
      former_ever: terms.former?.ever ?? 0,
      former_on_day: terms.former?.onDay ?? 0,
      former_in_week: terms.former?.inWeek ?? 0,
      point: terms.point,
      room: terms.room,
      grace_ms: GRACE_MS,
      taken_max: TAKEN_MAX,
      ...calendarOf(terms),
    },
  })
  if (reply.tag === 'taken') return { tag: 'taken', atMs: reply.now_ms }
  if (reply.tag === 'refused') return { tag: 'refused', why: reply.why as Why }
  return reply
}
