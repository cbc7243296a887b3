/** Scores one thing a server vouches for, once per id: purchases, follows, spotlights, places in tasks. */

import { createHash } from 'node:crypto'
import { ACTIONS, type Action } from '../../shared/receipt.ts'
import { Unpacker } from '../kernel/index.ts'
import { defineScript, type SlotTag, type Store, scriptNow } from '../redis/index.ts'
import {
  accountKey,
  accountsKey,
  endedKey,
  holdersKey,
  journalKey,
  totalsKey,
} from '../wallet/index.ts'
import type { StoredState } from './account-view.ts'
import { type Allowance, allowanceArgs, UNBOUND } from './allowance.ts'
import { compileContext, milli, type RoomContext } from './compile.ts'
import { categoryNumber } from './compile-quests.ts'
import { daysAround } from './days.ts'
import { type JournalEntry, readEntry } from './journal.ts'
import { onceKey, orderKey, taskOrdersKey, visitKey } from './keys.ts'
import source from './score-event.lua'
import { readStored } from './stored-state.ts'

/** Ids of server events are remembered this long. */
export const ONCE_MS = 24 * 3_600_000
/** Orders are remembered this long: so long they can be refunded, and are credited once. */
export const ORDER_KEPT_MS = 365 * 24 * 3_600_000

/** What money earns is neither limited by nor counted as a day's points by behaviour. */
const BOUGHT: ReadonlySet<Action> = new Set(['purchase', 'order'])

/** Declared with events of no order, and not touched. */
const NO_ORDER = '-'

const script = defineScript({
  name: 'scoring.score_event',
  source,
  keys: [
    ...([
      'account',
      'visit',
      'once',
      'order',
      'task_orders',
      'journal',
      'totals',
      'ended',
    ] as const),
    ...(['accounts', 'holders'] as const),
  ],
  args: {
    now_ms: 'int',
    day: 'int',
    day_ends_ms: 'int',
    next_day_ends_ms: 'int',
    daily_points: 'int',
    allowance: 'int',
    allowance_until_ms: 'int',
    whole: 'int',
    budget_reason: 'int',
    journal_max: 'int',
    once_ms: 'int',
    context: 'bin',
    account: 'int',
    personal: 'int',
    action: 'int',
    units: 'int',
    order: 'int',
    order_name: 'str',
    first_order: 'int',
    take_growth: 'int',
    category: 'int',
    task: 'int',
    rank: 'int',
    points: 'int',
    growth: 'int',
    hash: 'str',
  },
  replies: {
    applied: { now_ms: 'int', account: 'bin', visit: 'bin', entry: 'bin' },
    replayed: { now_ms: 'int', account: 'bin', visit: 'bin', entry: 'bin' },
    conflict: {},
    ended: {},
    busy: {},
    unreadable: {},
  },
})

export interface EventCall {
  slot: SlotTag
  account: number
  /** Idempotency key, unique within the account. */
  id: string
  /** Whatever the id stands for: the same id with another body is a conflict. */
  body: string
  context: RoomContext
  action: Action
  /** Raw amount: fen for purchases, otherwise 1. */
  units: number
  /** Of what was bought, where a quest may ask for it. */
  category?: string | undefined
  /** Multiplier of the person alone, in thousandths; 1000 without it. */
  personal?: number
  /** Key of the order it belongs to, which keeps what it earned; then the id counts for as long as the order does. */
  order?: string
  /** A place in a task, instead of the action's earn rules; rank 0 means all places were taken. */
  place?: { task: number; rank: number; points: number; growth: number }
  /** Points it may pay, and whether an award that would pass them is not paid at all; without it there is no limit. */
  budget?: Allowance
  journalMax: number
  aroundMs: number
  nowMs?: number
}

export type EventReply =
  | {
      tag: 'applied' | 'replayed'
      atMs: number
      state: StoredState
      entry: JournalEntry
      /** Where the account is connected. */
      gateways: readonly number[]
    }
  | { tag: 'conflict' | 'ended' | 'busy' | 'unreadable' }

/** 64 bits of SHA-256: enough to tell two bodies of one id apart, and Lua needs no hash of its own. */
const hashOf = (body: string): string =>
  createHash('sha256').update(body).digest('hex').slice(0, 16)

/** Ids are free text of merchants; keys are not. */
export const keyOf = (id: string): string => createHash('sha256').update(id).digest('base64url')

/** Throws where Redis cannot be reached; repeating the call with the same id is safe. */
export async function scoreEvent(store: Store, call: EventCall): Promise<EventReply> {
  const { slot, account, context } = call
  const aroundMs = call.nowMs ?? call.aroundMs
  const day = daysAround(aroundMs, context.book.timeZone)
  const reply = await script.run(store, {
    keys: {
      account: accountKey(slot, account),
      visit: visitKey(slot, account, context.live),
      once: onceKey(slot, account, keyOf(call.id)),
      order: orderKey(slot, account, call.order ?? NO_ORDER),
      task_orders: taskOrdersKey(slot, account, context.live),
      journal: journalKey(slot),
      totals: totalsKey(slot),
      ended: endedKey(slot),
      accounts: accountsKey(slot),
      holders: holdersKey(slot, context.live),
    },
    args: {
      now_ms: scriptNow(call.nowMs),
      day: day.day,
      day_ends_ms: day.endsAtMs,
      next_day_ends_ms: day.nextEndsAtMs,
      daily_points: BOUGHT.has(call.action) ? -1 : (context.book.dailyPoints ?? 0),
      ...allowanceArgs(call.budget ?? UNBOUND),
      journal_max: call.journalMax,
      once_ms: call.order === undefined ? ONCE_MS : ORDER_KEPT_MS,
      context: compileContext(context, aroundMs),
      account,
      personal: call.personal ?? 1000,
      action: ACTIONS[call.action],
      units: call.units,
      order: call.order === undefined ? 0 : 1,
      order_name: call.order ?? '',
      first_order: milli(context.book.purchase.firstOrder),
      take_growth: context.book.purchase.refund.growth === 'take' ? 1 : 0,
      category: categoryNumber(call.category),
      task: call.place?.task ?? 0,
      rank: call.place?.rank ?? 0,
      points: call.place?.points ?? 0,
      growth: call.place?.growth ?? 0,
      hash: hashOf(call.body),
    },
  })
  if (reply.tag !== 'applied' && reply.tag !== 'replayed') return { tag: reply.tag }
  const atMs = reply.now_ms
  const { state, gateways } = readStored(reply, { atMs, day, home: context.issuer })
  return { tag: reply.tag, atMs, state, entry: readEntry(new Unpacker(reply.entry)), gateways }
}
