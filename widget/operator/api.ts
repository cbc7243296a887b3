/** The HTTP API as the console calls it: every answer is a value, also where none came. */

import type { ErrorCode } from '../../shared/errors.ts'
import { randomId } from '../client/ids.ts'
import { REQUEST_MS } from './limits.ts'

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

/** A refusal of the service, or `unreached`: nobody knows whether it was done, so it is asked again under the same key. */
export interface Failure {
  ok: false
  code: ErrorCode | 'unreached'
  field?: string
  have?: number
  /** `notice_needed`: from when it may hold. */
  fromMs?: number
  errorId?: string
}
export type Answer<T> = ({ ok: true } & T) | Failure

export interface Api {
  get<T>(path: string): Promise<Answer<T>>
  /** `key` names what is done: a repeat under it is answered like the first time and does nothing. */
  post<T>(path: string, body: object, key?: string): Promise<Answer<T>>
  remove<T>(path: string): Promise<Answer<T>>
}

/** An idempotency key. */
export const newKey = (): string => randomId()

/** A path of the API with its parts escaped: `path('accounts', viewer, 'wallet')`. */
export const path = (...parts: string[]): string =>
  `/v1/${parts.map((part) => encodeURIComponent(part)).join('/')}`

export interface ApiOptions {
  fetch: Fetch
  /** The bearer; undefined before somebody signed in. */
  token: () => string | undefined
  /** The service does not know the bearer, or knows it no more. */
  onShutOut: (code: ErrorCode) => void
  /** Where the session is over and the page is kept: one promise, kept when its operator is back. */
  back: () => Promise<void> | undefined
}

const UNREACHED: Failure = { ok: false, code: 'unreached' }

export function createApi({ fetch, token, onShutOut, back }: ApiOptions): Api {
  async function ask<T>(url: string, init: RequestInit): Promise<Answer<T>> {
    const bearer = token()
    const response = await fetch(url, {
      ...init,
      cache: 'no-store',
      headers: { ...init.headers, ...(bearer && { authorization: `Bearer ${bearer}` }) },
      signal: AbortSignal.timeout(REQUEST_MS),
    }).catch(() => undefined)
    const found: unknown = await response?.json().catch(() => undefined)
    if (typeof found !== 'object' || found === null || !('ok' in found)) return UNREACHED
    const answer = found as Answer<T>
    if (!answer.ok && bearer && bearer === token() && answer.code.startsWith('ticket_'))
      onShutOut(answer.code as ErrorCode)
    return answer
  }
  /** What waits for its operator, by address: whoever asks meanwhile is told the same. */
  let waiting: { until: Promise<void>; reads: Map<string, Promise<Answer<unknown>>> } | undefined
  function readThen<T>(url: string, until: Promise<void>): Promise<Answer<T>> {
    if (waiting?.until !== until) waiting = { until, reads: new Map() }
    const { reads } = waiting
    const known = reads.get(url) ?? until.then(() => read(url))
    reads.set(url, known)
    return known as Promise<Answer<T>>
  }
  /** What is only read waits for its operator; what changes something is for them to press again. */
  async function read<T>(url: string): Promise<Answer<T>> {
    const away = back()
    if (away) return readThen(url, away)
    const answer = await ask<T>(url, {})
    const lapsed = answer.ok || !answer.code.startsWith('ticket_') ? undefined : back()
    return lapsed ? readThen(url, lapsed) : answer
  }
  const sent = (method: string, body?: object, key?: string): RequestInit => ({
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  return {
    get: read,
    post: (url, body, key) => ask(url, sent('POST', body, key)),
    remove: (url) => ask(url, sent('DELETE')),
  }
}
