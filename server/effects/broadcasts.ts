/** Full-screen broadcasts: a viewer's text that the host agrees to. */

import type { BroadcastAsk, BroadcastState } from '../../shared/effects.ts'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { defineScript, type Store } from '../redis/index.ts'
import askSource from './ask.lua'
import decideSource from './decide.lua'
import { type Buyer, type EffectsDeps, nowOf, type SellingDeps } from './deps.ts'
import { actKey, playKeysOf } from './keys.ts'
import { ASKS_MAX, HOLD_MARGIN_MS } from './limits.ts'
import { settleInRoom } from './settle.ts'
import { type Acted, holdId, spend } from './spend.ts'

const askScript = defineScript({
  name: 'effects.ask',
  source: askSource,
  keys: ['head', 'act', 'asks'],
  args: {
    now_ms: 'int',
    account: 'str',
    id: 'str',
    wait_ms: 'int',
    own_max: 'int',
    all_max: 'int',
    points: 'int',
    rest: 'str',
  },
  replies: {
    waiting: {},
    seen: { state: 'str' },
    room_not_found: {},
    room_ended: {},
    stage_safe: {},
    limit_reached: {},
    busy: {},
  },
})

const decideScript = defineScript({
  name: 'effects.decide',
  source: decideSource,
  keys: ['head', 'moments', 'act', 'asks'],
  args: { now_ms: 'int', ask: 'str', word: 'str' },
  replies: { decided: {}, ask_gone: {}, stage_safe: {}, room_not_found: {} },
})

/** Holds the price and puts the text into the host's queue. `text` has passed the gate for comments. */
export async function askBroadcast(
  deps: SellingDeps,
  buyer: Buyer,
  { requestId, text }: { requestId: string; text: string },
): Promise<{ ok: true; answer: 'waiting' | 'done' } | Refusal> {
  const { broadcast } = deps.rulebook().book.effects
  if (!broadcast) return refuse('not_on_sale')
  if ([...text].length > broadcast.chars) return refuse('text_refused', { field: 'text' })
  const { account, handle, room, rung, brandNo, local, live } = buyer
  const id = holdId(requestId)
  const waitMs = broadcast.waitSec * 1000
  const act = async (): Promise<Acted<'waiting' | 'done'>> => {
    const { head, asks } = playKeysOf(room)
    const reply = await askScript.run(deps.store, {
      keys: { head, asks, act: actKey(room, handle, id) },
      args: {
        now_ms: nowOf(deps),
        account: handle,
        id,
        wait_ms: waitMs,
        own_max: broadcast.waiting,
        all_max: ASKS_MAX,
        points: broadcast.points,
        rest: JSON.stringify({ handle, name: buyer.name, rung, text }).slice(1),
      },
    })
    if (reply.tag === 'waiting') return { ok: true, answer: 'waiting', wait: true }
    if (reply.tag !== 'seen') return refuse(reply.tag, { afterMs: 1000 })
    if (reply.state === 'waiting') return { ok: true, answer: 'waiting', wait: true }
    return reply.state === 'shown' ? { ok: true, answer: 'done' } : refuse('hold_closed')
  }
  return spend(
    deps,
    {
      account,
      id,
      points: broadcast.points,
      use: 'effect',
      subject: { kind: 'broadcast', room },
      at: brandNo,
      local,
      live,
      forMs: waitMs + HOLD_MARGIN_MS,
    },
    act,
  )
}

export interface AskName {
  room: string
  account: number
  handle: string
  id: string
}

/**
 * The host agrees: it is shown, and then paid. Repeating it goes on where it stopped. What was put aside before may be
 * gone, with the master that came back without it; then there is nothing to agree to.
 */
export async function approveBroadcast(
  deps: SellingDeps,
  ask: AskName,
): Promise<{ ok: true } | Refusal> {
  const hold = await deps.wallets.readHold(ask)
  if (!hold || hold.state === 'voided') {
    await settleInRoom(deps.store, ask)
    return refuse('ask_gone')
  }
  const decided = await decide(deps, ask, 'shown')
  if (!decided.ok) return decided
  return deps.captures.take({ ...ask, hold: async () => refuse('hold_not_found') })
}

/** The host declines: the points go back. */
export async function rejectBroadcast(
  deps: SellingDeps,
  ask: AskName,
): Promise<{ ok: true } | Refusal> {
  const decided = await decide(deps, ask, 'rejected')
  if (!decided.ok) return decided
  return deps.captures.void(ask)
}

async function decide(
  deps: EffectsDeps,
  { room, handle, id }: AskName,
  word: 'shown' | 'rejected',
): Promise<{ ok: true } | Refusal> {
  const { head, moments, asks } = playKeysOf(room)
  const reply = await decideScript.run(deps.store, {
    keys: { head, moments, asks, act: actKey(room, handle, id) },
    args: { now_ms: nowOf(deps), ask: `${handle}:${id}`, word },
  })
  return reply.tag === 'decided' ? { ok: true } : refuse(reply.tag)
}

const STORED = /^(\d+):(\d+):(\d+):(.*)$/s

/** What waits for the host, longest waiting first; also what has waited too long and is not settled yet. */
export async function readAsks(store: Store, room: string): Promise<BroadcastAsk[]> {
  const stored = await store.hgetall(playKeysOf(room).asks)
  const asks: BroadcastAsk[] = []
  for (const [field, value] of Object.entries(stored)) {
    const [, untilMs, askedAtMs, points, rest] = STORED.exec(value) ?? []
    if (rest === undefined) continue
    const said = JSON.parse(`{${rest}`) as Pick<BroadcastAsk, 'handle' | 'name' | 'rung' | 'text'>
    asks.push({
      ...said,
      id: field.slice(field.indexOf(':') + 1),
      points: Number(points),
      askedAtMs: Number(askedAtMs),
      untilMs: Number(untilMs),
    })
  }
  return asks.sort((a, b) => a.askedAtMs - b.askedAtMs)
}

const STATES: Record<string, BroadcastState> = {
  waiting: 'waiting',
  shown: 'shown',
  rejected: 'rejected',
}

/** What became of a broadcast; nothing where it was never asked for, or two days ago. */
export async function broadcastState(
  store: Store,
  { room, handle, requestId }: { room: string; handle: string; requestId: string },
): Promise<BroadcastState | undefined> {
  const state = await store.get(actKey(room, handle, holdId(requestId)))
  return state === null ? undefined : (STATES[state] ?? 'lapsed')
}
