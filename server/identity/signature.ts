/** Signatures of calls between servers: both ways, with the body, the time and two keys during rotation. */

import {
  createHash,
  createHmac,
  createSecretKey,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto'
import { SIGNATURE_SKEW_MS, SIGNATURES_MAX } from './limits.ts'
import type { BrandKey } from './secrets.ts'

export const SIGNATURE_HEADER = 'x-fanfare-signature'

export interface ApiKey {
  kid: string
  brand: string
  key: KeyObject
}
/** By `kid`. */
export type ApiKeys = ReadonlyMap<string, ApiKey>

export const apiKeys = (configured: readonly BrandKey[]): ApiKeys =>
  new Map(
    configured.map(({ kid, brand, secret }) => [
      kid,
      { kid, brand, key: createSecretKey(Buffer.from(secret.reveal())) },
    ]),
  )

export interface SignedRequest {
  /** In capitals. */
  method: string
  /** As it stands in the request line, with its query. */
  path: string
  body: Uint8Array | string
  nowMs: number
}

const digest = (key: KeyObject, { method, path, body }: SignedRequest, t: number): Buffer =>
  createHmac('sha256', key)
    .update(`${t}.${method}.${path}.${createHash('sha256').update(body).digest('hex')}`)
    .digest()

/** Value of `X-Fanfare-Signature` for a request. */
export function signRequest(
  { kid, key }: Pick<ApiKey, 'kid' | 'key'>,
  request: SignedRequest,
): string {
  const t = Math.floor(request.nowMs / 1000)
  return `t=${t},kid=${kid},v1=${digest(key, request, t).toString('hex')}`
}

const FORM = new RegExp(
  `^t=(\\d{1,12}),kid=([A-Za-z0-9_-]{1,64})((?:,v1=[0-9a-f]{64}){1,${SIGNATURES_MAX}})$`,
)

/** When a request was signed, and a name of that one request which tells nothing of its signature. */
export interface Signed {
  atMs: number
  id: string
}

export type SignatureCheck =
  | { ok: true; kid: string; brand: string; signed: Signed }
  | { ok: false; code: 'signature_invalid' | 'signature_stale' }

/**
 * Checks a signature and answers for which brand it speaks. Two headers reach us joined by a comma and a
 * space, which the form does not allow, so they are refused like any other malformed one.
 */
export function verifySignature(
  keys: ApiKeys,
  header: string | null | undefined,
  request: SignedRequest,
): SignatureCheck {
  const [, time, kid = '', list = ''] = FORM.exec(header ?? '') ?? []
  const used = keys.get(kid)
  if (!used) return { ok: false, code: 'signature_invalid' }
  const t = Number(time)
  const expected = digest(used.key, request, t)
  const matches = list
    .split(',v1=')
    .slice(1)
    .map((hex) => timingSafeEqual(Buffer.from(hex, 'hex'), expected))
  if (!matches.includes(true)) return { ok: false, code: 'signature_invalid' }
  if (Math.abs(request.nowMs - t * 1000) > SIGNATURE_SKEW_MS)
    return { ok: false, code: 'signature_stale' }
  const id = createHash('sha256').update(expected).digest('base64url')
  return { ok: true, kid, brand: used.brand, signed: { atMs: t * 1000, id } }
}
