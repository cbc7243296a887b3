/**
 * HMAC-SHA256 of short texts, by two hashes at once: `createHmac` makes a stream for each, and a viewer who comes costs
 * four.
 */

import { hash, type KeyObject } from 'node:crypto'

const BLOCK_BYTES = 64
const DIGEST_BYTES = 32
const INNER = 0x36
const OUTER = 0x5c

/** A secret as the two hashes begin with it. */
interface Pads {
  inner: Buffer
  /** With room for the first digest. */
  outer: Buffer
}

const pads = new WeakMap<KeyObject | Buffer, Pads>()
/** Used again by each call, and larger where a text needs it. */
let memory = Buffer.alloc(4096)

function padsOf(key: KeyObject | Buffer): Pads {
  const known = pads.get(key)
  if (known) return known
  const secret = Buffer.isBuffer(key) ? key : key.export()
  const short = secret.length > BLOCK_BYTES ? hash('sha256', secret, 'buffer') : secret
  const made = { inner: Buffer.alloc(BLOCK_BYTES), outer: Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES) }
  for (let i = 0; i < BLOCK_BYTES; i++) {
    made.inner[i] = (short[i] ?? 0) ^ INNER
    made.outer[i] = (short[i] ?? 0) ^ OUTER
  }
  pads.set(key, made)
  return made
}

/** The digest in base64url, 43 characters. The bytes of a key must not change afterwards. */
export function hmacSha256(key: KeyObject | Buffer, text: string | Uint8Array): string {
  const { inner, outer } = padsOf(key)
  const most = BLOCK_BYTES + (typeof text === 'string' ? 3 * text.length : text.length)
  if (memory.length < most) memory = Buffer.alloc(most)
  memory.set(inner)
  let end = BLOCK_BYTES
  if (typeof text === 'string') end += memory.write(text, BLOCK_BYTES)
  else {
    memory.set(text, BLOCK_BYTES)
    end += text.length
  }
  // As text of single bytes: a Buffer for each digest costs more than the hash.
  outer.write(hash('sha256', memory.subarray(0, end), 'binary'), BLOCK_BYTES, 'binary')
  return hash('sha256', outer, 'base64url')
}
