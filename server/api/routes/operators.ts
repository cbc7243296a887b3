/** Routes of the operator console: signing in, and finding the account that somebody asks about. */

import { z } from 'zod'
import { type Refusal, refuse } from '../../../shared/errors.ts'
import { formatAccount } from '../../../shared/ids.ts'
import {
  findAccount,
  findNamed,
  IDENTITY_UNITS_MAX,
  identityOf,
  issueOperatorSession,
  knownSince,
  listLinks,
  NAME_UNITS_MAX,
  OPERATOR_DAY_MS,
  readProfiles,
  readWhose,
} from '../../identity/index.ts'
import { settledIn } from '../../merges/index.ts'
import { isPlatform } from '../access.ts'
import type { ApiDeps } from '../deps.ts'
import { type Caller, route } from '../route.ts'
import { Id, Ms, ok } from '../shapes/basics.ts'
import { accountOf, accountOfNumber } from './account-of.ts'

const session = route({
  method: 'POST',
  path: '/v1/operator/session',
  what: `Sign in to the console with an operator's ticket, or go on with the session before: a token for the next half hour. ${OPERATOR_DAY_MS / 3_600_000} hours after the ticket a new ticket is needed.`,
  access: 'operator',
  body: z.strictObject({}),
  reply: ok({
    token: z.string().describe('Bearer, wherever an operator may call'),
    expiresAtMs: Ms,
    endsAtMs: Ms.describe('When no further session is to be had'),
    nowMs: Ms,
    operator: z.object({ id: Id, name: z.string() }),
    brand: Id,
    platform: z.boolean().describe("Of the platform's own brand: rules and totals are open too"),
  }),
  refusals: ['forbidden', 'ticket_expired'],
  async run({ caller: { operator, brand }, nowMs }, deps) {
    // A server has its key and needs no session.
    if (!operator) return refuse('forbidden')
    const made = issueOperatorSession(deps.gate.sessions, operator, nowMs)
    if (!made) return refuse('ticket_expired')
    const { viewer: id, name } = operator
    return {
      ok: true,
      ...made,
      nowMs,
      operator: { id, name: name || id },
      brand,
      platform: isPlatform(deps, brand),
    }
  },
})

const Wanted = z.strictObject({
  kind: z.enum(['viewer', 'phone', 'openid', 'mall', 'number']),
  value: z.string().min(1).max(IDENTITY_UNITS_MAX),
})

async function lookUp(
  deps: ApiDeps,
  caller: Caller,
  { kind, value }: z.infer<typeof Wanted>,
): Promise<{ ok: true; account: number } | Refusal> {
  if (kind === 'number') return accountOfNumber(deps, caller, value.toLowerCase())
  if (kind === 'viewer') return accountOf(deps, caller, value)
  const identity = identityOf(caller.brand, kind, value)
  if (!identity) return refuse('bad_request', { field: 'value' })
  const account = await findAccount(deps.gate, identity)
  return account === undefined ? refuse('not_found', { field: 'value' }) : { ok: true, account }
}

const find = route({
  method: 'POST',
  path: '/v1/accounts/find',
  what: 'Whose account that is: by the viewer id, a phone number, an OpenID, a mall id, or the account number. What was looked for is in no address and no log.',
  access: 'operator',
  body: Wanted,
  reply: ok({
    number: z.string().describe('Account number; `number:` and it name the account elsewhere'),
    viewer: Id.exactOptional().describe("The merchant's id that the account was made for"),
  }),
  refusals: ['not_found'],
  async run({ caller, body }, deps) {
    const found = await lookUp(deps, caller, body)
    if (!found.ok) return found
    const { account } = found
    const whose = (await readWhose(deps.gate, [account])).get(account)
    const own = whose?.kind === 'viewer' && whose.brand === caller.brand
    return { ok: true, number: formatAccount(account), ...(own && { viewer: whose.id }) }
  },
})

/** More than that are no help to who has to choose. */
const CHOICE_MAX = 20

const named = route({
  method: 'POST',
  path: '/v1/accounts/named',
  what: `Who bears a name now: up to ${CHOICE_MAX} to choose from, for names belong to nobody. The whole name, without regard to case, width and spaces. An account that was merged is told as the one it is in.`,
  access: 'operator',
  body: z.strictObject({ name: z.string().min(1).max(NAME_UNITS_MAX) }),
  reply: ok({
    accounts: z.array(
      z.object({
        number: z.string(),
        name: z.string().describe('As it is written; after a merge the name of either account'),
        viewer: Id.exactOptional().describe("The merchant's id that the account was made for"),
        sinceMs: Ms.describe('When the account first had an identity'),
      }),
    ),
    more: z.literal(true).exactOptional().describe('More bear it than are told'),
  }),
  refusals: [],
  async run({ caller, body: { name } }, deps) {
    const { gate } = deps
    const bearers = await findNamed(gate, name)
    const now = new Map<number, number>()
    for (const bearer of bearers) {
      if (now.size > CHOICE_MAX) break
      const account = await settledIn(gate.store, bearer)
      const links = now.has(account) ? [] : await listLinks(gate, account)
      if (links.some(({ brand }) => brand === caller.brand)) now.set(account, bearer)
    }
    const shown = [...now].slice(0, CHOICE_MAX)
    const profiles = await readProfiles(
      gate,
      shown.map(([, bearer]) => bearer),
    )
    const whose = await readWhose(
      gate,
      shown.map(([account]) => account),
    )
    const accounts = await Promise.all(
      shown.map(async ([account, bearer]) => {
        const made = whose.get(account)
        const own = made?.kind === 'viewer' && made.brand === caller.brand
        return {
          number: formatAccount(account),
          name: profiles.get(bearer)?.name ?? name,
          ...(own && { viewer: made.id }),
          sinceMs: (await knownSince(gate, account)) ?? 0,
        }
      }),
    )
    accounts.sort((a, b) => b.sinceMs - a.sinceMs)
    return { ok: true, accounts, ...(now.size > CHOICE_MAX && { more: true as const }) }
  },
})

export const operatorRoutes = [session, find, named]
