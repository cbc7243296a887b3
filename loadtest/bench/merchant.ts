/** The bench as a merchant's server: signs tickets and calls of the API with keys of its own. */

import { createHash, createHmac, randomBytes } from 'node:crypto'

const TICKET_LIFE_SEC = 300
const ANSWER_MS = 15_000
const BRAND = 'demo'
const ROOM = 'demo'

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const nowSec = (): number => Math.floor(Date.now() / 1000)

export class Merchant {
  readonly #ticketSecret = randomBytes(24).toString('hex')
  readonly #apiSecret = randomBytes(24).toString('hex')

  /** What the service must be started with. */
  get env(): Record<string, string> {
    return {
      FANFARE_TICKET_SECRETS: `bench:${BRAND}:${this.#ticketSecret}`,
      FANFARE_API_SECRETS: `bench:${BRAND}:${this.#apiSecret}`,
      FANFARE_SESSION_SECRET: this.#ticketSecret,
    }
  }

  /** A viewer's ticket for the demo's room, good for five minutes. */
  ticket(viewer: string): string {
    const iat = nowSec()
    const head = base64({ alg: 'HS256', kid: 'bench', typ: 'JWT' })
    const body = base64({
      brand: BRAND,
      role: 'viewer',
      name: viewer,
      sub: viewer,
      aud: ROOM,
      jti: `${viewer}-${iat}`,
      iat,
      exp: iat + TICKET_LIFE_SEC,
    })
    const signature = createHmac('sha256', this.#ticketSecret).update(`${head}.${body}`)
    return `${head}.${body}.${signature.digest('base64url')}`
  }

  /** Calls the API. Throws where it refuses. */
  async call<Reply>(url: string, request: { path: string; body?: object }): Promise<Reply> {
    const method = request.body ? 'POST' : 'GET'
    const body = request.body ? JSON.stringify(request.body) : ''
    const t = nowSec()
    const hash = createHash('sha256').update(body).digest('hex')
    const signature = createHmac('sha256', this.#apiSecret)
      .update(`${t}.${method}.${request.path}.${hash}`)
      .digest('hex')
    const response = await fetch(new URL(request.path, url), {
      method,
      signal: AbortSignal.timeout(ANSWER_MS),
      headers: {
        'content-type': 'application/json',
        'x-fanfare-signature': `t=${t},kid=bench,v1=${signature}`,
        ...(request.body && { 'idempotency-key': randomBytes(8).toString('hex') }),
      },
      ...(request.body && { body }),
    })
    const answer = (await response.json()) as { ok: boolean } & Reply
    if (!answer.ok) throw new Error(`${request.path} answers ${JSON.stringify(answer)}`)
    return answer
  }
}
