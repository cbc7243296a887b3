/** Routes of viewers' accounts, under the ids that merchants know them by, and of what servers vouch for. */

import { z } from 'zod'
import { refuse } from '../../../shared/errors.ts'
import { formatAccount, parseAccount } from '../../../shared/ids.ts'
import type { Action } from '../../../shared/receipt.ts'
import { RuleId } from '../../../shared/rulebook/schema.ts'
import { forgetAnswer } from '../../economy/index.ts'
import {
  eraseAccount,
  readProfiles,
  resolveAccount,
  revoke,
  viewerIdentity,
} from '../../identity/index.ts'
import { formerOf, settledIn } from '../../merges/index.ts'
import { brandNumber } from '../../rooms/index.ts'
import { orderHash } from '../../scoring/index.ts'
import { eraseNotes } from '../../wallet/index.ts'
import { route } from '../route.ts'
import { AccountShape, ReceiptShape } from '../shapes/account.ts'
import { AmountFen, Id, Ms, ok } from '../shapes/basics.ts'
import { HistoryEntryShape, IssuersShape } from '../shapes/ledger.ts'
import { accountOf, ViewerParams } from './account-of.ts'
import { roomOf } from './room-of.ts'

const state = route({
  method: 'GET',
  path: '/v1/accounts/{viewer}',
  what: 'Balance, tier and what was earned today; with `room` also how the viewer stands in its live.',
  access: 'operator',
  params: ViewerParams,
  query: z.strictObject({ room: Id.optional() }),
  reply: ok({
    number: z.string().describe('Account number as support and viewers see it'),
    name: z.string().exactOptional(),
    optOut: z.boolean().exactOptional(),
    frozen: z.boolean(),
    account: AccountShape,
  }),
  refusals: ['not_found', 'room_not_found'],
  async run({ caller, params, query: { room } }, deps) {
    const found = await accountOf(deps, caller, params.viewer)
    if (!found.ok) return found
    const { account } = found
    if (room !== undefined) {
      const inRoom = await roomOf(deps, caller, room)
      if (!inRoom.ok) return inRoom
    }
    const read = await deps.accounts.read({
      account,
      brand: caller.brand,
      ...(room === undefined ? {} : { room }),
    })
    if (!read.ok) return read
    const profile = (await readProfiles(deps.gate, [account])).get(account)
    return { ...read, number: formatAccount(account), ...profile }
  },
})

const history = route({
  method: 'GET',
  path: '/v1/accounts/{viewer}/history',
  what: 'The history of a viewer back to the first line, newest first: what was earned and why, or why not, and what moved otherwise.',
  access: 'operator',
  params: ViewerParams,
  query: z.strictObject({
    before: z.string().max(40).optional().describe('`next` of the page before'),
    number: z
      .string()
      .optional()
      .describe('Number of an account that was merged into this one: its own history'),
  }),
  reply: ok({
    entries: z.array(HistoryEntryShape),
    issuers: IssuersShape,
    next: z
      .string()
      .exactOptional()
      .describe('`before` of the next page, which may be empty and have a `next` as well'),
    elsewhere: z
      .literal(true)
      .exactOptional()
      .describe('There are older lines, in an archive that this process does not have'),
  }),
  refusals: ['not_found', 'busy'],
  async run({ caller, params, query: { before, number } }, deps) {
    const found = await accountOf(deps, caller, params.viewer)
    if (!found.ok) return found
    const account = number === undefined ? found.account : parseAccount(number)
    const isTheirs =
      account !== undefined && (await settledIn(deps.gate.store, account)) === found.account
    if (number !== undefined && !isTheirs) return refuse('not_found', { field: 'number' })
    return deps.past.history({
      account: account ?? found.account,
      ...(before === undefined ? {} : { before }),
    })
  },
})

