/** Resume tokens: ours, in place of the ticket, for a day. */

import type { KeyObject } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { ACCOUNT_NUMBER_END, ID_PATTERN } from '../../shared/ids.ts'
import { RESUME_LIFE_MS, TICKET_SKEW_MS, TOKEN_BYTES_MAX } from './limits.ts'
import { type SessionKeys, signing } from './secrets.ts'
import { type Claims, ROLES, refusalOf, type TicketRefusal, type Verified } from './ticket.ts'

/** What a resume token says: the ticket's claims and whose account it is, where it is a viewer's. */
export interface ResumeClaims extends Omit<Claims, 'ids'> {
  account?: number
}

const TYP = 'fanfare-resume'
/** A colon cannot be in a room's id, so no ticket has this audience. */
const AUDIENCE = 'fanfare:resume'
const Id = z.string().regex(ID_PATTERN)
const Payload = z.object({
  sub: Id,
  room: Id,
  brand: Id,
  role: z.enum(ROLES),
  name: z.string(),
  jti: Id,
  optOut: z.boolean(),
  account: z.int().min(1).max(ACCOUNT_NUMBER_END).optional(),
})

export async function issueResume(
  keys: SessionKeys,
  { viewer, ...claims }: ResumeClaims,
  nowMs: number,
): Promise<{ token: string; expiresAtMs: number }> {
  const iat = Math.floor(nowMs / 1000)
  const exp = iat + RESUME_LIFE_MS / 1000
  const token = await new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: TYP })
    .setSubject(viewer)
    .setAudience(AUDIENCE)
    .setIssuedAt(iat)
    .setExpirationTime(exp)
    .sign(signing(keys.resume))
  return { token, expiresAtMs: exp * 1000 }
}

/** Answers what a resume token claims, or why it is not good: as `verifyTicket`, with our own keys. */
export async function verifyResume(
  keys: SessionKeys,
  token: string,
  nowMs: number,
): Promise<Verified<ResumeClaims>> {
  if (token.length > TOKEN_BYTES_MAX) return { ok: false, code: 'ticket_invalid' }
  let code: TicketRefusal = 'ticket_invalid'
  for (const key of keys.resume) {
    const tried = await verifyWith(key, token, nowMs)
    if (tried.ok) return tried
    // An older secret must not turn "expired" into "invalid".
    if (tried.code === 'ticket_expired') code = tried.code
  }
  return { ok: false, code }
}

async function verifyWith(
  key: KeyObject,
  token: string,
  nowMs: number,
): Promise<Verified<ResumeClaims>> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      audience: AUDIENCE,
      typ: TYP,
      currentDate: new Date(nowMs),
      clockTolerance: TICKET_SKEW_MS / 1000,
      requiredClaims: ['exp'],
    })
    const parsed = Payload.safeParse(payload)
    if (!parsed.success) return { ok: false, code: 'ticket_invalid' }
    const { sub, account, ...claims } = parsed.data
    return {
      ok: true,
      claims: { ...claims, viewer: sub, ...(account === undefined ? {} : { account }) },
    }
  } catch (error) {
    return { ok: false, code: refusalOf(error) }
  }
}
