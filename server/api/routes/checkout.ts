/** Points at the shop's checkout: how many may pay, put them aside, spend them, give them back. */

import { z } from 'zod'
import { type Refusal, refuse } from '../../../shared/errors.ts'
import { ONE, partOf } from '../../../shared/points.ts'
import { fenOfPoints } from '../../../shared/rulebook/redemption.ts'
import { brandNumber } from '../../rooms/index.ts'
import type { Hold, Spot } from '../../wallet/index.ts'
import type { ApiDeps } from '../deps.ts'
import { type Caller, route } from '../route.ts'
import { Id, Ms, ok } from '../shapes/basics.ts'
import { accountDoing, accountOf } from './account-of.ts'
import { roomOf } from './room-of.ts'

const Order = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,48}$/)
  .describe("The shop's id of the order; it names the hold")
const Fen = z.int().min(1).max(1_000_000_000)
const Points = z.int().min(1).max(1_000_000_000)
/** Session points of the room's live may pay as well, and those that are good only there or with its host. */
const place = {
  viewer: Id,
  room: Id.optional().describe(
    'Session points of its live may pay too, and points that are good only there or with its host',
  ),
}

const HOLD_SEC_DEFAULT = 900
const HOLD_SEC_MAX = 86_400

const HoldShape = {
  order: Order,
  state: z.enum(['open', 'captured', 'voided']),
  points: z.int().min(0),
  captured: z.int().min(0),
  refunded: z.int().min(0),
  untilMs: Ms,
}

const shown = (order: string, { state, points, captured, refunded, untilMs }: Hold) => ({
  ok: true as const,
  order,
  state,
  points,
  captured,
  refunded,
  untilMs,
})

const holdOf = (order: string): string => `order-${order}`

/** Whose points, at which brand and in which of its rooms, and the live whose session points may pay. */
async function customer(
  deps: ApiDeps,
  caller: Caller,
  of: { viewer: string; room?: string | undefined },
): Promise<({ ok: true; account: number; live: number } & Spot) | Refusal> {
  const found = await accountOf(deps, caller, of.viewer)
  if (!found.ok) return found
  const at = await brandNumber(deps.gate.store, caller.brand)
  if (of.room === undefined) return { ok: true, account: found.account, at, live: 0 }
  const room = await roomOf(deps, caller, of.room)
  if (!room.ok) return room
  const { local, live } = room.room
  return { ok: true, account: found.account, at, local, live: live.no }
}

/**
 * Whose wallet the points of an order are of: the account's own, or that of one which became one with it after the
 * order, since what was held or spent there is captured and comes back there.
 */
const holderOf = (deps: ApiDeps, account: number, order: string): Promise<number> =>
  accountDoing(
    deps,
    account,
    async (one) => (await deps.wallets.readHold({ account: one, id: holdOf(order) })) !== undefined,
  )

/** What points are worth at checkout by the ratio that the customer redeems at: 1000 points are so many thousand fen. */
function ratioOf({ playing }: ApiDeps, account: number) {
  const { book } = playing.of(account)
  const { wallet, pointValueFen, redemption } = book
  const milli = Math.round(redemption.factor * ONE)
  return {
    checkout: wallet.checkout,
    fenOf: (points: number): number => fenOfPoints(points, book),
    /** Rounded down, so that no point pays for less than it is worth. */
    pointsOf: (fen: number): number => Math.floor((fen * milli) / (pointValueFen * ONE)),
  }
}

/** Most points that may pay an order, before looking at what the customer has. */
function mostFor({ checkout, pointsOf }: ReturnType<typeof ratioOf>, amountFen: number): number {
  const { maxShare, maxPoints } = checkout
  return Math.min(maxPoints, pointsOf(partOf(amountFen, maxShare)))
}

const quote = route({
  method: 'POST',
  path: '/v1/checkout/quote',
  what: 'How many points may pay an order, and what is left to pay. Nothing is put aside.',
  access: 'signed',
  body: z.strictObject({ ...place, amountFen: Fen }),
  reply: ok({
    points: z.int().min(0).describe('0 where fewer than the least may pay'),
    offsetFen: z.int().min(0),
    restFen: z.int().min(0),
    have: z.int().min(0).describe('Points that could pay here'),
  }),
  refusals: ['not_found', 'room_not_found'],
  async run({ caller, body }, deps) {
    const who = await customer(deps, caller, body)
    if (!who.ok) return who
    const have = await deps.wallets.payable(who)
    const ratio = ratioOf(deps, who.account)
    const most = Math.min(have, mostFor(ratio, body.amountFen))
    const points = most < ratio.checkout.minPoints ? 0 : most
    const offsetFen = ratio.fenOf(points)
    return { ok: true, points, offsetFen, restFen: body.amountFen - offsetFen, have }
  },
})

