/** Pick-up codes: short ones to read out and type, and signed ones in a QR code that a phone verifies without network. */

import {
  createECDH,
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
} from 'node:crypto'
import {
  CODE_ALPHABET,
  CODE_LENGTH,
  type PickupTicket,
  readTicket,
  ticketText,
} from '../../shared/pickup.ts'
import type { RedemptionRef } from './keys.ts'

const ALGORITHM = { name: 'sha256', dsaEncoding: 'ieee-p1363' } as const

export interface PublicKeyView {
  /** First characters of the key, to tell keys apart. */
  kid: string
  jwk: { kty: 'EC'; crv: 'P-256'; x: string; y: string }
}

/** Makes and verifies codes with keys that are derived from the service's secret. */
export class Codes {
  readonly #secrets: readonly Buffer[]
  readonly #pairs: readonly ReturnType<typeof keyPair>[]

  /** Secrets of 32 bytes: the first one signs, all verify. */
  constructor(secrets: readonly Buffer[]) {
    this.#secrets = secrets
    this.#pairs = secrets.map(keyPair)
  }

  /**
   * Ten characters that nobody can guess, always the same for one redemption. `attempt` gives another one, should
   * the first stand for something else at its point.
   */
  short({ reward, account, id }: RedemptionRef, attempt: number): string {
    const digest = createHmac('sha256', this.#first(this.#secrets))
      .update(`pickup ${attempt} ${reward} ${account} ${id}`)
      .digest()
    return Array.from(digest.subarray(0, CODE_LENGTH), (byte) => CODE_ALPHABET[byte % 32]).join('')
  }

  /** What the QR code carries. */
  qr(ticket: PickupTicket): string {
    const text = ticketText(ticket)
    const { privateKey } = this.#first(this.#pairs)
    const signature = sign(ALGORITHM.name, Buffer.from(text), {
      key: privateKey,
      dsaEncoding: ALGORITHM.dsaEncoding,
    })
    return `${text}:${signature.toString('base64url')}`
  }

  /** What a QR code says, or undefined where it is not ours. */
  read(qr: string): PickupTicket | undefined {
    const found = readTicket(qr)
    if (!found) return undefined
    const good = this.#pairs.some(({ publicKey }) =>
      verify(
        ALGORITHM.name,
        Buffer.from(found.signed),
        { key: publicKey, dsaEncoding: ALGORITHM.dsaEncoding },
        Buffer.from(found.signature, 'base64url'),
      ),
    )
    return good ? found.ticket : undefined
  }

  /** For phones that verify by themselves. */
  publicKeys(): PublicKeyView[] {
    return this.#pairs.map(({ view }) => view)
  }

  #first<T>(list: readonly T[]): T {
    const [first] = list
    if (first === undefined) throw new Error('no secret to sign codes with')
    return first
  }
}

/** P-256, because every browser verifies it. Any 32 bytes of a good hash are a private key, but for 2 in 2^32. */
function keyPair(secret: Buffer) {
  for (let attempt = 0; ; attempt++) {
    const d = createHmac('sha256', secret).update(`pickup key ${attempt}`).digest()
    const curve = createECDH('prime256v1')
    try {
      curve.setPrivateKey(d)
    } catch {
      continue
    }
    // 0x04, x, y
    const point = curve.getPublicKey()
    const x = point.subarray(1, 33).toString('base64url')
    const y = point.subarray(33).toString('base64url')
    const jwk = { kty: 'EC', crv: 'P-256', x, y } as const
    return {
      privateKey: createPrivateKey({
        key: { ...jwk, d: d.toString('base64url') },
        format: 'jwk',
      }),
      publicKey: createPublicKey({ key: jwk, format: 'jwk' }),
      view: { kid: x.slice(0, 8), jwk } satisfies PublicKeyView,
    }
  }
}
