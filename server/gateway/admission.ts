/** Who is let in: the handshake's shape, the ticket, the room, and how many there are already. */

import type { ErrorCode } from '../../shared/errors.ts'
import { isId, parseAccount } from '../../shared/ids.ts'
import { type Handshake, PROTOCOL } from '../../shared/protocol/index.ts'
import { countedRung, tierAsked } from '../../shared/rulebook/privileges.ts'
import {
  admit,
  networkOf,
  openInviteHandle,
  type ResumeClaims,
  readSession,
} from '../identity/index.ts'
import { afterThisTurn, Counts, randomNonce } from '../kernel/index.ts'
import { roomRung } from '../rooms/index.ts'
import type { AccountReading } from '../scoring/index.ts'
import type { GatewayDeps } from './deps.ts'
import type { Devices } from './devices.ts'
import { ADMISSIONS_MAX, ROOMS_MAX } from './limits.ts'
import type { RoomHub } from './room-hub.ts'
import type { RoomHubs } from './room-hubs.ts'
import type { Roster } from './roster.ts'
import { Seat } from './seats.ts'
import type { Knock, NotAdmitted } from './sockets.ts'
import type { ClientSession } from './viewer.ts'

export interface Admitted {
  claims: ResumeClaims
  cursor: Handshake['cursor']
  hub: RoomHub
  ip: string
  /** Freed by whoever counts them from now on. */
  seat: Seat
  watermarks: boolean
  resume: string
  resumeExpiresAtMs: number
  /** Viewers only. */
  viewer?: {
    account: number
    session: ClientSession
    /** The session's name as the client gave it, where it was accepted. */
    named: string | undefined
    reading: AccountReading
  }
  /** Who shared the link that led here. */
  sharer: number | undefined
}
export type Admission = { ok: true; as: Admitted } | NotAdmitted

const TEXT_MAX = 4096

type Misread = { ok: false; code: 'bad_request'; field: string }
const misread = (field: string): Misread => ({ ok: false, code: 'bad_request', field })

/** The handshake's shape is checked by hand: it comes before any schema, from anybody. */
function readHandshake(auth: unknown): { ok: true; handshake: Handshake } | Misread {
  if (typeof auth !== 'object' || auth === null) return misread('auth')
  const given = auth as Record<string, unknown>
  if (typeof given.protocol !== 'number') return misread('protocol')
  const handshake: Handshake = { protocol: given.protocol }
  for (const name of ['ticket', 'resume', 'session'] as const) {
    const value = given[name]
    if (value === undefined || value === null) continue
    if (typeof value !== 'string' || value.length > TEXT_MAX) return misread(name)
    handshake[name] = value
  }
  // Either way of saying who: a handle of the room, or one of an invite link.
  if (typeof given.via === 'string' && isId(given.via)) handshake.via = given.via
  if (given.acks === 'watermark') handshake.acks = 'watermark'
  const cursor = readCursor(given.cursor)
  return { ok: true, handshake: cursor ? { ...handshake, cursor } : handshake }
}

/** A cursor that is none costs the client only the moments it missed. */
function readCursor(given: unknown): Handshake['cursor'] {
  if (typeof given !== 'object' || given === null) return undefined
  const { epoch, seq } = given as Record<string, unknown>
  if (typeof epoch !== 'string' || !isId(epoch)) return undefined
  return typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 0
    ? { epoch, seq }
    : undefined
}

export interface AdmissionParts {
  deps: GatewayDeps
  hubs: RoomHubs
  roster: Roster
  devices: Devices
}

const refused = (code: ErrorCode, afterMs?: number): Admission => ({
  ok: false,
  code,
  ...(afterMs !== undefined && { afterMs }),
})

