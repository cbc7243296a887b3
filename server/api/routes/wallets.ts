/** Routes of wallets: what is in one, and what an operator may do to it. */

import { z } from 'zod'
import { formatAccount } from '../../../shared/ids.ts'
import { HOLD_USES, type HoldUse, monthText } from '../../../shared/ledger.ts'
import { BUCKETS, type Bucket } from '../../../shared/receipt.ts'
import { monthBounds, monthStartMs } from '../../../shared/time.ts'
import { brandNumber, earningNumber, nameIssuers, readIssuers } from '../../rooms/index.ts'
import { expiringIn, imbalance, NOTE_MAX, sumsOfAccount } from '../../wallet/index.ts'
import { route } from '../route.ts'
import { Count, Id, Ms, names, ok } from '../shapes/basics.ts'
import { IssuersShape, LedgerEntryShape } from '../shapes/ledger.ts'
import { Amount, Balances, Flows } from '../shapes/wallet.ts'
import { accountDoing, accountOf, ViewerParams } from './account-of.ts'
import { roomOf } from './room-of.ts'

const BucketName = z.enum(names<Bucket>(BUCKETS))
const Note = z.string().trim().min(1).max(NOTE_MAX).describe('The reason; the viewer may read it')

const read = route({
  method: 'GET',
  path: '/v1/accounts/{viewer}/wallet',
  what: 'What is in a wallet, lot by lot, what is put aside and for what, and what expires next.',
  access: 'operator',
  params: ViewerParams,
  reply: ok({
    number: z.string(),
    frozen: z.boolean(),
    balance: Balances,
    balanced: z.boolean().describe('The conservation equation of this account holds'),
    flows: Flows.describe('Ever: what came in, and what left the account'),
    lots: z.array(
      z.object({
        bucket: BucketName,
        issuer: Count.describe(
          'Number of whose points they are, see `issuers`; 0 in sums of holds',
        ),
        live: Count,
        points: Count,
        expires: z.string().exactOptional().describe('Year and month at whose start they are gone'),
      }),
    ),
    issuers: IssuersShape,
    holds: z.array(
      z.object({
        id: z.string(),
        use: z.enum(names<HoldUse>(HOLD_USES)),
        subject: z.string(),
        points: Count,
        untilMs: Ms,
      }),
    ),
    expiring: z.object({ points: Count, atMs: Ms }).exactOptional(),
  }),
  refusals: ['not_found', 'internal'],
  async run({ caller, params }, deps) {
    const found = await accountOf(deps, caller, params.viewer)
    if (!found.ok) return found
    const { account } = found
    const record = await deps.wallets.readRecord(account)
    const holds = await deps.wallets.openHolds(account)
    const { spendable, session, pending, held, frozen, ...flows } = sumsOfAccount(record)
    const balance = { spendable, session, pending, held, frozen }
    const { timeZone } = deps.rulebook().book
    const { month: now } = monthBounds(deps.clock.now(), timeZone)
    const dated = record.wallet.lots.filter(
      ({ bucket, month }) => bucket === 'spendable' && month > now,
    )
    const next = Math.min(...dated.map(({ month }) => month))
    return {
      ok: true,
      number: formatAccount(account),
      frozen: record.frozen,
      balance,
      balanced: imbalance({ ...balance, ...flows }) === 0,
      flows,
      lots: record.wallet.lots.map(({ month, ...lot }) => {
        const expires = monthText(month)
        return { ...lot, ...(expires !== undefined && { expires }) }
      }),
      issuers: await nameIssuers(
        deps.gate.store,
        record.wallet.lots.map(({ issuer }) => issuer),
      ),
      holds: holds.map(({ id, use, subject, points, untilMs }) => ({
        id,
        use,
        subject,
        points,
        untilMs,
      })),
      ...(dated.length > 0 && {
        expiring: { points: expiringIn(record, next), atMs: monthStartMs(next, timeZone) },
      }),
    }
  },
})

const entered = ok({
  dup: z.literal(true).exactOptional().describe('Had been done before'),
  entry: LedgerEntryShape.exactOptional(),
})

