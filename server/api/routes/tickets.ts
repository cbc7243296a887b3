/** Routes that give out and take back the right to connect. */

import { z } from 'zod'
import { type Refusal, refuse } from '../../../shared/errors.ts'
import {
  CONSOLE_ROOM,
  createStageKey,
  FurtherIds,
  findAccount,
  issueTicket,
  listStageKeys,
  NAME_UNITS_MAX,
  type Revoked,
  readStageKey,
  revoke,
  revokeStageKey,
  STAGE_KEYS_MAX,
  stageJti,
  TICKET_LIFE_MS_MAX,
  unrevoke,
  viewerIdentity,
} from '../../identity/index.ts'
import { must } from '../../kernel/index.ts'
import { getRoom } from '../../rooms/index.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { Id, Ms, ok, RoleName, TicketShape } from '../shapes/basics.ts'
import { roomOf } from './room-of.ts'

type Wanted = Omit<Parameters<typeof issueTicket>[1], 'nowMs'>

/** A ticket as routes answer it. Throws where no key signs, which a service with a session secret always has. */
export async function ticketFor(deps: ApiDeps, nowMs: number, wanted: Wanted) {
  const ticket = await issueTicket(deps.gate.tickets, { ...wanted, nowMs })
  return {
    ok: true as const,
    ticket: must(ticket, 'a key that signs tickets'),
    expiresAtMs: Math.floor(nowMs / 1000) * 1000 + TICKET_LIFE_MS_MAX,
  }
}

const issue = route({
  method: 'POST',
  path: '/v1/tickets',
  what: 'Issue a room ticket, for merchants that do not sign tickets themselves. Good for five minutes to connect.',
  access: 'signed',
  body: z.strictObject({
    viewer: Id.describe("The merchant's id of the viewer, host or operator"),
    room: Id.optional().describe(
      'Only for operators may it be left out: their console is of no room',
    ),
    role: RoleName.default('viewer'),
    name: z.string().max(NAME_UNITS_MAX).describe('Cleaned and clipped to 24 characters'),
    optOut: z.boolean().default(false).describe('The name is not to be announced'),
    ids: FurtherIds.optional().describe('Under which the same person is known elsewhere'),
  }),
  reply: ok(TicketShape),
  refusals: ['room_not_found'],
  async run({ caller, body, nowMs }, deps) {
    const { ids, room, ...rest } = body
    if (room === undefined && body.role !== 'operator')
      return refuse('bad_request', { field: 'room' })
    const found = room === undefined ? undefined : await roomOf(deps, caller, room)
    if (found && !found.ok) return found
    const { signed } = caller
    // Of the moment of the signature, which bears a replay too: that has the same ticket, to the byte, and no longer.
    return ticketFor(deps, Math.min(nowMs, signed?.atMs ?? nowMs), {
      ...rest,
      ...(signed && { jti: signed.id }),
      room: room ?? CONSOLE_ROOM,
      ...(ids && { ids }),
      brand: caller.brand,
    })
  },
})

const stageTicket = route({
  method: 'POST',
  path: '/v1/stage/ticket',
  what: 'Exchange a stage key for a ticket that may look and not touch.',
  access: 'open',
  body: z.strictObject({ key: z.string().max(200) }),
  reply: ok(TicketShape),
  refusals: ['ticket_invalid', 'rate_limited'],
  async run({ body, nowMs }, deps) {
    const key = await readStageKey(deps.gate.store, body.key)
    const room = key && (await getRoom(deps.gate.store, key.room))
    if (!key || !room) return refuse('ticket_invalid')
    return ticketFor(deps, nowMs, {
      viewer: stageJti(key.id),
      room: room.id,
      brand: room.brand,
      role: 'stage',
      name: 'stage',
      jti: stageJti(key.id),
    })
  },
})

const StageKeyShape = { id: Id, label: z.string(), createdAtMs: Ms }

