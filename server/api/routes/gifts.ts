/** The route by which viewers give points to friends. */

import { z } from 'zod'
import { refuse } from '../../../shared/errors.ts'
import { DAY_MS } from '../../../shared/time.ts'
import { knownSince, resolveAccount, viewerIdentity } from '../../identity/index.ts'
import { brandNumber } from '../../rooms/index.ts'
import { route } from '../route.ts'
import { Count, Id, ok } from '../shapes/basics.ts'
import { Amount } from '../shapes/wallet.ts'
import { accountOf, ViewerParams } from './account-of.ts'
import { roomOf } from './room-of.ts'

const give = route({
  method: 'POST',
  path: '/v1/accounts/{viewer}/gifts',
  what: 'Give points of a viewer to a friend, where the rulebook allows it and within its limits. Session points never.',
  access: 'signed',
  once: true,
  params: ViewerParams,
  body: z.strictObject({
    to: Id.describe("The merchant's id of the friend"),
    points: Amount,
    room: Id.optional().describe(
      'Points that are good only there or with its host may be given too',
    ),
  }),
  reply: ok({ dup: z.literal(true).exactOptional(), fee: Count.describe('Points, on top') }),
  refusals: [
    'not_found',
    'room_not_found',
    'gifts_off',
    'gift_limit',
    'points_short',
    'points_elsewhere',
    'account_frozen',
    'too_many_holds',
    'hold_expired',
    'hold_closed',
    'id_conflict',
    'busy',
  ],
  async run({ caller, params, body: { to, points, room }, idempotencyKey, nowMs }, deps) {
    const { brand, by } = caller
    const from = await accountOf(deps, caller, params.viewer)
    if (!from.ok) return from
    if (deps.rulebook().book.wallet.transfer.kind === 'deny') return refuse('gifts_off')
    const place = room === undefined ? undefined : await roomOf(deps, caller, room)
    if (place && !place.ok) return place
    const state = await deps.accounts.read({ account: from.account, brand })
    if (!state.ok) return state
    const sinceMs = (await knownSince(deps.gate, from.account)) ?? nowMs
    return deps.gifts.give({
      id: `give-${idempotencyKey}`,
      from: from.account,
      to: await resolveAccount(deps.gate, viewerIdentity({ brand, viewer: to })),
      points,
      at: await brandNumber(deps.gate.store, brand),
      ...(place && { local: place.room.local }),
      by,
      rung: state.account.tier.rung,
      ageDays: Math.max(0, Math.floor((nowMs - sinceMs) / DAY_MS)),
    })
  },
})

export const giftRoutes = [give]
