/**
 * HS256 by node:crypto, at once: a viewer who comes costs a check and a signature, and jose takes each of them through
 * WebCrypto and a thread. Only tokens of the plainest form are read here; for any other jose decides, and says
 * what is wrong with it.
 */

import { type KeyObject, timingSafeEqual } from 'node:crypto'
import { hmacSha256 } from './hmac.ts'

const BASE64URL = /^[A-Za-z0-9_-]+$/
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A header for `signHs256`, with `alg` first. */
export const headerHs256 = (header: object): string => encode({ alg: 'HS256', ...header })

/** The compact form. */
export function signHs256(header: string, payload: object, key: KeyObject): string {
  const text = `${header}.${encode(payload)}`
  return `${text}.${hmacSha256(key, text)}`
}

export interface Token {
  /** Still encoded: there are few, so whoever knows one need not read it again. */
  header: string
  payload: string
  signature: string
}

/** Undefined where it is not three parts. */
export function splitToken(token: string): Token | undefined {
  const [header, payload, signature, more] = token.split('.')
  return header && payload && signature && more === undefined
    ? { header, payload, signature }
    : undefined
}

export const readPart = (text: string): unknown => {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch {
    return undefined
  }
}

/** The payload, where the key signed it and it has not expired by `nowSec`; undefined where that is not plain to see. */
export function openHs256(
  { header, payload, signature }: Token,
  key: KeyObject,
  nowSec: number,
): Record<string, unknown> | undefined {
  const wanted = Buffer.from(hmacSha256(key, `${header}.${payload}`))
  const given = Buffer.from(signature)
  if (wanted.length !== given.length || !timingSafeEqual(wanted, given)) return undefined
  if (!BASE64URL.test(payload)) return undefined
  const body = readPart(payload)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined
  const claims = body as Record<string, unknown>
  // `nbf` is nothing we write or ask for.
  const plain = typeof claims.exp === 'number' && claims.exp > nowSec && claims.nbf === undefined
  return plain ? claims : undefined
}
