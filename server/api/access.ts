/** Who a caller is: by signature, by a host's or an operator's ticket, or nobody. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import type { Role } from '../../shared/protocol/index.ts'
import {
  type ResumeClaims,
  SIGNATURE_HEADER,
  verifyResume,
  verifySignature,
  verifyTicket,
} from '../identity/index.ts'
import { readClerk } from '../rewards/index.ts'
import type { ApiDeps } from './deps.ts'
import type { Access, Caller } from './route.ts'

export interface Arrived {
  request: Request
  url: URL
  body: Uint8Array
  nowMs: number
}

type Admitted = { ok: true; caller: Caller } | Refusal

const NOBODY: Caller = { brand: '', by: '' }

/** The caller where they may come in here, else why not. */
export async function admitCaller(
  deps: ApiDeps,
  access: Access,
  arrived: Arrived,
): Promise<Admitted> {
  switch (access) {
    case 'open':
      return { ok: true, caller: NOBODY }
    case 'demo':
      return deps.demo ? { ok: true, caller: NOBODY } : refuse('not_found')
    case 'signed':
      return signed(deps, arrived)
    case 'operator':
      return operator(deps, arrived)
    case 'platform': {
      const answer = await operator(deps, arrived)
      return !answer.ok || isPlatform(deps, answer.caller.brand) ? answer : refuse('forbidden')
    }
    case 'host':
      return host(deps, arrived)
    case 'clerk':
      return clerk(deps, bearerOf(arrived))
    default:
      return access satisfies never
  }
}

const bearerOf = ({ request }: Arrived): string | undefined =>
  /^Bearer (\S+)$/.exec(request.headers.get('authorization') ?? '')?.[1]

async function clerk({ gate, rewards }: ApiDeps, bearer: string | undefined): Promise<Admitted> {
  const found = bearer === undefined ? undefined : await readClerk(gate.store, bearer)
  const point = found && rewards.catalogue.current().points.get(found.point)
  if (!found || !point) return refuse('ticket_invalid')
  return { ok: true, caller: { brand: point.brand, by: found.label || found.id, point: point.id } }
}

function signed(deps: ApiDeps, { request, url, body, nowMs }: Arrived): Admitted {
  const check = verifySignature(deps.apiKeys, request.headers.get(SIGNATURE_HEADER), {
    method: request.method,
    path: url.pathname + url.search,
    body,
    nowMs,
  })
  if (!check.ok) return refuse(check.code)
  return { ok: true, caller: { brand: check.brand, by: check.kid, signed: check.signed } }
}

/** The brand of the first configured key is the platform's own; without keys there is none. */
export function isPlatform({ apiKeys }: Pick<ApiDeps, 'apiKeys'>, brand: string): boolean {
  const [own] = apiKeys.values()
  return own?.brand === brand
}

async function operator(deps: ApiDeps, arrived: Arrived): Promise<Admitted> {
  const bearer = bearerOf(arrived)
  if (bearer === undefined) return signed(deps, arrived)
  const held = await holder(deps, { bearer, role: 'operator', nowMs: arrived.nowMs })
  if (!held.ok) return held
  const { claims } = held
  return { ok: true, caller: { brand: claims.brand, by: claims.viewer, operator: claims } }
}

async function host(deps: ApiDeps, arrived: Arrived): Promise<Admitted> {
  const bearer = bearerOf(arrived)
  if (bearer === undefined) return signed(deps, arrived)
  const held = await holder(deps, { bearer, role: 'host', nowMs: arrived.nowMs })
  if (!held.ok) return held
  const { brand, viewer, room } = held.claims
  return { ok: true, caller: { brand, by: viewer, room } }
}

/** What a ticket says, or a token that grew from one, where it is of that role. */
async function holder(
  { gate }: ApiDeps,
  { bearer, role, nowMs }: { bearer: string; role: Role; nowMs: number },
): Promise<{ ok: true; claims: ResumeClaims } | Refusal> {
  const byTicket = await verifyTicket(gate.tickets, bearer, { nowMs })
  const verified = byTicket.ok ? byTicket : await verifyResume(gate.sessions, bearer, nowMs)
  if (!verified.ok) {
    // Of a token that has run out the resume keys know more than those of tickets.
    const expired = verified.code === 'ticket_expired'
    return refuse(expired || byTicket.ok ? verified.code : byTicket.code)
  }
  const { claims } = verified
  if (gate.revocations.has(claims)) return refuse('ticket_revoked')
  return claims.role === role ? { ok: true, claims } : refuse('forbidden')
}
