/** Routes of wallets: what is in one, what an operator may do to it, gifts, statements, who owes whom. */

import { z } from 'zod'
import { refuse } from '../../../shared/errors.ts'
import { formatAccount, parseAccount } from '../../../shared/ids.ts'
import { HOLD_USES, type HoldUse, monthText } from '../../../shared/ledger.ts'
import { BUCKETS, type Bucket } from '../../../shared/receipt.ts'
import { DAY_MS, monthBounds, monthStartMs } from '../../../shared/time.ts'
import { knownSince, resolveAccount, viewerIdentity } from '../../identity/index.ts'
import { brandNumber, earningNumber, nameIssuers, readIssuers } from '../../rooms/index.ts'
import { expiringIn, imbalance, NOTE_MAX, type Owed, sumsOfAccount } from '../../wallet/index.ts'
import { route } from '../route.ts'
import { HistoryEntryShape, Id, IssuersShape, LedgerEntryShape, Ms, ok } from '../schemas.ts'
import { accountOf, ViewerParams } from './account-of.ts'
import { roomOf } from './room-of.ts'

const Sum = z.int().min(0)
const Points = z.int().min(1).max(1_000_000_000)
const BucketName = z.enum(Object.keys(BUCKETS) as [Bucket, ...Bucket[]])
const Balances = z.object({ spendable: Sum, session: Sum, pending: Sum, held: Sum, frozen: Sum })
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
    flows: z
      .object({
        issued: Sum,
        transferredIn: Sum,
        spent: Sum,
        expired: Sum,
        revoked: Sum,
        transferredOut: Sum,
      })
      .describe('Ever: what came in, and what left the account'),
    lots: z.array(
      z.object({
        bucket: BucketName,
        issuer: Sum.describe('Number of whose points they are, see `issuers`; 0 in sums of holds'),
        live: Sum,
        points: Sum,
        expires: z.string().exactOptional().describe('Year and month at whose start they are gone'),
      }),
    ),
    issuers: IssuersShape,
    holds: z.array(
      z.object({
        id: z.string(),
        use: z.enum(Object.keys(HOLD_USES) as [HoldUse, ...HoldUse[]]),
        subject: z.string(),
        points: Sum,
        untilMs: Ms,
      }),
    ),
    expiring: z.object({ points: Sum, atMs: Ms }).exactOptional(),
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
    points: Points,
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
    return deps.wallets.issue({
      account: found.account,
      id: `adjust-${idempotencyKey}`,
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
    points: Points,
    note: Note,
    partial: z.boolean().default(false).describe('Take what is there where there is less'),
  }),
  reply: entered.extend({ taken: Sum }),
  refusals: ['not_found', 'points_short', 'busy', 'internal', 'id_conflict'],
  async run({ caller, params, body: { points, note, partial }, idempotencyKey }, deps) {
    const found = await accountOf(deps, caller, params.viewer)
    if (!found.ok) return found
    const { store } = deps.gate
    const at = await brandNumber(store, caller.brand)
    const { wallet } = await deps.wallets.readRecord(found.account)
    const owners = await readIssuers(
      store,
      wallet.lots.map(({ issuer }) => issuer),
    )
    const own = [...owners].filter(([no, { brand }]) => brand === caller.brand && no !== at)
    const answer = await deps.wallets.take({
      account: found.account,
      id: `revoke-${idempotencyKey}`,
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

const give = route({
  method: 'POST',
  path: '/v1/accounts/{viewer}/gifts',
  what: 'Give points of a viewer to a friend, where the rulebook allows it and within its limits. Session points never.',
  access: 'signed',
  once: true,
  params: ViewerParams,
  body: z.strictObject({
    to: Id.describe("The merchant's id of the friend"),
    points: Points,
    room: Id.optional().describe(
      'Points that are good only there or with its host may be given too',
    ),
  }),
  reply: ok({ dup: z.literal(true).exactOptional(), fee: Sum.describe('Points, on top') }),
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

const statement = route({
  method: 'GET',
  path: '/v1/accounts/{viewer}/statement',
  what: 'Opening balance, every line, closing balance of a period: the one plus the lines is the other, to the point. The balance at an instant is the statement that begins and ends there.',
  access: 'operator',
  params: ViewerParams,
  query: z.strictObject({
    fromMs: z.coerce.number().int().min(0).default(0),
    toMs: z.coerce.number().int().min(0).optional().describe('Now where left out'),
    before: z
      .string()
      .max(60)
      .optional()
      .describe('`next` of the page before; ask with its fromMs and toMs'),
  }),
  reply: ok({
    fromMs: Ms,
    toMs: Ms,
    opening: Balances,
    closing: Balances,
    entries: z.array(HistoryEntryShape).describe('Newest first'),
    issuers: IssuersShape,
    next: z
      .string()
      .exactOptional()
      .describe('`before` of the next page, which may be empty and have a `next` as well'),
  }),
  refusals: ['not_found', 'archive_elsewhere', 'busy'],
  async run({ caller, params, query: { fromMs, toMs, before } }, deps) {
    const found = await accountOf(deps, caller, params.viewer)
    if (!found.ok) return found
    return deps.past.statement({
      account: found.account,
      fromMs,
      ...(toMs !== undefined && { toMs }),
      ...(before !== undefined && { before }),
    })
  },
})

/** By brands: what is a room's or a host's is its brand's to settle, and within a brand nobody owes anybody. */
function owedBetween(owed: readonly Owed[], brandOf: (no: number) => string) {
  const lines = new Map<string, { owes: string; to: string; points: number }>()
  for (const { issuer, at, points } of owed) {
    const owes = brandOf(issuer)
    const to = brandOf(at)
    if (at === 0 || owes === to) continue
    const key = `${owes} ${to}`
    lines.set(key, { owes, to, points: (lines.get(key)?.points ?? 0) + points })
  }
  return [...lines.values()].filter(({ points }) => points !== 0)
}

const settlement = route({
  method: 'GET',
  path: '/v1/settlement',
  what: 'Who owes whom in the coalition: points spent at a brand that another has issued, less refunds.',
  access: 'platform',
  reply: ok({
    lines: z.array(
      z.object({
        owes: z.string().describe('Brand that issued the points'),
        to: z.string().describe('Brand where they were spent'),
        points: z.int(),
        fen: z.int(),
      }),
    ),
  }),
  refusals: ['forbidden'],
  async run(_, deps) {
    const owed = await deps.settlement()
    const owners = await readIssuers(
      deps.gate.store,
      owed.flatMap(({ issuer, at }) => [issuer, at]),
    )
    const { pointValueFen } = deps.rulebook().book
    const lines = owedBetween(owed, (no) => owners.get(no)?.brand ?? `#${no}`)
    return { ok: true, lines: lines.map((line) => ({ ...line, fen: line.points * pointValueFen })) }
  },
})

const conservation = route({
  method: 'GET',
  path: '/v1/conservation',
  what: 'Both sides of the equation that always holds: issued + transferredIn = spendable + session + pending + held + frozen + spent + expired + revoked + transferredOut. Of all accounts, or of one.',
  access: 'platform',
  query: z.strictObject({ number: z.string().optional().describe('Number of one account') }),
  reply: ok({
    holds: z.boolean(),
    totals: z.object({
      issued: Sum,
      transferredIn: Sum,
      spendable: Sum,
      session: Sum,
      pending: Sum,
      held: Sum,
      frozen: Sum,
      spent: Sum,
      expired: Sum,
      revoked: Sum,
      transferredOut: Sum,
    }),
  }),
  refusals: ['forbidden', 'bad_request'],
  async run({ query: { number } }, deps) {
    const account = number === undefined ? undefined : parseAccount(number)
    if (number !== undefined && account === undefined)
      return refuse('bad_request', { field: 'number' })
    const totals =
      account === undefined
        ? await deps.conservation()
        : sumsOfAccount(await deps.wallets.readRecord(account))
    return { ok: true, holds: imbalance(totals) === 0, totals }
  },
})

export const walletRoutes = [
  read,
  freezing(true),
  freezing(false),
  adjust,
  revoke,
  give,
  statement,
  settlement,
  conservation,
]
