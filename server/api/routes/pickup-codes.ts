/** Routes of codes that are used, at a pick-up point or in the shop: with network, without it, and twice. */

import { z } from 'zod'
import type { Refusal } from '../../../shared/errors.ts'
import type { CodeUsed } from '../../../shared/rewards.ts'
import { Label } from '../../../shared/rulebook/schema.ts'
import { SYNC_MAX, shopPoint, type UseAnswer } from '../../rewards/index.ts'
import { brandNumber } from '../../rooms/index.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { Id, Ms, ok } from '../shapes/basics.ts'
import { noPoint, ownPoint, PointParams, pointOf } from './own-point.ts'
import { titleOf } from './pickup-lists.ts'

const Key = z.object({
  kid: z.string(),
  jwk: z.object({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: z.string(),
    y: z.string(),
  }),
})

const First = z.object({ atMs: Ms, clerk: z.string(), device: z.string() })

const Conflict = z.object({
  code: z.string(),
  reward: Id,
  redemption: Id,
  found: z.enum(['already_used', 'redemption_closed']),
  first: First,
  second: First,
})

const conflicts = route({
  method: 'GET',
  path: '/v1/pickup/points/{point}/conflicts',
  what: 'Codes that were handed out twice, or after they were given back, by phones without network; newest first.',
  access: 'operator',
  params: PointParams,
  reply: ok({ conflicts: z.array(Conflict) }),
  refusals: ['not_found'],
  async run({ caller, params: { point } }, deps) {
    if (!ownPoint(deps, caller, point)) return noPoint()
    const all = await deps.rewards.pickup.conflicts(point)
    return {
      ok: true,
      conflicts: all.map(({ code, reward, redemption, found, second, atMs, clerk, device }) => ({
        code,
        reward,
        redemption,
        found,
        first: { atMs, clerk, device },
        second,
      })),
    }
  },
})

export const keys = route({
  method: 'GET',
  path: '/v1/pickup/keys',
  what: 'Public keys that verify the signatures of QR codes, for phones that work without network.',
  access: 'open',
  reply: ok({ keys: z.array(Key) }),
  refusals: [],
  run: async (_, deps) => ({ ok: true, keys: deps.rewards.codes.publicKeys() }),
})

export const here = route({
  method: 'GET',
  path: '/v1/pickup/point',
  what: "Where the clerk stands, and what the clerk's phone needs to work without network.",
  access: 'clerk',
  reply: ok({
    point: Id,
    name: Label,
    clerk: z.string(),
    timeZone: z.string(),
    atMs: Ms,
    keys: z.array(Key),
  }),
  refusals: ['not_found'],
  async run({ caller, nowMs }, deps) {
    const point = ownPoint(deps, caller, pointOf(caller))
    if (!point) return noPoint()
    return {
      ok: true,
      point: point.id,
      name: point.name,
      clerk: caller.by,
      timeZone: deps.rulebook().book.timeZone,
      atMs: nowMs,
      keys: deps.rewards.codes.publicKeys(),
    }
  },
})

const Use = z.strictObject({
  useId: Id.describe('Chosen by the device for this use; repeating it is no second use'),
  code: z.string().max(400).describe('Typed, or the whole text of a QR code'),
  device: z.string().max(40),
  atMs: Ms.optional().describe('When it was handed over, where that was without network'),
})

const Used = {
  atMs: Ms,
  code: z.string(),
  reward: Id,
  title: Label,
}

const UsedShape = ok(Used) satisfies z.ZodType<CodeUsed>

const usedOf = (deps: ApiDeps, answer: UseAnswer): CodeUsed | Refusal =>
  answer.ok
    ? {
        ok: true,
        atMs: answer.atMs,
        code: answer.redemption.code,
        reward: answer.redemption.reward,
        title: titleOf(deps, answer.redemption),
      }
    : answer

const use = route({
  method: 'POST',
  path: '/v1/pickup/use',
  what: 'Use a code at the point of the clerk, once. `already_used` comes with the first use: when, which clerk, which phone.',
  access: 'clerk',
  body: Use,
  reply: UsedShape,
  refusals: ['not_found', 'already_used', 'redemption_closed', 'rate_limited', 'busy'],
  async run({ caller, body: { atMs = 0, ...input } }, deps) {
    const by = { point: pointOf(caller), clerk: caller.by }
    return usedOf(deps, await deps.rewards.pickup.use(by, { ...input, atMs }))
  },
})

const sync = route({
  method: 'POST',
  path: '/v1/pickup/sync',
  what: 'Uses that a phone made without network, in the order they were made. A second use is answered as such and kept for the operator.',
  access: 'clerk',
  body: z.strictObject({ uses: z.array(Use).min(1).max(SYNC_MAX) }),
  reply: ok({
    uses: z.array(
      z.object({
        useId: Id,
        ok: z.boolean(),
        atMs: Ms.exactOptional(),
        title: Label.exactOptional(),
        code: z.string().exactOptional().describe('Of the refusal, where `ok` is false'),
        first: First.exactOptional(),
      }),
    ),
  }),
  refusals: ['rate_limited', 'busy'],
  async run({ caller, body }, deps) {
    const by = { point: pointOf(caller), clerk: caller.by }
    const uses = []
    for (const { atMs = 0, ...input } of body.uses) {
      const answer = usedOf(deps, await deps.rewards.pickup.sync(by, { ...input, atMs }))
      const { useId } = input
      if (answer.ok) uses.push({ useId, ok: true, atMs: answer.atMs, title: answer.title })
      else
        uses.push({
          useId,
          ok: false,
          code: answer.code,
          ...(answer.first && { first: answer.first }),
        })
    }
    return { ok: true, uses }
  },
})

const useCoupon = route({
  method: 'POST',
  path: '/v1/codes/use',
  what: 'Use a coupon or access code in an order of the shop, once. `already_used` comes with the first use.',
  access: 'signed',
  body: z.strictObject({ code: z.string().max(40), order: Id }),
  reply: UsedShape,
  refusals: ['not_found', 'already_used', 'redemption_closed', 'rate_limited', 'busy'],
  async run({ caller, body: { code, order } }, deps) {
    const point = shopPoint(await brandNumber(deps.gate.store, caller.brand))
    const by = { point, clerk: caller.by }
    const input = { useId: `order-${order}`, code, device: order, atMs: 0 }
    return usedOf(deps, await deps.rewards.pickup.use(by, input))
  },
})

export const pickupCodeRoutes = [conflicts, keys, here, use, sync, useCoupon]