const erase = route({
  method: 'DELETE',
  path: '/v1/accounts/{viewer}',
  what: 'Erase who an account belonged to: name and link go, sockets close, the numbers in the journal stay and are of nobody. Cannot be undone; the viewer starts anew.',
  access: 'signed',
  params: ViewerParams,
  reply: ok({}),
  refusals: ['not_found', 'busy'],
  async run({ caller, params }, deps) {
    const found = await accountOf(deps, caller, params.viewer)
    if (!found.ok) return found
    // First: a resume token still knows the number and would write the name again.
    const revokedAtMs = await revoke(deps.gate.store, { account: found.account })
    if (revokedAtMs === undefined) return refuse('busy')
    const { store, partitions } = deps.gate
    const former = (await formerOf(store, [found.account])).get(found.account) ?? []
    await eraseAccount(deps.gate, found.account, {
      former: former.map(({ account }) => account),
      asked: viewerIdentity({ brand: caller.brand, viewer: params.viewer }),
      async forget(account) {
        await eraseNotes(store, { slot: partitions.slotOf(account), account })
        await deps.targeting.forget(account)
        await forgetAnswer(store, { slot: partitions.slotOf(account), account })
        await deps.clubs.forget(account)
        await deps.teams.forget(account)
      },
    })
    // Once more: the worker may have noted something while it still knew the person.
    await deps.targeting.forget(found.account)
    await deps.clubs.forget(found.account)
    await deps.teams.forget(found.account)
    return { ok: true }
  },
})

/** What a server may vouch for beside purchases; one of each per event. */
const VOUCHED = [
  'follow',
  'invite',
  'register',
  'review',
  'sign_in',
  'browse',
  'share',
  'vote',
  'join',
] as const satisfies Action[]

/** 1 yuan renews 1 point. */
const FEN_PER_YUAN = 100

const place = {
  viewer: Id.describe("The merchant's id of the viewer; the account is made where there is none"),
  room: Id.optional().describe('Where it happened'),
}

const event = route({
  method: 'POST',
  path: '/v1/events',
  what: 'Something that needs trust: a purchase (which is also an order), a follow, a registration, a good deed. Credited once per idempotency key.',
  access: 'signed',
  once: true,
  body: z.discriminatedUnion('action', [
    z.strictObject({
      action: z.literal('purchase'),
      ...place,
      category: RuleId.optional().describe('Of what was bought, where a quest counts it'),
      amountFen: AmountFen.describe('What was paid; 100 fen are one yuan'),
      order: Id.optional().describe(
        "The merchant's id of the order, paid once for a year whatever key it comes with; without one the idempotency key is the id",
      ),
    }),
    z.strictObject({
      action: z.literal('deed'),
      ...place,
      category: RuleId.optional().describe(
        'What was done, such as `neighbour_help` or `waste_sorting`, where a quest counts it',
      ),
    }),
    z.strictObject({ action: z.enum(VOUCHED), ...place }),
  ]),
  reply: ok({
    dup: z.literal(true).exactOptional().describe('Had been credited before'),
    account: AccountShape,
    receipts: z.array(ReceiptShape),
    cashback: z
      .object({ points: z.int(), dueAtMs: Ms })
      .exactOptional()
      .describe('Of an order: what comes back of it, pending until then'),
    atMs: Ms,
  }),
  refusals: ['room_not_found', 'room_ended', 'id_conflict', 'busy'],
  async run({ caller, body, idempotencyKey }, deps) {
    const { viewer, room } = body
    const inRoom = room === undefined ? undefined : await roomOf(deps, caller, room)
    if (inRoom && !inRoom.ok) return inRoom
    const account = await resolveAccount(deps.gate, viewerIdentity({ brand: caller.brand, viewer }))
    const bought = body.action === 'purchase'
    const order = (bought && body.order) || idempotencyKey
    const scored = await deps.accounts.scoreEvent({
      id: `event-${idempotencyKey}`,
      body: JSON.stringify(body),
      account,
      brand: caller.brand,
      ...(room === undefined ? {} : { room }),
      action: body.action,
      units: bought ? body.amountFen : 1,
      ...('category' in body && { category: body.category }),
      ...(bought && { order }),
    })
    if (!scored.ok || !bought) return scored
    // Should this fail, the repeat finds the purchase credited and goes on here: of an order once, whatever key it comes with.
    const renewed = await deps.wallets.renew({
      account: (await deps.orders.buyer(caller.brand, order)) ?? account,
      at: await brandNumber(deps.gate.store, caller.brand),
      ...(inRoom && { local: inRoom.room.local }),
      id: `renew-${orderHash(caller.brand, order)}`,
      points: Math.floor(body.amountFen / FEN_PER_YUAN),
      subject: order,
    })
    return renewed.ok ? scored : renewed
  },
})

export const accountRoutes = [state, history, erase, event]