const hold = route({
  method: 'POST',
  path: '/v1/checkout/hold',
  what: 'Put points aside for an order. They go back by themselves when the time is over. The same order again is the same hold.',
  access: 'signed',
  once: true,
  body: z.strictObject({
    ...place,
    order: Order,
    amountFen: Fen,
    points: Points,
    forSec: z.int().min(10).max(HOLD_SEC_MAX).default(HOLD_SEC_DEFAULT),
  }),
  reply: ok(HoldShape),
  refusals: [
    'not_found',
    'room_not_found',
    'points_short',
    'points_elsewhere',
    'checkout_limit',
    'account_frozen',
    'too_many_holds',
    'id_conflict',
    'busy',
  ],
  async run({ caller, body }, deps) {
    const { order, points, amountFen, forSec } = body
    const who = await customer(deps, caller, body)
    if (!who.ok) return who
    const { ok: _, ...where } = who
    // A repeat from before a merge must not put the points aside twice.
    const account = await holderOf(deps, where.account, order)
    const id = holdOf(order)
    // What was put aside stays as it was, whatever book is published since.
    if (!(await deps.wallets.readHold({ account, id }))) {
      const { minPoints } = deps.rulebook().book.wallet.checkout
      if (points < minPoints) return refuse('checkout_limit', { field: 'points', have: minPoints })
      const most = mostFor(ratioOf(deps, who.account), amountFen)
      if (points > most) return refuse('checkout_limit', { field: 'points', have: most })
    }
    const answer = await deps.wallets.hold({
      ...where,
      account,
      id,
      points,
      forMs: forSec * 1000,
      use: 'checkout',
      subject: order,
      by: caller.by,
    })
    return answer.ok ? shown(order, answer.hold) : answer
  },
})

const named = { viewer: Id, order: Order }

const capture = route({
  method: 'POST',
  path: '/v1/checkout/capture',
  what: 'Spend what was put aside, or part of it; the rest goes back.',
  access: 'signed',
  once: true,
  body: z.strictObject({ ...named, points: Points.optional().describe('All where left out') }),
  reply: ok(HoldShape),
  refusals: [
    'not_found',
    'hold_not_found',
    'hold_closed',
    'hold_expired',
    'points_short',
    'id_conflict',
    'busy',
  ],
  async run({ caller, body: { viewer, order, points }, idempotencyKey: op }, deps) {
    const found = await accountOf(deps, caller, viewer)
    if (!found.ok) return found
    const account = await holderOf(deps, found.account, order)
    const amount = points === undefined ? {} : { points }
    const id = holdOf(order)
    const answer = await deps.wallets.capture({ account, id, op, by: caller.by, ...amount })
    return answer.ok ? shown(order, answer.hold) : answer
  },
})

const giveBack = route({
  method: 'POST',
  path: '/v1/checkout/void',
  what: 'Give back what was put aside, as it was: points that have expired meanwhile expire.',
  access: 'signed',
  once: true,
  body: z.strictObject(named),
  reply: ok(HoldShape),
  refusals: ['not_found', 'hold_not_found', 'hold_closed', 'id_conflict', 'busy'],
  async run({ caller, body: { viewer, order }, idempotencyKey: op }, deps) {
    const found = await accountOf(deps, caller, viewer)
    if (!found.ok) return found
    const account = await holderOf(deps, found.account, order)
    const answer = await deps.wallets.void({ account, id: holdOf(order), op, by: caller.by })
    return answer.ok ? shown(order, answer.hold) : answer
  },
})

const refund = route({
  method: 'POST',
  path: '/v1/checkout/refund',
  what: 'Return points that an order had spent, all or part, to the lots they came from. What would have expired comes back with the grace of the rulebook; session points of a live that is over do not come back.',
  access: 'signed',
  once: true,
  body: z.strictObject({ ...named, points: Points.optional().describe('All where left out') }),
  reply: ok(HoldShape),
  refusals: ['not_found', 'hold_not_found', 'hold_closed', 'points_short', 'id_conflict', 'busy'],
  async run({ caller, body: { viewer, order, points }, idempotencyKey }, deps) {
    const found = await accountOf(deps, caller, viewer)
    if (!found.ok) return found
    const answer = await deps.wallets.refund({
      account: await holderOf(deps, found.account, order),
      id: holdOf(order),
      refundId: `refund-${idempotencyKey}`,
      by: caller.by,
      ...(points === undefined ? {} : { points }),
    })
    return answer.ok ? shown(order, answer.hold) : answer
  },
})

export const checkoutRoutes = [quote, hold, capture, giveBack, refund]
