/** Client-session tokens: the signed name under which a client's commands are counted once. */

import { type KeyObject, timingSafeEqual } from 'node:crypto'
import { hmacSha256 } from './hmac.ts'
import { type SessionKeys, signing } from './secrets.ts'

export interface ClientSession {
  account: number
  /** Redis time of the account's shard at which the session began. */
  startMs: number
  /** 32 random bits, never 0. */
  nonce: number
}

const BODY = 16
/** HMAC-SHA256 cut to 128 bits. */
const MAC = 16
const mac = (key: KeyObject, body: Buffer): Buffer =>
  Buffer.from(hmacSha256(key, body), 'base64url').subarray(0, MAC)

/** 43 characters of base64url. */
export function signSession(keys: SessionKeys, { account, startMs, nonce }: ClientSession): string {
  const body = Buffer.alloc(BODY)
  body.writeUIntBE(account, 0, 6)
  body.writeUIntBE(startMs, 6, 6)
  body.writeUInt32BE(nonce, 12)
  return Buffer.concat([body, mac(signing(keys.session), body)]).toString('base64url')
}

/** The session that the text names, or undefined where it is not ours or another account's. */
export function readSession(
  keys: SessionKeys,
  text: string,
  account: number,
): ClientSession | undefined {
  if (text.length !== 43) return undefined
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length !== BODY + MAC) return undefined
  const body = bytes.subarray(0, BODY)
  const given = bytes.subarray(BODY)
  if (!keys.session.some((key) => timingSafeEqual(mac(key, body), given))) return undefined
  if (body.readUIntBE(0, 6) !== account) return undefined
  return { account, startMs: body.readUIntBE(6, 6), nonce: body.readUInt32BE(12) }
}
