/** Routes that make a phone number, an OpenID and a mall id the same account as the merchant's viewer. */

import { z } from 'zod'
import { refuse } from '../../../shared/errors.ts'
import {
  IDENTITY_UNITS_MAX,
  identityOf,
  LINKS_MAX,
  linkIdentity,
  listLinks,
  resolveAccount,
  unlinkIdentity,
  viewerIdentity,
} from '../../identity/index.ts'
import { route } from '../route.ts'
import { Ms, ok } from '../shapes/basics.ts'
import { accountOf, numberIn, ViewerParams } from './account-of.ts'

const Kind = z.enum(['viewer', 'phone', 'openid', 'mall'])
/** An identity as a merchant writes it. */
export const IdentityShape = z.strictObject({
  kind: Kind,
  value: z
    .string()
    .min(1)
    .max(IDENTITY_UNITS_MAX)
    .describe('Phone numbers are read as E.164; without a country they are Chinese'),
})
const Listed = z.object({ kind: Kind, linkedAtMs: Ms })

const link = route({
  method: 'POST',
  path: '/v1/accounts/{viewer}/identities',
  what: `Link a phone number, an OpenID, a mall id or another viewer id to the account of a viewer, so that all channels come to one balance. Only a keyed hash is kept. At most ${LINKS_MAX}; repeating it is harmless. Where it belongs to another account, \`POST /v1/merges\` makes the two one.`,
  access: 'signed',
  params: ViewerParams,
  body: IdentityShape,
  reply: ok({}),
  refusals: ['identity_taken', 'identities_full', 'not_found'],
  async run({ caller, params, body }, deps) {
    const { gate } = deps
    const identity = identityOf(caller.brand, body.kind, body.value)
    if (!identity) return refuse('bad_request', { field: 'value' })
    const known = await accountOf(deps, caller, params.viewer)
    if (!known.ok && numberIn(params.viewer) !== undefined) return known
    const viewer = viewerIdentity({ brand: caller.brand, viewer: params.viewer })
    const account = known.ok ? known.account : await resolveAccount(gate, viewer)
    const linked = await linkIdentity(gate, account, identity)
    switch (linked.tag) {
      case 'linked':
        return { ok: true }
      case 'taken':
        return refuse('identity_taken', { field: 'value' })
      case 'full':
        return refuse('identities_full')
      case 'erased':
        return refuse('not_found', { field: 'viewer' })
      default:
        return linked satisfies never
    }
  },
})

const list = route({
  method: 'GET',
  path: '/v1/accounts/{viewer}/identities',
  what: 'Kinds of identities that lead to the account of a viewer, oldest first; the values are not kept.',
  access: 'operator',
  params: ViewerParams,
  reply: ok({ identities: z.array(Listed) }),
  refusals: ['not_found'],
  async run({ caller, params }, deps) {
    const found = await accountOf(deps, caller, params.viewer)
    if (!found.ok) return found
    const links = await listLinks(deps.gate, found.account)
    return {
      ok: true,
      identities: links
        .filter(({ brand }) => brand === caller.brand)
        .map(({ kind, linkedAtMs }) => ({ kind, linkedAtMs })),
    }
  },
})

const unlink = route({
  method: 'DELETE',
  path: '/v1/accounts/{viewer}/identities',
  what: 'Unlink an identity; whoever comes under it starts anew. The last one stays.',
  access: 'signed',
  params: ViewerParams,
  body: IdentityShape,
  reply: ok({}),
  refusals: ['not_found', 'identity_last'],
  async run({ caller, params, body }, deps) {
    const found = await accountOf(deps, caller, params.viewer)
    if (!found.ok) return found
    const identity = identityOf(caller.brand, body.kind, body.value)
    if (!identity) return refuse('bad_request', { field: 'value' })
    const done = await unlinkIdentity(deps.gate, found.account, identity)
    if (done === 'last') return refuse('identity_last')
    return done === 'unknown' ? refuse('not_found', { field: 'value' }) : { ok: true }
  },
})

export const identityRoutes = [link, list, unlink]
