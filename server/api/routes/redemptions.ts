/** Routes of redemptions: what a shop's server says of them, and what it may take back. */

import { z } from 'zod'
import { refuse } from '../../../shared/errors.ts'
import { REDEMPTION_PATTERN } from '../../../shared/ids.ts'
import { route } from '../route.ts'
import { Id, ok } from '../shapes/basics.ts'
import { ListEnd, RedemptionShape } from '../shapes/rewards.ts'
import { accountOf, ViewerParams } from './account-of.ts'

const Params = z.strictObject({
  ...ViewerParams.shape,
  redemption: z.string().regex(REDEMPTION_PATTERN),
})
const Redeemed = ok({ redemption: RedemptionShape })

const list = route({
  method: 'GET',
  path: '/v1/accounts/{viewer}/redemptions',
  what: 'Redemptions of a viewer, newest first, 20 a page; the newest 500 are listed. Of older ones the statement has what they cost.',
  access: 'operator',
  params: ViewerParams,
  query: z.strictObject({ before: z.string().max(130).optional() }),
  reply: ok({ redemptions: z.array(RedemptionShape), ...ListEnd }),
  refusals: ['not_found', 'busy'],
  async run({ caller, params, query: { before } }, deps) {
    const found = await accountOf(deps, caller, params.viewer)
    if (!found.ok) return found
    return deps.rewards.redemptions.list({
      account: found.account,
      ...(before !== undefined && { before }),
    })
  },
})

const cash = route({
  method: 'POST',
  path: '/v1/accounts/{viewer}/redemptions/{redemption}/cash',
  what: 'The cash part of a redemption was paid with an order. `redemption_closed` where it came too late: give the cash back.',
  access: 'signed',
  params: Params,
  body: z.strictObject({ order: Id }),
  reply: Redeemed,
  refusals: ['not_found', 'redemption_closed', 'id_conflict', 'busy'],
  async run({ caller, params, body }, deps) {
    const found = await accountOf(deps, caller, params.viewer)
    if (!found.ok) return found
    return deps.rewards.redemptions.confirmCash({
      account: found.account,
      id: params.redemption,
      order: body.order,
    })
  },
})

const refund = route({
  method: 'POST',
  path: '/v1/accounts/{viewer}/redemptions/{redemption}/refund',
  what: 'Give a redemption back that was not used yet: the points return to the lots they came from, the piece to the stock.',
  access: 'operator',
  params: Params,
  body: z.strictObject({}),
  reply: Redeemed,
  refusals: ['not_found', 'redemption_closed', 'busy'],
  async run({ caller, params }, deps) {
    const found = await accountOf(deps, caller, params.viewer)
    if (!found.ok) return found
    const { account } = found
    const answer = await deps.rewards.redemptions.cancel({
      account,
      id: params.redemption,
      by: 'shop',
    })
    return answer.ok || answer.code !== 'internal' ? answer : refuse('busy')
  },
})

export const redemptionRoutes = [list, cash, refund]
