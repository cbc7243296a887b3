/** Routes of pick-up points: where rewards lie, who hands them out, and the codes that are used there. */

import { z } from 'zod'
import { type Refusal, refuse } from '../../../shared/errors.ts'
import type { CodeUsed, PickupLine } from '../../../shared/rewards.ts'
import { Label } from '../../../shared/rulebook/schema.ts'
import {
  CLERKS_MAX,
  createClerk,
  type ListedPickup,
  listClerks,
  PointDoc,
  Position,
  parseDay,
  putPoint,
  type Redemption,
  revokeClerk,
  SYNC_MAX,
  shopPoint,
  type UseAnswer,
} from '../../rewards/index.ts'
import { brandNumber } from '../../rooms/index.ts'
import type { ApiDeps } from '../deps.ts'
import { type Caller, route } from '../route.ts'
import { Id, Ms, ok } from '../schemas.ts'

const PointParams = z.strictObject({ point: Id })
const PointShape = z.object({
  id: Id,
  name: Label,
  address: Label.exactOptional(),
  position: Position.exactOptional(),
})
const Day = z.string().regex(/^\d{4}-\d\d-\d\d$/)
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

const shown = ({ id, name, address, position }: PointDoc) => ({
  id,
  name,
  ...(address && { address }),
  ...(position && { position }),
})

/** Another brand's point is answered like one that does not exist. */
function ownPoint(deps: ApiDeps, caller: Caller, id: string): PointDoc | undefined {
  const found = deps.rewards.catalogue.current().points.get(id)
  return found?.brand === caller.brand ? found : undefined
}
const noPoint = (): Refusal => refuse('not_found', { field: 'point' })

const put = route({
  method: 'POST',
  path: '/v1/pickup/points',
  what: 'Make a pick-up point, rename it, or say where it is: viewers who say where they are see the nearest first.',
  access: 'signed',
  body: PointDoc.pick({ id: true, name: true, address: true, position: true }).strict(),
  reply: ok({ point: PointShape }),
  refusals: ['forbidden', 'room_full', 'busy'],
  async run({ caller, body }, deps) {
    const answer = await putPoint(deps.gate.store, { ...body, brand: caller.brand })
    if (!answer.ok) return answer
    await deps.rewards.catalogue.refresh()
    return { ok: true, point: shown(answer.point) }
  },
})

const points = route({
  method: 'GET',
  path: '/v1/pickup/points',
  what: 'Pick-up points of the brand.',
  access: 'operator',
  reply: ok({ points: z.array(PointShape) }),
  refusals: [],
  async run({ caller }, deps) {
    const all = [...deps.rewards.catalogue.current().points.values()]
    return { ok: true, points: all.filter(({ brand }) => brand === caller.brand).map(shown) }
  },
})

const ClerkShape = { id: Id, label: z.string(), createdAtMs: Ms }

const addClerk = route({
  method: 'POST',
  path: '/v1/pickup/points/{point}/clerks',
  what: `Make the key of a clerk: for the fragment of the scan page's URL, good at this point only, until revoked. At most ${CLERKS_MAX} a point; the key is shown once.`,
  access: 'signed',
  params: PointParams,
  body: z.strictObject({ label: z.string().min(1).max(40) }),
  reply: ok({ ...ClerkShape, key: z.string() }),
  refusals: ['not_found', 'room_full'],
  async run({ caller, params: { point }, body: { label }, nowMs }, deps) {
    if (!ownPoint(deps, caller, point)) return noPoint()
    const made = await createClerk(deps.gate.store, { point, label, nowMs })
    return made ? { ok: true, ...made } : refuse('room_full')
  },
})

const clerks = route({
  method: 'GET',
  path: '/v1/pickup/points/{point}/clerks',
  what: 'Clerks of a point, oldest first, without their keys.',
  access: 'signed',
  params: PointParams,
  reply: ok({ clerks: z.array(z.object(ClerkShape)) }),
  refusals: ['not_found'],
  async run({ caller, params: { point } }, deps) {
    if (!ownPoint(deps, caller, point)) return noPoint()
    return { ok: true, clerks: await listClerks(deps.gate.store, point) }
  },
})

const dismissClerk = route({
  method: 'DELETE',
  path: '/v1/pickup/points/{point}/clerks/{clerk}',
  what: "Revoke a clerk's key at once.",
  access: 'signed',
  params: z.strictObject({ point: Id, clerk: Id }),
  reply: ok({}),
  refusals: ['not_found'],
  async run({ caller, params: { point, clerk } }, deps) {
    if (!ownPoint(deps, caller, point)) return noPoint()
    const known = await revokeClerk(deps.gate.store, { point, id: clerk })
    return known ? { ok: true } : refuse('not_found', { field: 'clerk' })
  },
})

const Line = z.object({
  code: z.string().describe('The short code'),
  reward: Id,
  title: Label,
  state: z.enum(['issued', 'used']),
  name: z.string().exactOptional(),
  usedAtMs: Ms.exactOptional(),
}) satisfies z.ZodType<PickupLine>

const titleOf = (deps: ApiDeps, { reward }: Redemption): Label =>
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

const keys = route({
  method: 'GET',
  path: '/v1/pickup/keys',
  what: 'Public keys that verify the signatures of QR codes, for phones that work without network.',
  access: 'open',
  reply: ok({ keys: z.array(Key) }),
  refusals: [],
  run: async (_, deps) => ({ ok: true, keys: deps.rewards.codes.publicKeys() }),
})

/** Clerks have a point; who comes here without one is no clerk. */
const pointOf = ({ point }: Caller): string => point ?? ''

const here = route({
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

export const pickupRoutes = [
  put,
  points,
  addClerk,
  clerks,
  dismissClerk,
  listOfPoint,
  conflicts,
  keys,
  here,
  listHere,
  use,
  sync,
  useCoupon,
]
