/**
 * Rewards that the viewer has asked for and that have no answer yet. Each keeps the id it was first asked with,
 * also over a cut, a busy service or a reload of the page, so that asking again never takes a second piece.
 */

import type { Refusal } from '../../shared/errors.ts'
import type { RedemptionView } from '../../shared/rewards.ts'
import type { Client } from './api.ts'
import { randomId } from './ids.ts'
import {
  WISH_AGAIN_MS,
  WISH_AGAIN_MS_MAX,
  WISH_LIFE_MS,
  WISH_SETTLES_MS,
  WISHES_MAX,
} from './limits.ts'
import { busy } from './requests.ts'
import { type Runtime, systemRuntime } from './runtime.ts'
import { type Storage, wishesKey } from './store.ts'

export interface Wish {
  /** The idempotency key. */
  id: string
  reward: string
  /** Pick-up point. */
  point?: string
  /** What was shown for it. */
  quoted?: { points: number; cashFen: number }
  /** Of the viewer it belongs to: another viewer of this page must not pay for it. */
  handle: string
  /** Server time of the tap. */
  atMs: number
}

export interface WishesOptions {
  client: Client
  /** The same for all rooms and viewers of a page that share the storage. */
  scope?: string
  storage?: Storage | undefined
  runtime?: Runtime
  /** The wishes, or what one of them became, changed. */
  changed?(open: readonly Wish[]): void
  /** What an answered wish became: a redemption, or a refusal that holds. */
  settled(wish: Wish, answer: RedemptionView | Refusal): void
}

const isWish = (found: unknown): found is Wish =>
  typeof found === 'object' &&
  found !== null &&
  (['id', 'reward', 'handle'] as const).every(
    (name) => typeof (found as Partial<Wish>)[name] === 'string',
  ) &&
  typeof (found as Partial<Wish>).atMs === 'number'

/** A storage that is missing, blocked or holds something else is an empty one. */
function read(storage: Storage | undefined, scope: string): Wish[] {
  try {
    const found: unknown = JSON.parse(storage?.getItem(wishesKey(scope)) || '[]')
    return Array.isArray(found) ? found.filter(isWish).slice(0, WISHES_MAX) : []
  } catch {
    return []
  }
}

export type Wishes = ReturnType<typeof createWishes>

export function createWishes(options: WishesOptions) {
  const { client, scope = '', storage, runtime = systemRuntime, changed = () => {} } = options
  let wishes = read(storage, scope)
  /** Asked and not answered yet. */
  const underWay = new Set<string>()
  const tries = new Map<string, number>()

  function keep(next: Wish[]): void {
    wishes = next
    try {
      storage?.setItem(wishesKey(scope), wishes.length > 0 ? JSON.stringify(wishes) : '')
    } catch {
      // They go on in memory.
    }
    changed(wishes)
  }

  function settle(wish: Wish, answer: RedemptionView | Refusal): void {
    tries.delete(wish.id)
    keep(wishes.filter(({ id }) => id !== wish.id))
    options.settled(wish, answer)
  }

  function later(wish: Wish, ms: number): void {
    runtime.after(ms, () => void ask(wish))
  }

  async function ask(wish: Wish): Promise<void> {
    const { id, reward, point, quoted } = wish
    const { status, me } = client.state
    const known = wishes.some((one) => one.id === id)
    const reachable = status.phase === 'online' || status.phase === 'paused'
    if (!known || underWay.has(id) || !reachable || !me) return
    // What became of an old one stands in the list of redemptions; nobody waits for it any more.
    if (client.serverNow() - wish.atMs > WISH_LIFE_MS) return settle(wish, busy())
    if (me.handle !== wish.handle) return
    underWay.add(id)
    const answer = await client.request('reward.redeem', {
      id,
      reward,
      ...(point && { point }),
      ...(quoted && { quoted }),
    })
    underWay.delete(id)
    const count = (tries.get(id) ?? 0) + 1
    tries.set(id, count)
    const waitMs = Math.min(WISH_AGAIN_MS_MAX, WISH_AGAIN_MS * 2 ** (count - 1))
    if (answer.ok && answer.redemption.state === 'holding') later(wish, WISH_SETTLES_MS)
    else if (answer.ok) settle(wish, answer.redemption)
    else if (answer.retry === 'later') later(wish, Math.max(answer.afterMs ?? 0, waitMs))
    else settle(wish, answer)
  }

  function askAll(): void {
    for (const wish of wishes) if (!tries.has(wish.id)) void ask(wish)
  }

  let phase = client.state.status.phase
  const forget = client.on('changed', ({ status }) => {
    if (status.phase === phase) return
    phase = status.phase
    if (phase !== 'online') return
    tries.clear()
    askAll()
  })
  askAll()

  return {
    /** Without an answer so far, oldest first. */
    open: (): readonly Wish[] => wishes,
    /** Asks for a reward; undefined where as many as allowed are open, or nobody is known yet. */
    redeem(
      reward: string,
      { point, quoted }: Pick<Wish, 'point' | 'quoted'> = {},
    ): Wish | undefined {
      const handle = client.state.me?.handle
      if (handle === undefined || wishes.length >= WISHES_MAX) return undefined
      const atMs = client.serverNow()
      const wish: Wish = {
        id: randomId(),
        reward,
        ...(point && { point }),
        ...(quoted && { quoted }),
        handle,
        atMs,
      }
      // On record before it leaves.
      keep([...wishes, wish])
      void ask(wish)
      return wish
    },
    end: forget,
  }
}