const createKey = route({
  method: 'POST',
  path: '/v1/stage-keys',
  what: `Make a stage key of a room: for the fragment of the stage's URL, read-only, good until revoked. At most ${STAGE_KEYS_MAX} a room; the key is shown once.`,
  access: 'host',
  body: z.strictObject({ room: Id, label: z.string().max(60).default('') }),
  reply: ok({ ...StageKeyShape, key: z.string() }),
  refusals: ['room_not_found', 'room_full'],
  async run({ caller, body, nowMs }, deps) {
    const room = await roomOf(deps, caller, body.room)
    if (!room.ok) return room
    const made = await createStageKey(deps.gate.store, { ...body, nowMs })
    return made ? { ok: true, ...made } : refuse('room_full')
  },
})

const listKeys = route({
  method: 'GET',
  path: '/v1/stage-keys',
  what: 'Stage keys of a room, oldest first, without the keys themselves.',
  access: 'host',
  query: z.strictObject({ room: Id }),
  reply: ok({ keys: z.array(z.object(StageKeyShape)) }),
  refusals: ['room_not_found'],
  async run({ caller, query }, deps) {
    const room = await roomOf(deps, caller, query.room)
    if (!room.ok) return room
    return { ok: true, keys: await listStageKeys(deps.gate.store, query.room) }
  },
})

const revokeKey = route({
  method: 'DELETE',
  path: '/v1/stage-keys/{room}/{id}',
  what: 'Revoke a stage key; stages that run on it are closed within a minute.',
  access: 'host',
  params: z.strictObject({ room: Id, id: Id }),
  reply: ok({}),
  refusals: ['room_not_found', 'not_found', 'busy'],
  async run({ caller, params }, deps) {
    const room = await roomOf(deps, caller, params.room)
    if (!room.ok) return room
    const done = await revokeStageKey(deps.gate.store, { ...params, brand: room.room.brand })
    if (done === 'full') return refuse('busy')
    return done === 'unknown' ? refuse('not_found', { field: 'id' }) : { ok: true }
  },
})

const Revocation = z.union([z.strictObject({ viewer: Id }), z.strictObject({ jti: Id })])

/** What is to be revoked, or undefined where the viewer never came. */
async function revokedOf(
  deps: ApiDeps,
  brand: string,
  what: z.infer<typeof Revocation>,
): Promise<Revoked | undefined> {
  if ('jti' in what) return { brand, jti: what.jti }
  const account = await findAccount(deps.gate, viewerIdentity({ brand, viewer: what.viewer }))
  return account === undefined ? undefined : { account }
}

const revokeOne = route({
  method: 'POST',
  path: '/v1/revocations',
  what: 'Shut out a viewer, or whoever came with a ticket: sockets close within a minute and handshakes are refused for 25 h. Issue no new tickets to whom you want to keep out for longer.',
  access: 'signed',
  body: Revocation,
  reply: ok({ atMs: Ms }),
  refusals: ['not_found', 'busy'],
  async run({ caller, body }, deps) {
    const what = await revokedOf(deps, caller.brand, body)
    if (!what) return refuse('not_found', { field: 'viewer' })
    const atMs = await revoke(deps.gate.store, what)
    return atMs === undefined ? refuse('busy') : { ok: true, atMs }
  },
})

const lift = route({
  method: 'POST',
  path: '/v1/revocations/lift',
  what: 'Let in again before the 25 h are over; every gateway knows within a minute.',
  access: 'signed',
  body: Revocation,
  reply: ok({}),
  refusals: ['not_found'],
  async run({ caller, body }, deps): Promise<{ ok: true } | Refusal> {
    const what = await revokedOf(deps, caller.brand, body)
    const lifted = what !== undefined && (await unrevoke(deps.gate.store, what))
    return lifted ? { ok: true } : refuse('not_found')
  },
})

export const ticketRoutes = [issue, stageTicket, createKey, listKeys, revokeKey, revokeOne, lift]