const freezing = (freeze: boolean) =>
  route({
    method: 'POST',
    path: `/v1/accounts/{viewer}/${freeze ? 'freeze' : 'unfreeze'}`,
    what: freeze
      ? 'Stop an account: it earns and spends nothing, its points are out of reach and none is lost.'
      : 'Let a frozen account go on. What expired meanwhile comes back with the grace of the rulebook.',
    access: 'operator',
    once: true,
    params: ViewerParams,
    body: z.strictObject({ note: Note }),
    reply: entered,
    refusals: ['not_found', 'busy', 'internal', 'id_conflict'],
    async run({ caller, params, body: { note }, idempotencyKey }, deps) {
      const found = await accountOf(deps, caller, params.viewer)
      if (!found.ok) return found
      const id = `freeze-${idempotencyKey}`
      return deps.wallets.freeze({ account: found.account, id, freeze, by: caller.by, note })
    },
  })

const adjust = route({
  method: 'POST',
  path: '/v1/accounts/{viewer}/adjust',
  what: 'Give points with a reason. They expire like points earned now; a frozen account gets them frozen.',
  access: 'operator',
  once: true,
  params: ViewerParams,
  body: z.strictObject({
    points: Amount,
    note: Note,
    room: Id.optional().describe('As good as points earned there; at the whole brand without one'),
  }),
  reply: entered,
  refusals: ['not_found', 'room_not_found', 'busy', 'internal', 'id_conflict'],
  async run({ caller, params, body: { points, note, room }, idempotencyKey }, deps) {
    const found = await accountOf(deps, caller, params.viewer)
    if (!found.ok) return found
    const place = room === undefined ? undefined : await roomOf(deps, caller, room)
    if (place && !place.ok) return place
    const { store } = deps.gate
    const at = await brandNumber(store, caller.brand)
    const { pool } = deps.rulebook().book.wallet
    const issuer = place ? await earningNumber(store, place.room, pool) : at
    const id = `adjust-${idempotencyKey}`
    return deps.wallets.issue({
      account: await accountDoing(deps, found.account, (account) =>
        deps.wallets.did({ account, id }),
      ),
      id,
      cause: 'adjusted',
      lots: [{ issuer, points }],
      by: caller.by,
      at,
      note,
    })
  },
})

const revoke = route({
  method: 'POST',
  path: '/v1/accounts/{viewer}/revoke',
  what: "Take points of the caller's brand, its rooms and hosts back, with a reason; also from a frozen account. Never more than there are.",
  access: 'operator',
  once: true,
  params: ViewerParams,
  body: z.strictObject({
    points: Amount,
    note: Note,
    partial: z.boolean().default(false).describe('Take what is there where there is less'),
  }),
  reply: entered.extend({ taken: Count }),
  refusals: ['not_found', 'points_short', 'busy', 'internal', 'id_conflict'],
  async run({ caller, params, body: { points, note, partial }, idempotencyKey }, deps) {
    const found = await accountOf(deps, caller, params.viewer)
    if (!found.ok) return found
    const { store } = deps.gate
    const at = await brandNumber(store, caller.brand)
    const id = `revoke-${idempotencyKey}`
    const did = (account: number) => deps.wallets.did({ account, id })
    const account = await accountDoing(deps, found.account, did)
    const { wallet } = await deps.wallets.readRecord(account)
    const owners = await readIssuers(
      store,
      wallet.lots.map(({ issuer }) => issuer),
    )
    const own = [...owners].filter(([no, { brand }]) => brand === caller.brand && no !== at)
    const answer = await deps.wallets.take({
      account,
      id,
      points,
      partial,
      by: caller.by,
      at,
      note,
      issuers: [at, ...own.map(([no]) => no)],
      asked: [at],
    })
    if (!answer.ok) return answer
    const taken = answer.entry.moves.reduce((sum, move) => sum + move.points, 0)
    return { ...answer, taken }
  },
})

export const walletRoutes = [read, freezing(true), freezing(false), adjust, revoke]
