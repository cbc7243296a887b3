/** Tips: points that a viewer gives the host to see, burned or partly passed on. */

import type { HostPlay } from '../../shared/effects.ts'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { formatAccount } from '../../shared/ids.ts'
import { partOf } from '../../shared/points.ts'
import type { MomentBody } from '../../shared/room-state.ts'
import { resolveAccount } from '../identity/index.ts'
import { defineScript, type Store } from '../redis/index.ts'
import { getRoom } from '../rooms/index.ts'
import { type Buyer, type EffectsDeps, nowOf, type SellingDeps } from './deps.ts'
import { actKey, giversKey, playKeysOf } from './keys.ts'
import { AT_ONCE_MS } from './limits.ts'
import { type Acted, holdId, spend } from './spend.ts'
import source from './tip.lua'

const script = defineScript({
  name: 'effects.tip',
  source,
  keys: ['head', 'moments', 'act', 'tips', 'givers'],
  args: { now_ms: 'int', account: 'str', points: 'int', to_host: 'int', most: 'int', body: 'str' },
  replies: {
    tipped: {},
    seen: { state: 'str' },
    room_not_found: {},
    room_ended: {},
    stage_safe: {},
    limit_reached: {},
    busy: {},
  },
})

/** What of a tip the host gets, from what the tip itself remembers. */
export const toHostOf = (state: string): number | undefined => {
  const [, points] = /^tip:(\d+)$/.exec(state) ?? []
  return points === undefined ? undefined : Number(points)
}

/**
 * The account that a room's host is given points in. It belongs to no viewer: nobody gets a ticket for it, it
 * cannot redeem or check out, and so its points never become money.
 */
export const hostAccount = (
  { registry }: Pick<EffectsDeps, 'registry'>,
  { room, brand }: { room: string; brand: string },
): Promise<number> => resolveAccount(registry, { brand, kind: 'viewer', id: `host:${room}` })

/**
 * Passes on the host's part, once however often it is repeated; answers when it will last, where the host's points are
 * on another master than the giver's. Throws where it cannot be done now.
 */
export async function payHost(
  deps: EffectsDeps,
  tip: { room: string; account: number; id: string; points: number },
): Promise<{ lasts: Promise<void> } | undefined> {
  if (tip.points === 0) return
  const room = await getRoom(deps.store, tip.room)
  if (!room) return
  const host = await hostAccount(deps, { room: room.id, brand: room.brand })
  const given = await deps.wallets.issue({
    account: host,
    id: `tip-${formatAccount(tip.account)}-${tip.id}`,
    lots: [{ issuer: room.brandNo, points: tip.points }],
    cause: 'tipped',
    subject: `tip ${tip.room}`,
    at: room.brandNo,
  })
  if (!given.ok) throw new Error(`a tip could not be passed on: ${given.code}`)
  const { partitions, certain } = deps
  const lasts = certain?.({ slot: partitions.slotOf(host), with: partitions.slotOf(tip.account) })
  return lasts && { lasts }
}

export async function giveTip(
  deps: SellingDeps,
  buyer: Buyer,
  { requestId, points }: { requestId: string; points: number },
): Promise<{ ok: true; answer: 'done' } | Refusal> {
  const { tip } = deps.rulebook().book.effects
  if (!tip?.amounts.includes(points)) return refuse('not_on_sale')
  const { account, handle, name, room, live, brandNo, local } = buyer
  const id = holdId(requestId)
  const share = tip.policy === 'hostBucket' ? partOf(points, tip.hostShare) : 0
  const body: MomentBody = { kind: 'tip.given', handle, name, points }
  const act = async (): Promise<Acted<'done'>> => {
    const { head, moments, tips } = playKeysOf(room)
    const reply = await script.run(deps.store, {
      keys: {
        head,
        moments,
        tips,
        act: actKey(room, handle, id),
        givers: giversKey(room, live),
      },
      args: {
        now_ms: nowOf(deps),
        account: handle,
        points,
        to_host: share,
        most: tip.perLive,
        body: JSON.stringify(body),
      },
    })
    // What was decided when it was given counts, whatever the rulebook says by now.
    const toHost = reply.tag === 'seen' ? toHostOf(reply.state) : share
    if (reply.tag !== 'tipped' && reply.tag !== 'seen') return refuse(reply.tag, { afterMs: 2000 })
    if (toHost === undefined) return refuse('hold_closed')
    return {
      ok: true,
      answer: 'done',
      passOn: () => payHost(deps, { room, account, id, points: toHost }),
    }
  }
  return spend(
    deps,
    {
      account,
      id,
      points,
      use: 'effect',
      subject: { kind: 'tip', room },
      at: brandNo,
      local,
      live,
      forMs: AT_ONCE_MS,
    },
    act,
  )
}

/** What was given in a room, ever: the loop from viewers to host and platform. */
export async function readTips(store: Store, room: string): Promise<HostPlay['tips']> {
  const [given, toHost] = await store.hmget(playKeysOf(room).tips, 'given', 'to_host')
  const all = Number(given ?? 0)
  const passed = Number(toHost ?? 0)
  return { given: all, toHost: passed, burned: all - passed }
}
