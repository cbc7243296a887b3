/** Room tickets: a merchant's word that a viewer may enter a room, good for five minutes. */

import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { readBirthday } from '../../shared/birthday.ts'
import type { ErrorCode } from '../../shared/errors.ts'
import { ID_PATTERN } from '../../shared/ids.ts'
import type { Role } from '../../shared/protocol/index.ts'
import { randomId } from '../kernel/index.ts'
import { openHs256, readPart, splitToken } from './jws.ts'
import { NAME_UNITS_MAX, TICKET_LIFE_MS_MAX, TICKET_SKEW_MS, TOKEN_BYTES_MAX } from './limits.ts'
import { cleanName } from './name.ts'
import { FurtherIds } from './person.ts'
import type { TicketKey, TicketKeys } from './secrets.ts'

/** What a ticket or a resume token says. */
export interface Claims {
  /** The merchant's id of the viewer, host or operator. */
  viewer: string
  room: string
  brand: string
  role: Role
  /** Cleaned; may be empty. */
  name: string
  /** Names the ticket and every resume token that grew from it. */
  jti: string
  /** The name is not to be announced. */
  optOut: boolean
  /** Under which the merchant knows the same person elsewhere. */
  ids?: FurtherIds
  /** Day of birth, MM-DD. */
  birthday?: string
}

export type TicketRefusal = Extract<ErrorCode, `ticket_${string}`>
export type Verified<T> = { ok: true; claims: T } | { ok: false; code: TicketRefusal }

export const ROLES = ['viewer', 'host', 'stage', 'operator'] as const satisfies readonly Role[]

/** What tickets of operators name as their room where they name none: a console is of the brand. */
export const CONSOLE_ROOM = 'console'

const Id = z.string().regex(ID_PATTERN)
/** Seconds, as JWT has them. */
const Time = z.number().min(0).max(1e11)
/** Other claims, such as `iss`, are nobody's business and are ignored. */
const Payload = z.object({
  sub: Id,
  aud: Id,
  brand: Id.optional(),
  role: z.enum(ROLES),
  name: z.string().max(NAME_UNITS_MAX),
  jti: Id,
  iat: Time,
  exp: Time,
  optOut: z.boolean().optional(),
  ids: FurtherIds.optional(),
  birthday: z
    .string()
    .refine((text) => readBirthday(text) !== undefined)
    .optional(),
})

export interface VerifyTicket {
  nowMs: number
  /** Where only tickets of one room will do. */
  room?: string
}

/**
 * Answers what a ticket claims, or why it is not good. The key is the one that `kid` names and its algorithm
 * is fixed, so a token cannot choose how it is checked; the key also fixes the brand.
 */
export async function verifyTicket(
  keys: TicketKeys,
  token: string | undefined,
  of: VerifyTicket,
): Promise<Verified<Claims>> {
  const { nowMs } = of
  if (token === undefined || token === '') return { ok: false, code: 'ticket_missing' }
  if (token.length > TOKEN_BYTES_MAX) return { ok: false, code: 'ticket_invalid' }
  const plain = openPlain(keys, token, nowMs)
  if (plain) return readClaims(plain.payload, plain.key, of)
  let used: TicketKey | undefined
  let payload: JWTPayload
  try {
    const verified = await jwtVerify(
      token,
      ({ kid, alg, typ }) => {
        used = kid === undefined ? undefined : keys.get(kid)
        if (!used || used.algorithm !== alg || (typ !== undefined && typ !== 'JWT'))
          throw new errors.JWSInvalid('no such key, or not for this')
        return used.key
      },
      {
        algorithms: ['HS256', 'EdDSA'],
        currentDate: new Date(nowMs),
        clockTolerance: TICKET_SKEW_MS / 1000,
      },
    )
    payload = verified.payload
  } catch (error) {
    return { ok: false, code: refusalOf(error) }
  }
  return used ? readClaims(payload, used, of) : { ok: false, code: 'ticket_invalid' }
}

/** Headers of tokens that one of the keys signs: nearly all tickets of a merchant have the same. */
const headers = new WeakMap<TicketKeys, Map<string, TicketKey>>()
const HEADERS_MAX = 100
/** Other members change what a token means. */
const HEADER_MEMBERS = ['alg', 'kid', 'typ']

