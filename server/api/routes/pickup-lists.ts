/** Routes of what lies at a pick-up point, for the shop and for its clerks. */

import { z } from 'zod'
import { refuse } from '../../../shared/errors.ts'
import type { PickupLine } from '../../../shared/rewards.ts'
import { Label } from '../../../shared/rulebook/schema.ts'
import { type ListedPickup, parseDay, type Redemption } from '../../rewards/index.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { Id, Ms, ok } from '../shapes/basics.ts'
import { noPoint, ownPoint, PointParams, pointOf } from './own-point.ts'

const Day = z.string().regex(/^\d{4}-\d\d-\d\d$/)

const Line = z.object({
  code: z.string().describe('The short code'),
  reward: Id,
  title: Label,
  state: z.enum(['issued', 'used']),
  name: z.string().exactOptional(),
  usedAtMs: Ms.exactOptional(),
}) satisfies z.ZodType<PickupLine>

export const titleOf = (deps: ApiDeps, { reward }: Redemption): Label =>
  deps.rewards.catalogue.current().rewards.get(reward)?.doc.title ?? { zh: reward, en: reward }

const lineOf = (deps: ApiDeps, { redemption, code }: ListedPickup): PickupLine => ({
  code,
  reward: redemption.reward,
  title: titleOf(deps, redemption),
  state: redemption.state === 'used' ? 'used' : 'issued',
  ...(redemption.usedAtMs > 0 && { usedAtMs: redemption.usedAtMs }),
})

async function listOf(deps: ApiDeps, point: string, text: string) {
  const day = parseDay(text)
  if (day === undefined) return refuse('bad_request', { field: 'day' })
  const all = await deps.rewards.pickup.list(point, day)
  return { ok: true as const, lines: all.map((one) => lineOf(deps, one)) }
}

const listOfPoint = route({
  method: 'GET',
  path: '/v1/pickup/points/{point}/list',
  what: "What lies at a point from that day of the platform's calendar on: the list to pack the evening before.",
  access: 'operator',
  params: PointParams,
  query: z.strictObject({ day: Day }),
  reply: ok({ lines: z.array(Line) }),
  refusals: ['not_found'],
  async run({ caller, params: { point }, query: { day } }, deps) {
    return ownPoint(deps, caller, point) ? listOf(deps, point, day) : noPoint()
  },
})

const listHere = route({
  method: 'GET',
  path: '/v1/pickup/list',
  what: "What lies at the clerk's point from that day on.",
  access: 'clerk',
  query: z.strictObject({ day: Day }),
  reply: ok({ lines: z.array(Line) }),
  refusals: [],
  run: ({ caller, query: { day } }, deps) => listOf(deps, pointOf(caller), day),
})

export const pickupListRoutes = [listOfPoint, listHere]
