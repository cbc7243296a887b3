/** The pieces of a reward, shared with what the shop sells elsewhere. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import installSource from './install.lua'
import { alertsKey, movedKey, rewardHeadKey, stateKey } from './keys.ts'
import moveSource from './move-stock.lua'
import type { StoredReward } from './schema.ts'
import { calendarArgs, calendarOf, weekEndsAt, weekOf } from './week.ts'

const installScript = defineScript({
  name: 'rewards.install',
  source: installSource,
  keys: ['state'],
  args: {
    now_ms: 'int',
    version: 'int',
    open: 'int',
    kind: 'str',
    pieces: 'int',
    threshold: 'int',
    ...calendarArgs,
  },
  replies: { ok: { version: 'int' } },
})

/** Brings the reward's slot to a version of its document, once; its stock is only set the first time. */
export async function installReward(
  store: Store,
  { id, version, doc }: Pick<StoredReward, 'id' | 'version' | 'doc'>,
  time: Calling = {},
): Promise<void> {
  await installScript.run(store, {
    keys: { state: stateKey(id) },
    args: {
      now_ms: scriptNow(time.nowMs),
      version,
      open: doc.enabled ? 1 : 0,
      kind: doc.stock.kind,
      pieces: doc.stock.kind === 'endless' ? 0 : doc.stock.pieces,
      threshold: doc.lowStock,
      ...calendarOf(time),
    },
  })
}

/** When a call is made and in which zone its day turns. */
export interface Calling {
  timeZone?: string
  /** Only with the test clock. */
  nowMs?: number
}

export interface StockView {
  /** Absent where there is no end to it. */
  left?: number
  low?: true
  /** When the next pieces of a weekly release come. */
  restocksAtMs?: number
}

interface FlashWindow {
  opensAtMs: number
  closesAtMs: number
  room: string
}

export interface RewardState extends StockView {
  version: number
  open: boolean
  flash?: FlashWindow
}

/** The state of rewards as their slots have it, in the order asked; undefined where one is not installed. */
export function readStates(
  store: Store,
  rewards: readonly string[],
  { atMs, timeZone }: { atMs: number; timeZone: string },
): Promise<(RewardState | undefined)[]> {
  const week = weekOf(calendarOf({ nowMs: atMs, timeZone }).day)
  return Promise.all(
    rewards.map(async (reward) => {
      const found = await store.hgetall(stateKey(reward))
      return found.version === undefined ? undefined : stateOf(found, { week, atMs, timeZone })
    }),
  )
}

function stateOf(
  h: Record<string, string>,
  { week, atMs, timeZone }: { week: number; atMs: number; timeZone: string },
): RewardState {
  const released = h.kind === 'weekly' && week > Number(h.week)
  const left = released ? Number(h.per_week) : Number(h.left)
  const opensAtMs = Number(h.flash_opens ?? 0)
  return {
    version: Number(h.version),
    open: h.open === '1',
    ...(h.kind !== 'endless' && { left }),
    ...(h.kind !== 'endless' && left <= Number(h.threshold) && { low: true as const }),
    ...(h.kind === 'weekly' && { restocksAtMs: weekEndsAt(atMs, timeZone) }),
    ...(opensAtMs > 0 && {
      flash: { opensAtMs, closesAtMs: Number(h.flash_closes), room: h.flash_room ?? '' },
    }),
  }
}

const moveScript = defineScript({
  name: 'rewards.move_stock',
  source: moveSource,
  keys: ['state', 'alerts', 'moved'],
  args: { now_ms: 'int', pieces: 'int', undo: 'int', ...calendarArgs },
  replies: {
    ok: { left: 'int', now_ms: 'int' },
    sold_out: { left: 'int' },
    not_found: {},
    conflict: {},
  },
})

export interface StockMove extends Calling {
  reward: string
  /** Of the sale or delivery, chosen by the shop. */
  id: string
  /** Negative for what is sold, positive for what is brought; ignored where a move is undone. */
  pieces: number
  undo?: boolean
}

export type StockAnswer =
  | {
      ok: true
      /** Pieces left afterwards; -1 where there is no end to them. */
      left: number
      /** Redis time of the reward's slot. */
      atMs: number
    }
  | Refusal

/**
 * Moves the stock once per id, for 90 days. `sold_out` where fewer are left than asked for, `id_conflict` where the id
 * stands for another number of pieces, `not_found` where the reward or the move to be undone is not there.
 */
export async function moveStock(store: Store, move: StockMove): Promise<StockAnswer> {
  const reply = await moveScript.run(store, {
    keys: {
      state: stateKey(move.reward),
      alerts: alertsKey(move.reward),
      moved: movedKey(move.reward, move.id),
    },
    args: {
      now_ms: scriptNow(move.nowMs),
      pieces: move.pieces,
      undo: move.undo ? 1 : 0,
      ...calendarOf(move),
    },
  })
  switch (reply.tag) {
    case 'ok':
      // What was sold out may be there again: whoever looks at the shelf is to see it.
      if (move.undo || move.pieces > 0) await store.incr(rewardHeadKey)
      return { ok: true, left: reply.left, atMs: reply.now_ms }
    case 'sold_out':
      return refuse('sold_out')
    case 'conflict':
      return refuse('id_conflict')
    case 'not_found':
      return refuse('not_found', { field: move.undo ? 'sale' : 'reward' })
    default:
      return reply satisfies never
  }
}
