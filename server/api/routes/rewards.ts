/** Routes of the catalogue: what points can buy, and the stock that it shares with the shop. */

import { z } from 'zod'
import { type Refusal, refuse } from '../../../shared/errors.ts'
import { formatAccount } from '../../../shared/ids.ts'
import { impliedValue } from '../../../shared/rewards.ts'
import { readProfiles } from '../../identity/index.ts'
import {
  DOUBLES_PER_MONTH,
  DoubleEvent,
  listVersions,
  moveStock,
  openFlash,
  publishReward,
  RewardDoc,
  RewardPolicy,
  readStates,
  type StockAnswer,
  type StoredReward,
  scheduleDouble,
  setRewardPolicy,
} from '../../rewards/index.ts'
import { brandNumber } from '../../rooms/index.ts'
import type { ApiDeps } from '../deps.ts'
import { RedemptionShape, ValueShape } from '../reward-shapes.ts'
import { type Caller, route } from '../route.ts'
import { Id, Ms, ok } from '../schemas.ts'
import { roomOf } from './room-of.ts'

const RewardParams = z.strictObject({ reward: Id })
const Pieces = z.int().min(1).max(1_000_000)
const Left = z.int().min(0)

const Stock = z.object({
  left: Left.exactOptional().describe('Absent where there is no end to it'),
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

/** Another brand's reward is answered like one that does not exist. */
function ownReward(deps: ApiDeps, caller: Caller, id: string): StoredReward | undefined {
  const found = deps.rewards.catalogue.current().rewards.get(id)
  return found?.brand === caller.brand ? found : undefined
}

const noReward = (): Refusal => refuse('not_found', { field: 'reward' })

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

const taken = route({
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
    next: z.string().exactOptional(),
  }),
  refusals: ['not_found'],
  async run({ caller, params: { reward }, query: { before } }, deps) {
    if (!ownReward(deps, caller, reward)) return noReward()
    const page = { reward, ...(before !== undefined && { before }) }
    const { redemptions, next } = await deps.rewards.redemptions.listOf(page)
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
      ...(next !== undefined && { next }),
    }
  },
})

const MovedShape = ok({
  left: Left.exactOptional().describe('Afterwards; absent where there is no end to it'),
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

const flash = route({
  method: 'POST',
  path: '/v1/rewards/{reward}/flash',
  what: 'Open the flash window of a reward in a room: now for so many seconds, at a time, or for the last minutes of a live whose end is planned. The room is told when it opens and when it closes.',
  access: 'host',
  params: RewardParams,
  body: z.union([
    z.strictObject({
      room: Id,
      seconds: z.int().min(10).max(7200),
      opensAtMs: Ms.optional().describe('Absent: now'),
    }),
    z.strictObject({ room: Id, liveEndsAtMs: Ms }),
  ]),
  reply: ok({ opensAtMs: Ms, closesAtMs: Ms }),
  refusals: ['not_found', 'room_not_found', 'reward_invalid', 'reward_closed', 'busy'],
  async run({ caller, params, body: { room, ...time } }, deps) {
    const found = await roomOf(deps, caller, room)
    if (!found.ok) return found
    const reward = ownReward(deps, caller, params.reward)
    return reward ? openFlash(deps.gate.store, { reward, room, time }) : noReward()
  },
})

const double = route({
  method: 'POST',
  path: '/v1/reward-events',
  what: `Schedule a double-value event: while it runs, rewards cost half the points. At most ${DOUBLES_PER_MONTH} begin in one month of the platform's calendar.`,
  access: 'operator',
  body: DoubleEvent,
  reply: ok({ event: z.object({ id: Id, startsAtMs: Ms, endsAtMs: Ms, rewards: z.array(Id) }) }),
  refusals: ['reward_limit', 'room_full', 'busy'],
  async run({ caller, body }, deps) {
    const { timeZone } = deps.rulebook().book
    const answer = await scheduleDouble(deps.gate.store, {
      brand: caller.brand,
      event: body,
      timeZone,
    })
    if (!answer.ok) return answer
    await deps.rewards.catalogue.refresh()
    const { brand: _, ...event } = answer.event
    return { ok: true, event }
  },
})

const doubles = route({
  method: 'GET',
  path: '/v1/reward-events',
  what: 'Double-value events of the brand, by their beginning.',
  access: 'operator',
  reply: ok({
    events: z.array(z.object({ id: Id, startsAtMs: Ms, endsAtMs: Ms, rewards: z.array(Id) })),
  }),
  refusals: [],
  async run({ caller }, deps) {
    const own = deps.rewards.catalogue.current().doubles.filter((d) => d.brand === caller.brand)
    return {
      ok: true,
      events: own
        .map(({ id, startsAtMs, endsAtMs, rewards }) => ({ id, startsAtMs, endsAtMs, rewards }))
        .sort((a, b) => a.startsAtMs - b.startsAtMs),
    }
  },
})

const policy = route({
  method: 'POST',
  path: '/v1/reward-policy',
  what: 'What holds for every reward that is published from now on.',
  access: 'platform',
  body: RewardPolicy,
  reply: ok({ policy: RewardPolicy }),
  refusals: ['forbidden', 'busy'],
  async run({ body }, deps) {
    await setRewardPolicy(deps.gate.store, body)
    await deps.rewards.catalogue.refresh()
    return { ok: true, policy: body }
  },
})

export const rewardRoutes = [
  list,
  publish,
  read,
  withdraw,
  versions,
  taken,
  sell,
  unsell,
  deliver,
  flash,
  double,
  doubles,
  policy,
]
