/** Routes of pick-up points: where rewards lie, and who hands them out. */

import { z } from 'zod'
import { refuse } from '../../../shared/errors.ts'
import { Label } from '../../../shared/rulebook/schema.ts'
import {
  CLERKS_MAX,
  createClerk,
  listClerks,
  PointDoc,
  Position,
  putPoint,
  revokeClerk,
} from '../../rewards/index.ts'
import { route } from '../route.ts'
import { Id, Ms, ok } from '../shapes/basics.ts'
import { noPoint, ownPoint, PointParams } from './own-point.ts'

const PointShape = z.object({
  id: Id,
  name: Label,
  address: Label.exactOptional(),
  position: Position.exactOptional(),
})

const shown = ({ id, name, address, position }: PointDoc) => ({
  id,
  name,
  ...(address && { address }),
  ...(position && { position }),
})

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

export const points = route({
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

export const pickupPointRoutes = [put, points, addClerk, clerks, dismissClerk]
