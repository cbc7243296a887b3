/** Routes of what a viewer's tier gives: for the shop that honours it, and the day of birth that some of it needs. */

import { z } from 'zod'
import { isBirthday } from '../../../shared/birthday.ts'
import { privilegeViews } from '../../../shared/tiers.ts'
import { setBirthday } from '../../identity/index.ts'
import { route } from '../route.ts'
import { ok } from '../shapes/basics.ts'
import { PrivilegeShape, TierKeepShape } from '../shapes/tiers.ts'
import { accountOf, ViewerParams } from './account-of.ts'

const list = route({
  method: 'GET',
  path: '/v1/accounts/{viewer}/privileges',
  what: 'What the tier of a viewer gives now, a day pass included where the rulebook lets it: ask before you honour one, such as support or an invitation.',
  access: 'signed',
  params: ViewerParams,
  reply: ok({
    rung: z.int().min(0),
    tier: z.string(),
    privileges: z.array(PrivilegeShape),
    keep: TierKeepShape.exactOptional(),
  }),
  refusals: ['not_found', 'internal'],
  async run({ caller, params }, deps) {
    const found = await accountOf(deps, caller, params.viewer)
    if (!found.ok) return found
    const read = await deps.accounts.read({ account: found.account, brand: caller.brand })
    if (!read.ok) return read
    const { ladder } = deps.rulebook().book
    const { rung, boost, keep } = read.account.tier
    const standing = { rung, boost: boost?.rungs, untilMs: boost?.untilMs }
    return {
      ok: true,
      rung,
      tier: ladder.rungs[rung]?.id ?? '',
      privileges: privilegeViews(ladder, standing),
      ...(keep && { keep }),
    }
  },
})

const birthday = route({
  method: 'POST',
  path: '/v1/accounts/{viewer}/birthday',
  what: 'Say when a viewer has birthday, without the year, or take it back with null. Needed for birthday packs and points; erased with the viewer. Tickets may carry it as `birthday`, MM-DD.',
  access: 'signed',
  params: ViewerParams,
  body: z.strictObject({
    birthday: z
      .strictObject({ month: z.int(), day: z.int() })
      .refine(isBirthday, { message: 'no day of any year' })
      .nullable(),
  }),
  reply: ok({}),
  refusals: ['not_found'],
  async run({ caller, params, body }, deps) {
    const found = await accountOf(deps, caller, params.viewer)
    if (!found.ok) return found
    await setBirthday(deps.gate, found.account, {
      birthday: body.birthday ?? undefined,
      nowMs: deps.clock.now(),
    })
    return { ok: true }
  },
})

export const privilegeRoutes = [list, birthday]
