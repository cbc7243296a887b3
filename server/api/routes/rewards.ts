/** Routes of the catalogue: what points can buy, and who took it. */

import { z } from 'zod'
import { refuse } from '../../../shared/errors.ts'
import { formatAccount } from '../../../shared/ids.ts'
import { impliedValue } from '../../../shared/rewards.ts'
import { readProfiles } from '../../identity/index.ts'
import {
  listVersions,
  publishReward,
  RewardDoc,
  readStates,
  type StoredReward,
} from '../../rewards/index.ts'
import { brandNumber } from '../../rooms/index.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { Count, Id, Ms, ok } from '../shapes/basics.ts'
import { ListEnd, RedemptionShape, ValueShape } from '../shapes/rewards.ts'
import { noReward, ownReward, RewardParams } from './own-reward.ts'

const Stock = z.object({
  left: Count.exactOptional().describe('Absent where there is no end to it'),
  low: z.literal(true).exactOptional().describe('At or below the threshold'),
  restocksAtMs: Ms.exactOptional().describe('Of a weekly release'),
})

const Listed = z.object({
  id: Id,
  version: z.int(),
  by: z.string(),
  atMs: Ms,
  doc: z.looseObject(RewardDoc.shape),
  value: ValueShape,
  memberValue: ValueShape.exactOptional().describe('At the price for members'),
  stock: Stock,
})

async function listed(deps: ApiDeps, rewards: readonly StoredReward[], atMs: number) {
  const { timeZone, pointValueFen } = deps.rulebook().book
  const ids = rewards.map(({ id }) => id)
  const states = await readStates(deps.gate.store, ids, { atMs, timeZone })
  return rewards.map(({ id, version, by, atMs: at, doc }, i) => {
    const { left, low, restocksAtMs } = states[i] ?? {}
    return {
      id,
      version,
      by,
      atMs: at,
      doc,
      value: impliedValue(doc, doc.worthFen, pointValueFen),
      ...(doc.member && {
        memberValue: impliedValue(
          {
            points: doc.member.points ?? doc.points,
            cashFen: doc.member.cashFen ?? doc.cashFen,
          },
          doc.worthFen,
          pointValueFen,
        ),
      }),
      stock: {
        ...(left !== undefined && { left }),
        ...(low && { low }),
        ...(restocksAtMs !== undefined && { restocksAtMs }),
      },
    }
  })
}

const publish = route({
  method: 'POST',
  path: '/v1/rewards/{reward}',
  what: 'Make a reward, or its next version: it holds for what is redeemed from now on. Stock is only set the first time. `value` warns where a point brings less than half or more than double of its worth.',
  access: 'operator',
  params: RewardParams,
  body: z
    .looseObject(RewardDoc.shape)
    .describe('Checked as a whole: `reward_invalid` names the field'),
  reply: ok({ reward: Listed }),
  refusals: ['reward_invalid', 'forbidden', 'room_full', 'busy'],
  async run({ caller, params, body, nowMs }, deps) {
    const { store } = deps.gate
    const answer = await publishReward(store, {
      id: params.reward,
      brand: caller.brand,
      brandNo: await brandNumber(store, caller.brand),
      by: caller.by,
      doc: body,
      timeZone: deps.rulebook().book.timeZone,
    })
    if (!answer.ok) return answer
    await deps.rewards.catalogue.refresh()
    const [reward] = await listed(deps, [answer.reward], nowMs)
    return reward ? { ok: true, reward } : refuse('internal')
  },
})

const list = route({
  method: 'GET',
  path: '/v1/rewards',
  what: 'All rewards of the brand with their stock, withdrawn ones included.',
  access: 'operator',
  reply: ok({ rewards: z.array(Listed) }),
  refusals: ['busy'],
  async run({ caller, nowMs }, deps) {
    const all = [...deps.rewards.catalogue.current().rewards.values()]
    const own = all.filter(({ brand }) => brand === caller.brand)
    return { ok: true, rewards: await listed(deps, own, nowMs) }
  },
})

const read = route({
  method: 'GET',
  path: '/v1/rewards/{reward}',
  what: 'One reward, with its stock as it is now.',
  access: 'operator',
  params: RewardParams,
  reply: ok({ reward: Listed }),
  refusals: ['not_found'],
  async run({ caller, params, nowMs }, deps) {
    const own = ownReward(deps, caller, params.reward)
    const [reward] = own ? await listed(deps, [own], nowMs) : []
    return reward ? { ok: true, reward } : noReward()
  },
})

const withdraw = route({
  method: 'DELETE',
  path: '/v1/rewards/{reward}',
  what: 'Withdraw a reward: nobody can take it any more; who has it keeps it. A new version brings it back.',
  access: 'operator',
  params: RewardParams,
  reply: ok({}),
  refusals: ['not_found', 'busy'],
  async run({ caller, params }, deps) {
    const own = ownReward(deps, caller, params.reward)
    if (!own) return noReward()
    const doc = { ...own.doc, enabled: false }
    const { timeZone } = deps.rulebook().book
    const answer = await publishReward(deps.gate.store, { ...own, by: caller.by, doc, timeZone })
    if (!answer.ok) return answer
    await deps.rewards.catalogue.refresh()
    return { ok: true }
  },
})

const versions = route({
  method: 'GET',
  path: '/v1/rewards/{reward}/versions',
  what: 'The last 50 versions of a reward, newest first.',
  access: 'operator',
  params: RewardParams,
  reply: ok({
    versions: z.array(
      z.object({
        version: z.int(),
        by: z.string(),
        atMs: Ms,
        doc: z.looseObject(RewardDoc.shape),
      }),
    ),
  }),
  refusals: ['not_found'],
  async run({ caller, params }, deps) {
    if (!ownReward(deps, caller, params.reward)) return noReward()
    const all = await listVersions(deps.gate.store, params.reward)
    return {
      ok: true,
      versions: all.map(({ version, by, atMs, doc }) => ({ version, by, atMs, doc })),
    }
  },
})

export const taken = route({
  method: 'GET',
  path: '/v1/rewards/{reward}/redemptions',
  what: 'Redemptions that took a piece of a reward, newest first, 20 a page; the newest 1,000 are known. Giving one back is `POST /v1/accounts/number:NUMBER/redemptions/{redemption}/refund`.',
  access: 'operator',
  params: RewardParams,
  query: z.strictObject({ before: z.string().max(130).optional() }),
  reply: ok({
    redemptions: z.array(
      z.object({
        number: z.string().describe('Of the account'),
        name: z.string().exactOptional(),
        redemption: RedemptionShape,
      }),
    ),
    ...ListEnd,
  }),
  refusals: ['not_found'],
  async run({ caller, params: { reward }, query: { before } }, deps) {
    if (!ownReward(deps, caller, reward)) return noReward()
    const page = { reward, ...(before !== undefined && { before }) }
    const { redemptions, ...end } = await deps.rewards.redemptions.listOf(page)
    const accounts = redemptions.map(({ account }) => account)
    const profiles = await readProfiles(deps.gate, accounts)
    return {
      ok: true,
      redemptions: redemptions.map(({ account, redemption }) => {
        const name = profiles.get(account)?.name
        return {
          number: formatAccount(account),
          ...(name !== undefined && { name }),
          redemption,
        }
      }),
      ...end,
    }
  },
})

export const rewardRoutes = [list, publish, read, withdraw, versions, taken]