export function createAdmission({ deps, hubs, roster, devices }: AdmissionParts) {
  let admitting = 0
  const coming = { perIp: new Counts(), perViewer: new Counts() }

  async function admitKnock(knock: Knock, seat: Seat): Promise<Admission> {
    const read = readHandshake(knock.auth)
    if (!read.ok) return read
    const { handshake } = read
    if (handshake.protocol !== PROTOCOL) return refused('protocol_unsupported')
    const admission = await admit(deps.gate, handshake, deps.clock.now())
    if (!admission.ok) return admission
    const { claims, resume, resumeExpiresAtMs } = admission
    if (!deps.allowOrigin(knock, claims)) return refused('forbidden')
    if (hubs.size >= ROOMS_MAX && !hubs.has(claims.room)) return refused('busy', 5000)
    const hub = await hubs.of(claims.room)
    if (!hub) return refused('room_not_found')
    // A ticket of another brand must not open this brand's room, whatever room it names.
    if (hub.room.brand !== claims.brand) return refused('ticket_invalid')
    const { cursor, via } = handshake
    const watermarks = handshake.acks === 'watermark'
    const inviter = via === undefined ? undefined : inviterOf(via, hub)
    const sharer = inviter ?? (via === undefined ? undefined : parseAccount(via))
    const as: Admitted = {
      claims,
      cursor,
      hub,
      ip: knock.ip,
      seat,
      watermarks,
      resume,
      resumeExpiresAtMs,
      sharer,
    }
    if (claims.account === undefined) return { ok: true, as }
    if (inviter !== undefined) await invited(as, { inviter, invited: claims.account })
    return admitViewer(as, { account: claims.account, session: handshake.session })
  }

  /** Who took the invite link, of the brand whose room it leads to. */
  function inviterOf(via: string, { room }: RoomHub): number | undefined {
    const owner = openInviteHandle(deps.gate.pepper, via)
    return owner?.brandNo === room.brandNo ? owner.account : undefined
  }

  /** Before the newcomer can do anything: afterwards nobody could say that the account was new. */
  async function invited(
    { claims: { brand }, ip }: Admitted,
    of: { inviter: number; invited: number },
  ): Promise<void> {
    const network = networkOf(deps.gate.pepper, ip)
    try {
      await deps.invites.arrive({ ...of, brand, ...(network && { network }) })
    } catch (error) {
      // Nobody is kept out of a live for it; the next time in finishes what was begun.
      deps.log.warn({ err: error }, 'an invite could not be noted')
    }
  }

  async function admitViewer(
    as: Admitted,
    { account, session }: { account: number; session: string | undefined },
  ): Promise<Admission> {
    const place = `${account} ${as.hub.room.id}`
    if (roster.socketsIn(account, as.hub) + coming.perViewer.of(place) >= deps.socketsPerViewerMax)
      return refused('too_many_sockets', 5000)
    as.seat.take(coming.perViewer, place)
    const known = session ? readSession(deps.gate.sessions, session, account) : undefined
    const [rung, reading] = await Promise.all([
      roomRung(deps.store, as.hub.room.id),
      devices.read({
        account,
        live: as.hub.live,
        session: known ?? { startMs: 0, nonce: 0 },
      }),
    ])
    if (!reading) return refused('internal')
    const { ladder } = deps.rulebook().book
    const { tier } = reading.state
    if (countedRung(ladder, 'private_room', { rung: tier.rung, boost: tier.boost?.rungs }) < rung)
      return { ok: false, code: 'tier_needed', tier: tierAsked(ladder, rung, tier.growth) }
    const viewer = {
      account,
      session: known ?? { startMs: reading.atMs, nonce: randomNonce() },
      named: known && session,
      reading,
    }
    return { ok: true, as: { ...as, viewer } }
  }

  /** Refuses what would be too much before any work is done for it. */
  return async (knock: Knock): Promise<Admission> => {
    if (admitting >= ADMISSIONS_MAX) return refused('busy', 1000)
    if (roster.fromIp(knock.ip) + coming.perIp.of(knock.ip) >= deps.socketsPerIpMax)
      return refused('too_many_sockets', 5000)
    admitting += 1
    const seat = new Seat()
    seat.take(coming.perIp, knock.ip)
    try {
      return await admitKnock(knock, seat)
    } finally {
      admitting -= 1
      // Who is let in enters in this turn; who has left meanwhile never does.
      afterThisTurn(() => seat.free())
    }
  }
}
