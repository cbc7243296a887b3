/** One HTTP request to a webhook: bounded in time, size and where it may go. */

import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import { elapsedMs } from '../../kernel/index.ts'
import {
  ClosedAddress,
  checkTarget,
  guardedLookup,
  isPublicAddress,
  literalAddress,
} from '../../webhooks/index.ts'
import { ANSWER_BYTES_MAX, IDLE_SOCKETS_MAX, POST_TIMEOUT_MS } from './limits.ts'

export interface Posted {
  /** HTTP status; 0 where none came. */
  status: number
  /** Why none came, in one word. */
  why?: string
  tookMs: number
}

export interface Poster {
  /** Never rejects. What the receiver answers beside its status is not read. */
  post(url: string, headers: Record<string, string>, body: string): Promise<Posted>
  /** Ends what is under way; `post` then answers `stopped`. */
  stop(): void
}

/** Codes of the errors that receivers cause most, in words for their owners. */
const WHY: Readonly<Record<string, string>> = {
  ECLOSEDADDRESS: 'address_not_allowed',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ENOTFOUND: 'unknown_host',
  EAI_AGAIN: 'unknown_host',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
}

const isTls = (code: string): boolean => /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code)

function whyOf(error: unknown): string {
  const code = String((error as { code?: unknown } | null)?.code ?? '')
  if (WHY[code] !== undefined) return WHY[code]
  return isTls(code) ? 'tls' : 'failed'
}

/** A socket that was kept open may have been closed by the other end just now: that says nothing about the receiver. */
const wasStale = (request: http.ClientRequest, error: unknown): boolean =>
  request.reusedSocket && whyOf(error) === 'reset'

export interface PosterOptions {
  allowPrivate: boolean
  /** How long an answer may take, ms, where not the usual time. */
  timeoutMs?: number
  /** Resolves names in tests. */
  resolve?: LookupFunction
}

export function createPoster(options: PosterOptions): Poster {
  const { allowPrivate, timeoutMs = POST_TIMEOUT_MS } = options
  const stopped = new AbortController()
  const sockets = { keepAlive: true, maxFreeSockets: IDLE_SOCKETS_MAX, scheduling: 'lifo' } as const
  const agents = { 'http:': new http.Agent(sockets), 'https:': new https.Agent(sockets) }
  const lookup = allowPrivate ? options.resolve : guardedLookup(options.resolve)

  function send(url: URL, how: http.RequestOptions, body: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const { request: open } = url.protocol === 'https:' ? https : http
      const agent = url.protocol === 'https:' ? agents['https:'] : agents['http:']
      const request = open(url, { ...how, method: 'POST', agent, ...(lookup && { lookup }) })
      request.once('response', (response) => {
        resolve(response.statusCode ?? 0)
        drain(response)
      })
      // Stays: after the answer has come its socket may still fail.
      request.on('error', (error) => {
        if (wasStale(request, error)) send(url, how, body).then(resolve, reject)
        else reject(error)
      })
      request.end(body)
    })
  }

  return {
    async post(text, headers, body) {
      const start = elapsedMs()
      const tookMs = () => Math.round(elapsedMs() - start)
      // What was allowed when it was added may not be any more.
      const url = checkTarget(text, { allowPrivate })
      const address = url && literalAddress(url)
      if (!url || (address !== undefined && !allowPrivate && !isPublicAddress(address)))
        return { status: 0, why: whyOf(new ClosedAddress()), tookMs: tookMs() }
      const timeout = AbortSignal.timeout(timeoutMs)
      const signal = AbortSignal.any([timeout, stopped.signal])
      try {
        return { status: await send(url, { headers, signal }, body), tookMs: tookMs() }
      } catch (error) {
        const why = stopped.signal.aborted ? 'stopped' : timeout.aborted ? 'timeout' : whyOf(error)
        return { status: 0, why, tookMs: tookMs() }
      }
    },
    stop() {
      stopped.abort()
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}

/** The answer is thrown away, so that its socket can be used again; one that goes on and on is cut. */
function drain(response: http.IncomingMessage): void {
  let bytes = 0
  response.on('error', () => undefined)
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > ANSWER_BYTES_MAX) response.destroy()
  })
}
