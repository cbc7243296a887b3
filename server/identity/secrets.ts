/** Keys made from configured secrets: one per purpose, so that nothing signed for one can stand for another. */

import { createHash, createPublicKey, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { assert, must } from '../kernel/index.ts'

/** Configured text that does not get into a log by accident. */
export interface SecretText {
  reveal(): string
}

/** A key of a merchant: `kid` is what a signature names, `brand` the only brand it speaks for. */
export interface BrandKey {
  kid: string
  brand: string
  secret: SecretText
}

export interface TicketKey {
  kid: string
  /** Undefined for our own keys, whose tickets must name a brand. */
  brand: string | undefined
  algorithm: 'HS256' | 'EdDSA'
  key: KeyObject
}

/** By `kid`, in the order of configuration. */
export type TicketKeys = ReadonlyMap<string, TicketKey>

const PUBLIC = 'ed25519:'
/** A colon cannot be in a configured `kid`. */
const HOUSE = 'fanfare:'

/**
 * Keys of room tickets. A secret that begins with `ed25519:` is a public key (32 bytes, base64url): it
 * verifies what the merchant signs and can sign nothing itself. Throws where such a key is malformed.
 * `house` are our own, with which we sign for brands that sign themselves: tickets from stage keys.
 */
export function ticketKeys(
  configured: readonly BrandKey[],
  house: readonly KeyObject[] = [],
): TicketKeys {
  const own = house.map((key): [string, TicketKey] => {
    const kid = `${HOUSE}${createHash('sha256').update(key.export()).digest('hex').slice(0, 8)}`
    return [kid, { kid, brand: undefined, algorithm: 'HS256', key }]
  })
  return new Map([
    ...own,
    ...configured.map(({ kid, brand, secret }) => {
      const text = secret.reveal()
      const found: TicketKey = text.startsWith(PUBLIC)
        ? {
            kid,
            brand,
            algorithm: 'EdDSA',
            key: publicKey(kid, text.slice(PUBLIC.length)),
          }
        : { kid, brand, algorithm: 'HS256', key: createSecretKey(Buffer.from(text)) }
      return [kid, found] as const
    }),
  ])
}

function publicKey(kid: string, x: string): KeyObject {
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  } catch (cause) {
    throw new Error(`ticket key ${kid}: after ${PUBLIC} come 32 bytes in base64url`, { cause })
  }
}

/** Each list: the first one signs, all verify. */
export interface SessionKeys {
  resume: readonly KeyObject[]
  session: readonly KeyObject[]
  /** Our own tickets. */
  ticket: readonly KeyObject[]
  /** Wraps the pepper of identities. */
  wrap: readonly KeyObject[]
  /** Pick-up codes. */
  pickup: readonly KeyObject[]
}

/** Keys from the session secrets, newest first. */
export function sessionKeys(secrets: readonly SecretText[]): SessionKeys {
  assert(secrets.length > 0, 'a session secret is needed')
  const derive = (purpose: string) =>
    secrets.map((secret) =>
      createSecretKey(Buffer.from(hkdfSync('sha256', secret.reveal(), 'fanfare', purpose, 32))),
    )
  return {
    resume: derive('resume'),
    session: derive('session'),
    ticket: derive('ticket'),
    wrap: derive('wrap'),
    pickup: derive('pickup'),
  }
}

export const signing = (keys: readonly KeyObject[]): KeyObject => must(keys[0], 'a signing key')
