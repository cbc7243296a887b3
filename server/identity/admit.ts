/** Who may connect: a ticket or a resume token becomes a person with an account. */

import { readBirthday } from '../../shared/birthday.ts'
import { findAccount, findOrMake, type Identity, type Registry } from './account.ts'
import { setBirthday } from './birthday.ts'
import { enterFirst } from './enter.ts'
import { namelessAs } from './name.ts'
import { furtherOf, resolvePerson } from './person.ts'
import { setProfile } from './profile.ts'
import { issueResume, type ResumeClaims, verifyResume } from './resume.ts'
import type { SessionKeys, TicketKeys } from './secrets.ts'
import { type Claims, type TicketRefusal, type Verified, verifyTicket } from './ticket.ts'
import type { Revocations } from './watch-revocations.ts'

export interface Gate extends Registry {
  tickets: TicketKeys
  sessions: SessionKeys
  revocations: Pick<Revocations, 'has'> & Partial<Pick<Revocations, 'moved'>>
}

/** The part of the handshake that says who it is. */
export interface Credentials {
  ticket?: string | undefined
  resume?: string | undefined
}

export type Admission =
  | { ok: true; claims: ResumeClaims; resume: string; resumeExpiresAtMs: number }
  | { ok: false; code: TicketRefusal }

/** The identity under which a merchant's viewer has an account. */
export const viewerIdentity = ({ brand, viewer }: Pick<Claims, 'brand' | 'viewer'>): Identity => ({
  brand,
  kind: 'viewer',
  id: viewer,
})

/**
 * Admits by the ticket, or else by the resume token, so that a client may send both and the fresher word
 * counts. A viewer's account is found or made and the name kept; hosts, stages and operators have no account.
 * Whether the room exists and is of that brand is for the caller to check. Throws where Redis fails.
 */
export async function admit(
  gate: Gate,
  { ticket, resume }: Credentials,
  nowMs: number,
): Promise<Admission> {
  const byTicket = await verifyTicket(gate.tickets, ticket, { nowMs })
  const verified: Verified<ResumeClaims> =
    byTicket.ok || !resume ? byTicket : await verifyResume(gate.sessions, resume, nowMs)
  if (!verified.ok) return verified
  // By ticket before the account is made: a revoked ticket leaves no trace.
  if (gate.revocations.has(verified.claims)) return { ok: false, code: 'ticket_revoked' }
  const claims = byTicket.ok
    ? await enter(gate, byTicket.claims, nowMs)
    : await follow(gate, verified.claims)
  if (gate.revocations.has(claims)) return { ok: false, code: 'ticket_revoked' }
  const { token, expiresAtMs } = issueResume(gate.sessions, claims, nowMs)
  return { ok: true, claims, resume: token, resumeExpiresAtMs: expiresAtMs }
}

/** The account of a resume token, or the one that its viewer has by now. */
async function follow(gate: Gate, claims: ResumeClaims): Promise<ResumeClaims> {
  if (claims.account === undefined || !gate.revocations.moved?.(claims.account)) return claims
  return { ...claims, account: (await findAccount(gate, viewerIdentity(claims))) ?? claims.account }
}

/** Further identities are the ticket's only: a resume token, which names the account, does without them. */
async function enter(
  gate: Gate,
  { ids, birthday, ...claims }: Claims,
  nowMs: number,
): Promise<ResumeClaims> {
  if (claims.role !== 'viewer') return { ...claims, name: claims.name || claims.role }
  const further = furtherOf(claims.brand, ids)
  const { account, link } =
    further.length === 0
      ? await findOrMake(gate, viewerIdentity(claims))
      : { account: await resolvePerson(gate, viewerIdentity(claims), further), link: undefined }
  const name = claims.name || namelessAs(account)
  if (!gate.revocations.has({ ...claims, account })) {
    const profile = { name, optOut: claims.optOut }
    if (link) await enterFirst(gate, account, { profile, link })
    else await setProfile(gate, account, profile)
  }
  const born = birthday === undefined ? undefined : readBirthday(birthday)
  if (born && !gate.revocations.has({ ...claims, account }))
    await setBirthday(gate, account, { birthday: born, nowMs })
  return { ...claims, name, account }
}
