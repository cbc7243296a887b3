/** Routes that make two accounts of one person one, and two again. */

import { z } from 'zod'
import { type Refusal, refuse } from '../../../shared/errors.ts'
import { formatAccount } from '../../../shared/ids.ts'
import { MAX_POINTS } from '../../../shared/points.ts'
import { findAccount, identityOf } from '../../identity/index.ts'
import type { MergeView } from '../../merges/index.ts'
import type { ApiDeps } from '../deps.ts'
import { type Caller, route } from '../route.ts'
import { AccountShape } from '../shapes/account.ts'
import { Id, Ms, ok } from '../shapes/basics.ts'
import { accountOf, ViewerName, ViewerParams } from './account-of.ts'
import { IdentityShape } from './identities.ts'

const Amounts = z.object({
  points: z.int().min(0).max(MAX_POINTS),
  growth: z.int().min(0).max(MAX_POINTS),
})
const Whose = z.union([ViewerName, IdentityShape])

const MergeShape = {
  merge: Id,
  state: z.enum(['active', 'undoing', 'undone']),
  from: z.string().describe('Account number; its history stays readable under it'),
  into: z.string(),
  moved: Amounts,
  left: AccountShape.shape.balance.describe(
    'Still in the account that was merged away. Pending and held points follow when they are free; session points stay and end with their live',
  ),
  undoUntilMs: Ms,
  back: Amounts.exactOptional().describe('What an undo brought back'),
  short: Amounts.exactOptional().describe('What had been spent by then'),
}
const reply = ok(MergeShape)

const named = ({ ok: _, ...view }: MergeView) => ({
  ...view,
  from: formatAccount(view.from),
  into: formatAccount(view.into),
})
const shown = (view: MergeView | Refusal) =>
  view.ok ? { ok: true as const, ...named(view) } : view

async function whoseAccount(
  deps: ApiDeps,
  caller: Caller,
  { whose, field }: { whose: z.infer<typeof Whose>; field: string },
): Promise<{ ok: true; account: number } | Refusal> {
  if (typeof whose === 'string') {
    const found = await accountOf(deps, caller, whose)
    return found.ok || found.code !== 'not_found' ? found : refuse('not_found', { field })
  }
  const identity = identityOf(caller.brand, whose.kind, whose.value)
  if (!identity) return refuse('bad_request', { field: `${field}.value` })
  const account = await findAccount(deps.gate, identity)
  return account === undefined ? refuse('not_found', { field }) : { ok: true, account }
}

const merge = route({
  method: 'POST',
  path: '/v1/merges',
  what: 'Make two accounts of one person one: identities, growth and points of `from` go to `into`, each lot with its brand and expiry; whoever is connected as `from` comes again as `into`. Both ledgers tell of it. Can be undone for 30 days.',
  access: 'operator',
  once: true,
  body: z.strictObject({ from: Whose, into: Whose }),
  reply,
  refusals: ['not_found', 'already_one', 'account_frozen', 'identities_full', 'busy'],
  async run({ caller, body, idempotencyKey }, deps) {
    const from = await whoseAccount(deps, caller, { whose: body.from, field: 'from' })
    if (!from.ok) return from
    const into = await whoseAccount(deps, caller, { whose: body.into, field: 'into' })
    if (!into.ok) return into
    const { brand, by } = caller
    const names = { from: from.account, into: into.account }
    return shown(await deps.merges.merge({ brand, by, key: idempotencyKey, ...names }))
  },
})

const params = z.strictObject({ id: Id.describe('`merge` of the answer that began it') })

const read = route({
  method: 'GET',
  path: '/v1/merges/{id}',
  what: 'How far a merge is.',
  access: 'operator',
  params,
  reply,
  refusals: ['not_found'],
  run: async ({ caller, params: { id } }, deps) => shown(await deps.merges.read(caller.brand, id)),
})

const list = route({
  method: 'GET',
  path: '/v1/accounts/{viewer}/merges',
  what: 'Merges that brought other accounts into this one and stand, the latest first.',
  access: 'operator',
  params: ViewerParams,
  reply: ok({ merges: z.array(z.object(MergeShape)) }),
  refusals: ['not_found'],
  async run({ caller, params: { viewer } }, deps) {
    const found = await accountOf(deps, caller, viewer)
    if (!found.ok) return found
    const all = await deps.merges.into(caller.brand, found.account)
    return { ok: true, merges: all.map(named) }
  },
})

const undo = route({
  method: 'POST',
  path: '/v1/merges/{id}/undo',
  what: 'Make two accounts of one again, within 30 days: identities and growth go back, and of the points as many as are still there, with the brands and expiries they had. Repeating it is harmless.',
  access: 'operator',
  params,
  reply,
  refusals: ['not_found', 'merge_closed', 'busy'],
  run: async ({ caller, params: { id } }, deps) => shown(await deps.merges.undo(caller.brand, id)),
})

export const mergeRoutes = [merge, read, list, undo]
