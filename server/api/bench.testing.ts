/** A stand for tests: the API over a real Redis, rooms, rules and scoring; only the clock is ours. */

import { deepStrictEqual } from 'node:assert'
import { type ApiKeys, issueTicket, signRequest } from '../identity/index.ts'
import { must } from '../kernel/index.ts'
import { openTestClock, type Store } from '../redis/index.ts'
import { type Api, createApi } from './api.ts'
import { createDeps } from './deps.testing.ts'
import type { ApiDeps } from './deps.ts'
import { routes } from './routes/index.ts'

export const NOW = Date.UTC(2026, 9, 1, 12)

export interface Ask {
  method?: string
  body?: unknown
  /** Sent as it is, instead of `body`. */
  raw?: string | Uint8Array
  /** Key that signs; `none` leaves the signature out. */
  kid?: string
  headers?: Record<string, string>
  key?: string
  peer?: string
}

export interface Told {
  status: number
  body: Record<string, unknown>
  text: string
  headers: Headers
}

/** Every answer in tests is what OpenAPI says: nothing missing, nothing that is not described. */
function checkShape(
  method: string,
  path: string,
  { status, text }: { status: number; text: string },
) {
  if (status !== 200) return
  const [plain = ''] = path.split('?')
  for (const { spec } of routes) {
    const form = new RegExp(`^${spec.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
    if (spec.method !== method || !form.test(plain)) continue
    const body: unknown = JSON.parse(text)
    deepStrictEqual(spec.reply.parse(body), body)
  }
}

/** Calls the API as a merchant's server would. */
function asking(api: Api, keys: ApiKeys, now: () => number) {
  return async (path: string, wanted: Ask = {}): Promise<Told> => {
    const { body, raw, kid = 's1', headers = {}, key, peer = '203.0.113.5' } = wanted
    const method = wanted.method ?? (body === undefined && raw === undefined ? 'GET' : 'POST')
    const bytes = raw ?? (body === undefined ? '' : JSON.stringify(body))
    const signer = keys.get(kid)
    const request = new Request(`http://localhost:7070${path}`, {
      method,
      headers: {
        ...(bytes === '' ? {} : { 'content-type': 'application/json' }),
        ...(signer
          ? {
              'x-fanfare-signature': signRequest(signer, {
                method,
                path,
                body: bytes,
                nowMs: now(),
              }),
            }
          : {}),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...headers,
      },
      ...(bytes === '' ? {} : { body: typeof bytes === 'string' ? bytes : Buffer.from(bytes) }),
    })
    const response = await api.fetch(request, peer)
    const text = await response.text()
    checkShape(request.method, path, { status: response.status, text })
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    return {
      status: response.status,
      text,
      headers: response.headers,
      body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
    }
  }
}

export async function createBench(store: Store, more: Partial<ApiDeps> = {}) {
  openTestClock()
  await store.flushall()
  let nowMs = NOW
  const { deps, gate, revoked } = await createDeps(store, { now: () => nowMs, more })
  const keys = deps.apiKeys
  const api: Api = createApi(deps)

  const ask = asking(api, keys, () => nowMs)

  return {
    api,
    ask,
    deps,
    gate,
    revoked,
    sign: (kid: string, request: Omit<Parameters<typeof signRequest>[1], 'nowMs'>) =>
      signRequest(must(keys.get(kid), kid), { ...request, nowMs }),
    ticket: (claims: Partial<Parameters<typeof issueTicket>[1]> = {}) =>
      issueTicket(gate.tickets, {
        viewer: 'host-1',
        room: 'r1',
        brand: 'acme',
        role: 'host',
        name: 'Ann',
        nowMs,
        ...claims,
      }),
    /** A room of the brand with an open live. */
    async openRoom(id = 'r1', kid = 's1') {
      await ask('/v1/rooms', { body: { id, name: `Room ${id}` }, kid })
      return ask(`/v1/rooms/${id}/start`, { method: 'POST', kid })
    },
    passMs: (ms: number) => {
      nowMs += ms
    },
  }
}

export type Bench = Awaited<ReturnType<typeof createBench>>