function keyOf(keys: TicketKeys, header: string): TicketKey | undefined {
  let known = headers.get(keys)
  if (!known) {
    known = new Map()
    headers.set(keys, known)
  }
  const found = known.get(header)
  if (found) return found
  const read = readPart(header)
  if (typeof read !== 'object' || read === null) return undefined
  if (Object.keys(read).some((name) => !HEADER_MEMBERS.includes(name))) return undefined
  const { alg, kid, typ } = read as Record<string, unknown>
  const key = typeof kid === 'string' ? keys.get(kid) : undefined
  const good = key?.algorithm === 'HS256' && alg === 'HS256' && (typ === undefined || typ === 'JWT')
  if (!key || !good) return undefined
  if (known.size < HEADERS_MAX) known.set(header, key)
  return key
}

/** What a plain ticket says, or undefined where jose has to look at it. */
function openPlain(
  keys: TicketKeys,
  text: string,
  nowMs: number,
): { payload: JWTPayload; key: TicketKey } | undefined {
  const token = splitToken(text)
  const key = token && keyOf(keys, token.header)
  if (!token || !key) return undefined
  const payload = openHs256(token, key.key, Math.floor(nowMs / 1000) - TICKET_SKEW_MS / 1000)
  return payload && { payload, key }
}

/** What a payload that the key signed claims, or why it is not good. */
function readClaims(
  payload: JWTPayload,
  used: TicketKey,
  { nowMs, room }: VerifyTicket,
): Verified<Claims> {
  const parsed = Payload.safeParse(payload)
  if (!parsed.success) return { ok: false, code: 'ticket_invalid' }
  const { sub, aud, brand, role, name, jti, iat, exp, optOut, ids, birthday } = parsed.data
  const speaksFor = used.brand ?? brand
  const good =
    (brand === undefined || brand === speaksFor) &&
    (room === undefined || aud === room) &&
    iat * 1000 <= nowMs + TICKET_SKEW_MS &&
    exp > iat &&
    (exp - iat) * 1000 <= TICKET_LIFE_MS_MAX
  if (!good || speaksFor === undefined) return { ok: false, code: 'ticket_invalid' }
  return {
    ok: true,
    claims: {
      viewer: sub,
      room: aud,
      brand: speaksFor,
      role,
      name: cleanName(name),
      jti,
      optOut: optOut ?? false,
      ...(ids && { ids }),
      ...(birthday !== undefined && { birthday }),
    },
  }
}

/** Refusals for what a token can do wrong; anything else is a fault in us and is thrown on. */
export function refusalOf(error: unknown): TicketRefusal {
  if (error instanceof errors.JWTExpired) return 'ticket_expired'
  if (error instanceof errors.JOSEError || error instanceof TypeError) return 'ticket_invalid'
  throw error
}

export interface NewTicket extends Omit<Claims, 'jti' | 'optOut'> {
  jti?: string
  optOut?: boolean
  nowMs: number
  /** At most, and by default, five minutes. */
  lifeMs?: number
}

/** A ticket signed with the brand's first secret or with our own key, or undefined where neither can sign. */
export async function issueTicket(
  keys: TicketKeys,
  { viewer, room, brand, role, name, jti, optOut, ids, birthday, nowMs, lifeMs }: NewTicket,
): Promise<string | undefined> {
  const secrets = [...keys.values()].filter((k) => k.algorithm === 'HS256')
  const key = secrets.find((k) => k.brand === brand) ?? secrets.find((k) => k.brand === undefined)
  if (!key) return undefined
  const iat = Math.floor(nowMs / 1000)
  const life = Math.min(lifeMs ?? TICKET_LIFE_MS_MAX, TICKET_LIFE_MS_MAX)
  return new SignJWT({
    brand,
    role,
    name,
    ...(optOut ? { optOut } : {}),
    ...(ids && { ids }),
    ...(birthday !== undefined && { birthday }),
  })
    .setProtectedHeader({ alg: key.algorithm, kid: key.kid, typ: 'JWT' })
    .setSubject(viewer)
    .setAudience(room)
    .setJti(jti ?? randomId())
    .setIssuedAt(iat)
    .setExpirationTime(iat + Math.floor(life / 1000))
    .sign(key.key)
}
