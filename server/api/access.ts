/** Who a caller is: by signature, by a host's ticket, or nobody. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import { SIGNATURE_HEADER, verifyResume, verifySignature, verifyTicket } from '../identity/index.ts'
import { must } from '../kernel/index.ts'
import { readClerk } from '../rewards/index.ts'
import type { ApiDeps } from './deps.ts'
import type { Access, Caller } from './route.ts'

export interface Arrived {
  request: Request
  url: URL
  body: Uint8Array
  nowMs: number
}

const NOBODY: Caller = { brand: '', by: '' }

/** The caller where they may come in here, else why not. */
export async function admitCaller(
  deps: ApiDeps,
  access: Access,
  arrived: Arrived,
): Promise<{ ok: true; caller: Caller } | Refusal> {
  switch (access) {
    case 'open':
      return { ok: true, caller: NOBODY }
    case 'demo':
      return deps.demo ? { ok: true, caller: NOBODY } : refuse('not_found')
    case 'signed':
      return signed(deps, arrived)
    case 'platform': {
      const answer = signed(deps, arrived)
      if (!answer.ok) return answer
      const [own] = deps.apiKeys.values()
      return answer.caller.brand === must(own, 'a key that verified').brand
        ? answer
        : refuse('forbidden')
    }
    case 'host': {
      const bearer = bearerOf(arrived)
      return bearer === undefined ? signed(deps, arrived) : host(deps, bearer, arrived.nowMs)
    }
    case 'clerk':
      return clerk(deps, bearerOf(arrived))
    default:
      return access satisfies never
  }
}

const bearerOf = ({ request }: Arrived): string | undefined =>
  /^Bearer (\S+)$/.exec(request.headers.get('authorization') ?? '')?.[1]

async function clerk(
  { gate, rewards }: ApiDeps,
  bearer: string | undefined,
): Promise<{ ok: true; caller: Caller } | Refusal> {
  const found = bearer === undefined ? undefined : await readClerk(gate.store, bearer)
  const point = found && rewards.catalogue.current().points.get(found.point)
  if (!found || !point) return refuse('ticket_invalid')
  return { ok: true, caller: { brand: point.brand, by: found.label || found.id, point: point.id } }
}

function signed(
  deps: ApiDeps,
  { request, url, body, nowMs }: Arrived,
): { ok: true; caller: Caller } | Refusal {
  const check = verifySignature(deps.apiKeys, request.headers.get(SIGNATURE_HEADER), {
    method: request.method,
    path: url.pathname + url.search,
    body,
    nowMs,
  })
  if (!check.ok) return refuse(check.code)
  return { ok: true, caller: { brand: check.brand, by: check.kid } }
}

async function host(
  { gate }: ApiDeps,
  bearer: string,
  nowMs: number,
): Promise<{ ok: true; caller: Caller } | Refusal> {
  const byTicket = await verifyTicket(gate.tickets, bearer, { nowMs })
  const verified = byTicket.ok ? byTicket : await verifyResume(gate.sessions, bearer, nowMs)
  if (!verified.ok) return refuse(byTicket.ok ? verified.code : byTicket.code)
  const { claims } = verified
  if (gate.revocations.has(claims)) return refuse('ticket_revoked')
  if (claims.role !== 'host') return refuse('forbidden')
  return { ok: true, caller: { brand: claims.brand, by: claims.viewer, room: claims.room } }
}
