/** A merchant's server and a viewer's socket, for tests of the whole service. */

import { randomUUID } from 'node:crypto'
import { loadConfig } from './config.ts'
import { apiKeys, signRequest } from './identity/index.ts'
import { must } from './kernel/index.ts'
import type { TestSocket } from './service.testing.ts'

const key = () =>
  must(
    apiKeys(loadConfig({ REDIS_URL: 'redis://127.0.0.1', FANFARE_DEMO: '1' }).keys.api)
      .values()
      .next().value,
    'an API key of the demo',
  )

export interface Asking {
  method?: 'GET' | 'POST' | 'DELETE'
  body?: object
  /** Idempotency key; a fresh one where there is a body. */
  once?: string
  /** A token to call with instead of the merchant's signature. */
  bearer?: string
}

/** A call to the API; answers the body, whatever the status. */
export async function askApi<T = Record<string, unknown>>(
  apiUrl: string,
  path: string,
  { body, method = body ? 'POST' : 'GET', once = randomUUID(), bearer }: Asking = {},
): Promise<T> {
  const text = body ? JSON.stringify(body) : ''
  const signature = signRequest(key(), { method, path, body: text, nowMs: Date.now() })
  const response = await fetch(`${apiUrl}${path}`, {
    method,
    headers: {
      ...(bearer === undefined
        ? { 'x-fanfare-signature': signature }
        : { authorization: `Bearer ${bearer}` }),
      ...(body && { 'content-type': 'application/json', 'idempotency-key': once }),
    },
    ...(body && { body: text }),
  })
  return (await response.json()) as T
}

/** One command of a socket; resolves with its answer. */
export const askSocket = <T>(socket: TestSocket, name: string, input: object): Promise<T> =>
  new Promise((done) => {
    const emit = socket.emit.bind(socket) as (name: string, ...args: unknown[]) => void
    emit(name, input, done)
  })

/** Buys for so many yuan: with the presets that is as much growth. */
export const buyFor = (apiUrl: string, viewer: string, yuan: number): Promise<unknown> =>
  askApi(apiUrl, '/v1/events', { body: { action: 'purchase', viewer, amountFen: yuan * 100 } })
