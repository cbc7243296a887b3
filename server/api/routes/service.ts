/** Routes of the service itself, and of the demo. */

import { z } from 'zod'
import { refuse } from '../../../shared/errors.ts'
import { PROTOCOL } from '../../../shared/protocol/index.ts'
import {
  createStageKey,
  listStageKeys,
  NAME_UNITS_MAX,
  revokeStageKey,
} from '../../identity/index.ts'
import { must, randomId } from '../../kernel/index.ts'
import type { ApiDeps } from '../deps.ts'
import { CROWD_MAX } from '../limits.ts'
import { route } from '../route.ts'
import { Id, ok, TicketShape } from '../shapes/basics.ts'
import { ticketFor } from './tickets.ts'

/** Where the sockets are, as a browser that came by `origin` reaches them. */
export function gatewayUrl({ site }: Pick<ApiDeps, 'site'>, origin: URL): URL {
  if (site.publicUrl !== undefined) return new URL(site.publicUrl)
  const url = new URL(origin.origin)
  url.port = String(site.gatewayPort)
  return url
}

const config = route({
  method: 'GET',
  path: '/v1/config',
  what: 'What a page must know before it connects.',
  access: 'open',
  anyOrigin: true,
  reply: ok({
    gatewayUrl: z.string().describe('Origin of the sockets; the path is /socket.io/'),
    protocol: z.int(),
    demo: z.boolean(),
  }),
  refusals: [],
  async run({ origin }, deps) {
    return {
      ok: true,
      gatewayUrl: gatewayUrl(deps, origin).origin,
      protocol: PROTOCOL,
      demo: deps.demo !== undefined,
    }
  },
})

const DEMO = 'only where there is a demo'

const demoTicket = route({
  method: 'POST',
  path: '/v1/demo/ticket',
  what: 'A ticket for the demo room, for anybody; as an operator only for who sits at this machine.',
  access: 'demo',
  body: z.strictObject({
    room: Id.optional(),
    role: z.enum(['viewer', 'host', 'operator']).default('viewer'),
    viewer: Id.optional().describe('To come back to the same account'),
    name: z.string().max(NAME_UNITS_MAX).default(''),
  }),
  reply: ok({ ...TicketShape, room: Id, viewer: Id }),
  refusals: ['room_not_found', 'forbidden', 'rate_limited'],
  async run({ body, nowMs, local }, deps) {
    const { room, brand } = must(deps.demo, DEMO)
    // Webhooks of a demo may call private addresses: not a thing for strangers to set up.
    if (body.role === 'operator' && !local) return refuse('forbidden')
    if (body.room !== undefined && body.room !== room) return refuse('room_not_found')
    const viewer = body.viewer ?? `guest-${randomId(9)}`
    const { role, name } = body
    const ticket = await ticketFor(deps, nowMs, { viewer, room, brand, role, name })
    return { ...ticket, room, viewer }
  },
})

const DEMO_LABEL = 'demo'

const demoStageKey = route({
  method: 'POST',
  path: '/v1/demo/stage-key',
  what: 'A stage key of the demo room; the oldest gives way where there are too many.',
  access: 'demo',
  reply: ok({ key: z.string() }),
  refusals: ['room_full', 'rate_limited'],
  async run({ nowMs }, deps) {
    const { room, brand } = must(deps.demo, DEMO)
    const { store } = deps.gate
    const wanted = { room, label: DEMO_LABEL, nowMs }
    const first = await createStageKey(store, wanted)
    if (first) return { ok: true, key: first.key }
    const oldest = (await listStageKeys(store, room)).find(({ label }) => label === DEMO_LABEL)
    if (oldest) await revokeStageKey(store, { room, brand, id: oldest.id })
    const second = await createStageKey(store, wanted)
    return second ? { ok: true, key: second.key } : refuse('room_full')
  },
})

const CrowdShape = ok({ size: z.int().min(0), max: z.int() })

const readCrowd = route({
  method: 'GET',
  path: '/v1/demo/crowd',
  what: 'How many bots the demo room has been given.',
  access: 'demo',
  reply: CrowdShape,
  refusals: ['not_found'],
  async run(_, { demo }) {
    if (!demo?.crowd) return refuse('not_found')
    return { ok: true, size: demo.crowd.size(), max: CROWD_MAX }
  },
})

const resizeCrowd = route({
  method: 'POST',
  path: '/v1/demo/crowd',
  what: 'Give the demo room so many bots; 0 sends them away.',
  access: 'demo',
  body: z.strictObject({ size: z.int().min(0).max(CROWD_MAX) }),
  reply: CrowdShape,
  refusals: ['not_found', 'rate_limited'],
  async run({ body }, { demo }) {
    if (!demo?.crowd) return refuse('not_found')
    await demo.crowd.resize(body.size)
    return { ok: true, size: demo.crowd.size(), max: CROWD_MAX }
  },
})

export const serviceRoutes = [config, demoTicket, demoStageKey, readCrowd, resizeCrowd]
