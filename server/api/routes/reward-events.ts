/** Routes of when rewards cost less, when a window of them is open, and of what holds for all of them. */

import { z } from 'zod'
import {
  DOUBLES_PER_MONTH,
  DoubleEvent,
  openFlash,
  RewardPolicy,
  scheduleDouble,
  setRewardPolicy,
} from '../../rewards/index.ts'
import { route } from '../route.ts'
import { Id, Ms, ok } from '../shapes/basics.ts'
import { noReward, ownReward, RewardParams } from './own-reward.ts'
import { roomOf } from './room-of.ts'

/** In this or the next thousand years: browsers have to write it. */
const Time = Ms.max(1e14)

const flash = route({
  method: 'POST',
  path: '/v1/rewards/{reward}/flash',
  what: 'Open the flash window of a reward in a room: now for so many seconds, at a time, or for the last minutes of a live whose end is planned. The room is told when it opens and when it closes. A host cannot replace the window of another room.',
  access: 'host',
  params: RewardParams,
  body: z.union([
    z.strictObject({
      room: Id,
      seconds: z.int().min(10).max(7200),
      opensAtMs: Time.optional().describe('Absent: now'),
    }),
    z.strictObject({ room: Id, liveEndsAtMs: Time }),
  ]),
  reply: ok({ opensAtMs: Ms, closesAtMs: Ms }),
  refusals: ['not_found', 'room_not_found', 'forbidden', 'reward_invalid', 'reward_closed', 'busy'],
  async run({ caller, params, body: { room, ...time } }, deps) {
    const found = await roomOf(deps, caller, room)
    if (!found.ok) return found
    const reward = ownReward(deps, caller, params.reward)
    if (!reward) return noReward()
    const byHost = caller.room !== undefined
    return openFlash(deps.gate.store, { reward, room, time, byHost })
  },
})

export const double = route({
  method: 'POST',
  path: '/v1/reward-events',
  what: `Schedule a double-value event: while it runs, rewards cost half the points. At most ${DOUBLES_PER_MONTH} begin in one month of the platform's calendar.`,
  access: 'operator',
  body: DoubleEvent,
  reply: ok({ event: z.object({ id: Id, startsAtMs: Ms, endsAtMs: Ms, rewards: z.array(Id) }) }),
  refusals: ['reward_limit', 'id_conflict', 'room_full', 'busy'],
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

export const rewardEventRoutes = [flash, double, doubles, policy]
