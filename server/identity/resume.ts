/** Resume tokens: ours, in place of the ticket, for a day. */

import type { KeyObject } from 'node:crypto'
import { jwtVerify } from 'jose'
import { z } from 'zod'
import { ACCOUNT_NUMBER_END, ID_PATTERN } from '../../shared/ids.ts'
import { headerHs256, openHs256, signHs256, splitToken } from './jws.ts'
import {
  OPERATOR_DAY_MS,
  OPERATOR_LIFE_MS,
  RESUME_LIFE_MS,
  TICKET_SKEW_MS,
  TOKEN_BYTES_MAX,
} from './limits.ts'
import { type SessionKeys, signing } from './secrets.ts'
import { type Claims, ROLES, refusalOf, type TicketRefusal, type Verified } from './ticket.ts'

/** What a resume token says: the ticket's claims and whose account it is, where it is a viewer's. */
export interface ResumeClaims extends Omit<Claims, 'ids'> {
  account?: number
  /** When an operator signed in, Unix ms: sessions of a console grow from each other for a working day. */
  sinceMs?: number
}

const TYP = 'fanfare-resume'
/** A colon cannot be in a room's id, so no ticket has this audience. */
const AUDIENCE = 'fanfare:resume'
/** Of every token that is made here. */
const HEADER = headerHs256({ typ: TYP })
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
  sinceMs: z.int().min(0).optional(),
})

interface Token {
  token: string
  expiresAtMs: number
}

export const issueResume = (keys: SessionKeys, claims: ResumeClaims, nowMs: number): Token =>
  sign(keys, claims, { nowMs, lifeMs: RESUME_LIFE_MS })

/**
 * What a console goes on with when the operator's ticket has run out: good for half an hour, and for a new one within
 * twelve hours of the ticket. Undefined after that: the operator needs a new ticket.
 */
export function issueOperatorSession(
  keys: SessionKeys,
  claims: ResumeClaims,
  nowMs: number,
): (Token & { endsAtMs: number }) | undefined {
  const { sinceMs = nowMs } = claims
  const endsAtMs = sinceMs + OPERATOR_DAY_MS
  const lifeMs = Math.min(OPERATOR_LIFE_MS, endsAtMs - nowMs)
  if (lifeMs <= 0) return undefined
  return { ...sign(keys, { ...claims, sinceMs }, { nowMs, lifeMs }), endsAtMs }
}

function sign(
  keys: SessionKeys,
  { viewer, ...claims }: ResumeClaims,
  { nowMs, lifeMs }: { nowMs: number; lifeMs: number },
): Token {
  const iat = Math.floor(nowMs / 1000)
  const exp = iat + Math.ceil(lifeMs / 1000)
  const payload = { ...claims, sub: viewer, aud: AUDIENCE, iat, exp }
  const token = signHs256(HEADER, payload, signing(keys.resume))
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
  const plain = openOwn(key, token, nowMs)
  if (plain) return readClaims(plain)
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      audience: AUDIENCE,
      typ: TYP,
      currentDate: new Date(nowMs),
      clockTolerance: TICKET_SKEW_MS / 1000,
      requiredClaims: ['exp'],
    })
    return readClaims(payload)
  } catch (error) {
    return { ok: false, code: refusalOf(error) }
  }
}

/** What one of our own tokens says, or undefined where jose has to look at it. */
function openOwn(key: KeyObject, text: string, nowMs: number): Record<string, unknown> | undefined {
  const token = splitToken(text)
  if (token?.header !== HEADER) return undefined
  const payload = openHs256(token, key, (nowMs - TICKET_SKEW_MS) / 1000)
  return payload?.aud === AUDIENCE ? payload : undefined
}

function readClaims(payload: unknown): Verified<ResumeClaims> {
  const parsed = Payload.safeParse(payload)
  if (!parsed.success) return { ok: false, code: 'ticket_invalid' }
  const { sub, account, sinceMs, ...claims } = parsed.data
  return {
    ok: true,
    claims: {
      ...claims,
      viewer: sub,
      ...(account === undefined ? {} : { account }),
      ...(sinceMs === undefined ? {} : { sinceMs }),
    },
  }
}
