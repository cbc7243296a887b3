/** Routes of the stock of rewards, which the shop sells from and fills up as well. */

import { z } from 'zod'
import { moveStock, type StockAnswer } from '../../rewards/index.ts'
import type { ApiDeps } from '../deps.ts'
import { type Caller, route } from '../route.ts'
import { Count, Id, ok } from '../shapes/basics.ts'
import { noReward, ownReward, RewardParams } from './own-reward.ts'

const Pieces = z.int().min(1).max(1_000_000)
const MovedShape = ok({
  left: Count.exactOptional().describe('Afterwards; absent where there is no end to it'),
})

const movedOf = (answer: StockAnswer) => {
  if (!answer.ok) return answer
  return { ok: true as const, ...(answer.left >= 0 && { left: answer.left }) }
}

const Move = z.strictObject({
  id: Id.describe('Of the sale or delivery: the same again moves nothing, for 90 days'),
  pieces: Pieces,
})

async function move(
  deps: ApiDeps,
  caller: Caller,
  of: { reward: string; id: string; pieces: number; undo?: boolean },
) {
  if (!ownReward(deps, caller, of.reward)) return noReward()
  const { timeZone } = deps.rulebook().book
  return movedOf(await moveStock(deps.gate.store, { ...of, timeZone }))
}

const sell = route({
  method: 'POST',
  path: '/v1/rewards/{reward}/sales',
  what: 'The shop sells pieces elsewhere: they leave the stock that redemptions take from, all or none.',
  access: 'signed',
  params: RewardParams,
  body: Move,
  reply: MovedShape,
  refusals: ['not_found', 'sold_out', 'id_conflict', 'busy'],
  run: ({ caller, params: { reward }, body: { id, pieces } }, deps) =>
    move(deps, caller, { reward, id, pieces: -pieces }),
})

const unsell = route({
  method: 'DELETE',
  path: '/v1/rewards/{reward}/sales/{sale}',
  what: 'A sale or delivery is taken back, once.',
  access: 'operator',
  params: z.strictObject({ reward: Id, sale: Id }),
  reply: MovedShape,
  refusals: ['not_found', 'sold_out', 'busy'],
  run: ({ caller, params: { reward, sale } }, deps) =>
    move(deps, caller, { reward, id: sale, pieces: 0, undo: true }),
})

const deliver = route({
  method: 'POST',
  path: '/v1/rewards/{reward}/deliveries',
  what: 'New pieces have come.',
  access: 'operator',
  params: RewardParams,
  body: Move,
  reply: MovedShape,
  refusals: ['not_found', 'id_conflict', 'busy'],
  run: ({ caller, params: { reward }, body }, deps) => move(deps, caller, { reward, ...body }),
})

export const stockRoutes = [sell, unsell, deliver]
