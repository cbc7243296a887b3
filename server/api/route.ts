/** What a route is: declared once; dispatch and OpenAPI both read the declaration. */

import type { z } from 'zod'
import { type ErrorCode, type Refusal, refuse } from '../../shared/errors.ts'
import type { ResumeClaims, Signed } from '../identity/index.ts'
import { fieldOf } from '../kernel/index.ts'
import type { ApiDeps } from './deps.ts'

/**
 * Who may call: `open` anybody, `demo` anybody where the demo is on, `signed` a merchant's server for its own
 * brand, `operator` such a server or the bearer of an operator's ticket of the brand, `platform` the same of the
 * platform's own brand, `host` a signed server or the bearer of a host's ticket, `clerk` the bearer of a clerk's key
 * at a pick-up point.
 */
export type Access = 'open' | 'demo' | 'signed' | 'operator' | 'platform' | 'host' | 'clerk'

export interface Caller {
  /** Empty for strangers. */
  brand: string
  /** Key id, or the id that a host's or operator's ticket names, for records of who did it. */
  by: string
  /** The only room a host may act on. */
  room?: string
  /** The only pick-up point of a clerk. */
  point?: string
  /** Where it is a server. */
  signed?: Signed
  /** Where it is a person at a console, not a server. */
  operator?: ResumeClaims
}

/** What of the request is not in its schemas. */
export interface Facts {
  caller: Caller
  nowMs: number
  /** As the client named it: scheme, host and port. */
  origin: URL
  /** On this machine, and nobody forwarded it. */
  local: boolean
  /** Of idempotent routes. */
  idempotencyKey: string
}

export interface Call<P, Q, B> extends Facts {
  params: P
  query: Q
  body: B
}

export interface RouteSpec<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends z.ZodType,
> {
  method: 'GET' | 'POST' | 'DELETE'
  /** Parameters in braces: `/v1/rooms/{room}`. */
  path: string
  what: string
  access: Access
  /** Needs `Idempotency-Key`; a repeat within 24 h gets the first answer. */
  once?: true
  /** Pages of other origins may read the answer. */
  anyOrigin?: true
  params?: P
  query?: Q
  body?: B
  reply: R
  refusals: readonly ErrorCode[]
  run(
    call: Call<z.output<P>, z.output<Q>, z.output<B>>,
    deps: ApiDeps,
  ): Promise<z.input<R> | Refusal>
}

/** The parts of a request that schemas read. */
export interface RawCall {
  params: Record<string, string>
  query: Record<string, string>
  body: unknown
}

export interface Route {
  spec: Omit<RouteSpec<z.ZodType, z.ZodType, z.ZodType, z.ZodType>, 'run'>
  /** The call with every part read by its schema, ready to run, or the refusal of the first part that does not fit. */
  prepare(raw: RawCall, facts: Facts, deps: ApiDeps): Refusal | { run: () => Promise<unknown> }
}

export function route<
  P extends z.ZodType = z.ZodType<Record<string, never>>,
  Q extends z.ZodType = z.ZodType<Record<string, never>>,
  B extends z.ZodType = z.ZodType<undefined>,
  R extends z.ZodType = z.ZodType,
>(spec: RouteSpec<P, Q, B, R>): Route {
  return {
    spec,
    prepare(raw, facts, deps) {
      const params = read(spec.params, raw.params, 'path')
      if (!params.ok) return params
      const query = read(spec.query, raw.query, 'query')
      if (!query.ok) return query
      const body = read(spec.body, raw.body, 'body')
      if (!body.ok) return body
      return {
        run: () =>
          spec.run({ ...facts, params: params.value, query: query.value, body: body.value }, deps),
      }
    },
  }
}

function read<S extends z.ZodType>(
  schema: S | undefined,
  value: unknown,
  part: 'path' | 'query' | 'body',
): { ok: true; value: z.output<S> } | Refusal {
  // Undeclared parts are undefined for `run`, whose types do not let it touch them.
  if (!schema) {
    const field = part === 'body' ? part : (Object.keys(Object(value))[0] ?? part)
    return isEmpty(value)
      ? { ok: true, value: undefined as z.output<S> }
      : refuse('bad_request', { field })
  }
  const parsed = schema.safeParse(value)
  return parsed.success
    ? { ok: true, value: parsed.data }
    : refuse('bad_request', { field: fieldOf(parsed.error, part) })
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  (typeof value === 'object' && value !== null && Object.keys(value).length === 0)

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'ok' in value && value.ok === false
