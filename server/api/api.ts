/** The API as one function from request to answer. */

import { timingSafeEqual } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { ERRORS, type Refusal, refuse } from '../../shared/errors.ts'
import { IDEMPOTENCY_KEY_PATTERN } from '../../shared/ids.ts'
import { placeOf } from '../identity/index.ts'
import { canonicalJson, elapsedMs, parseJson, randomId, registry } from '../kernel/index.ts'
import { Fenced, whyAway } from '../redis/index.ts'
import { type Arrived, admitCaller } from './access.ts'
import { AddressLimit, isLocal } from './addresses.ts'
import { asyncapi } from './asyncapi.ts'
import { readBody } from './body.ts'
import type { ApiDeps, Site } from './deps.ts'
import { durations, requests } from './metrics.ts'
import { type Answer, once, toAnswer } from './once.ts'
import { openapi } from './openapi.ts'
import { contentPolicy, fileResponse } from './pages.ts'
import { isRefusal, type Route } from './route.ts'
import { gatewayUrl, routes } from './routes/index.ts'

type Env = { Bindings: { peer: string } }

export interface Api {
  /** `peer` is the address of the other end of the connection. Never rejects. */
  fetch(request: Request, peer: string): Promise<Response>
}

const IDEMPOTENCY_HEADER = 'idempotency-key'

const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}

const answerOf = (value: unknown): Answer =>
  toAnswer(isRefusal(value) ? ERRORS[value.code].http : 200, value)

/** Refusals that the same input meets again are worth keeping; what passes by itself, or is not there yet, is not. */
const lasts = ({ status }: Answer): boolean => status < 500 && status !== 429 && status !== 404

export function createApi(deps: ApiDeps): Api {
  const app = new Hono<Env>()
  const limit = new AddressLimit()

  for (const route of routes) {
    const { method, path } = route.spec
    app.on(method, path.replaceAll(/\{(\w+)\}/g, ':$1'), (c) =>
      measured(`${method} ${path}`, () => serve(deps, { route, c, limit })),
    )
  }
  servePages(app, deps)
  serveDocuments(app, deps)
  serveWatchers(app, deps)
  app.notFound(() => respond(answerOf(refuse('not_found', { field: 'path' }))))
  app.onError((error) => respond(fault(deps, error)))

  return {
    fetch: async (request, peer) => app.fetch(request, { peer }),
  }
}

const respond = ({ status, body }: Answer, more: Record<string, string> = {}): Response =>
  new Response(body, { status, headers: { ...HEADERS, ...more } })

/** When to ask a Redis again that lacks what the archive has. */
const FENCED_AFTER_MS = 5000

/** When to ask again where Redis is away. */
const AWAY_AFTER_MS = 1000

/** A fault in us: the caller gets a number, the log gets the cause. */
function fault(deps: Pick<ApiDeps, 'log'>, error: unknown): Answer {
  if (error instanceof Fenced) return answerOf(refuse('busy', { afterMs: FENCED_AFTER_MS }))
  const why = whyAway(error)
  if (why !== undefined) {
    deps.log.warn({ why }, 'Redis is away: a request was answered busy')
    return answerOf(refuse('busy', { afterMs: AWAY_AFTER_MS }))
  }
  const errorId = randomId(9)
  deps.log.error({ err: error, errorId }, 'a request failed')
  return answerOf(refuse('internal', { errorId, afterMs: 1000 }))
}

async function measured(name: string, run: () => Promise<Response>): Promise<Response> {
  const start = elapsedMs()
  const response = await run()
  durations.observe({ route: name }, elapsedMs() - start)
  requests.inc({ route: name, status: String(response.status) })
  return response
}

interface Serving {
  route: Route
  c: Context<Env>
  limit: AddressLimit
}

async function serve(deps: ApiDeps, { route, c, limit }: Serving): Promise<Response> {
  const { spec } = route
  const more = spec.anyOrigin ? { 'access-control-allow-origin': '*' } : undefined
  try {
    const answer = await answerTo(deps, { route, c, limit })
    return respond(answer, more)
  } catch (error) {
    return respond(fault(deps, error), more)
  }
}

async function answerTo(deps: ApiDeps, { route, c, limit }: Serving): Promise<Answer> {
  const { spec } = route
  const request = c.req.raw
  const nowMs = deps.clock.now()
  const refused = (refusal: Refusal) => answerOf(refusal)
  const strange = spec.access === 'open' || spec.access === 'demo'
  const local = isLocal(request, c.env.peer)
  if (strange && spec.method !== 'GET' && !local) {
    const forwarded = request.headers.get('x-forwarded-for') ?? undefined
    const place = placeOf(c.env.peer, forwarded, deps.site.trustedProxies)
    const afterMs = limit.take(place, nowMs)
    if (afterMs > 0) return refused(refuse('rate_limited', { afterMs }))
  }
  const body = await readBody(request)
  if (!body) return refused(refuse('bad_request', { field: 'body' }))
  const url = new URL(request.url)
  const arrived: Arrived = { request, url, body, nowMs }
  const admitted = await admitCaller(deps, spec.access, arrived)
  if (!admitted.ok) return refused(admitted)
  const read = readInput(c, arrived)
  if (!read.ok) return refused(read)
  const idempotencyKey = spec.once ? (request.headers.get(IDEMPOTENCY_HEADER) ?? '') : ''
  if (spec.once && !IDEMPOTENCY_KEY_PATTERN.test(idempotencyKey))
    return refused(refuse('bad_request', { field: IDEMPOTENCY_HEADER }))
  const { caller } = admitted
  const facts = { caller, nowMs, origin: url, local, idempotencyKey }
  const ready = route.prepare(read, facts, deps)
  if (isRefusal(ready)) return refused(ready)
  const run = async () => answerOf(await ready.run())
  if (!spec.once) return run()
  return once(
    deps.gate.store,
    {
      brand: caller.brand,
      key: idempotencyKey,
      input: [
        request.method,
        url.pathname + url.search,
        body.length === 0 ? '' : canonicalJson(read.body),
      ],
      keep: lasts,
    },
    run,
  )
}

interface Input {
  ok: true
  params: Record<string, string>
  query: Record<string, string>
  body: unknown
}

function readInput(c: Context<Env>, { request, url, body }: Arrived): Input | Refusal {
  const query: Record<string, string> = Object.create(null)
  for (const [name, value] of url.searchParams) {
    if (name in query) return refuse('bad_request', { field: name })
    query[name] = value
  }
  const input = { ok: true as const, params: c.req.param(), query }
  if (body.length === 0) return { ...input, body: undefined }
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type))
    return refuse('bad_request', { field: 'content-type' })
  const json = parseJson(body)
  return json ? { ...input, body: json.value } : refuse('bad_request', { field: 'body' })
}

function servePages(app: Hono<Env>, deps: ApiDeps): void {
  for (const [path, file] of deps.pages) {
    app.get(path, (c) => {
      const framedBy = path === '/overlay' ? deps.site.allowedOrigins : []
      const gateway = gatewayUrl(deps, new URL(c.req.url))
      return fileResponse(c.req.raw, file, contentPolicy({ gateway, framedBy }))
    })
  }
}

/** For machines that watch the service, and for people who read how to talk to it. */
function serveDocuments(app: Hono<Env>, deps: ApiDeps): void {
  const document = (body: string) =>
    respond({ status: 200, body }, { 'access-control-allow-origin': '*' })
  let routesText: string | undefined
  app.get('/openapi.json', () => {
    routesText ??= openapi()
    return document(routesText)
  })
  app.get('/asyncapi.json', (c) => document(asyncapi(gatewayUrl(deps, new URL(c.req.url)))))
}

/** What a process without the API still answers, so that every role can be watched the same way. */
export type WatchDeps = Pick<ApiDeps, 'ready' | 'log'> & { site: Pick<Site, 'metricsToken'> }

export function createWatch(deps: WatchDeps): Api {
  const app = new Hono<Env>()
  serveWatchers(app, deps)
  app.notFound(() => respond(answerOf(refuse('not_found', { field: 'path' }))))
  app.onError((error) => respond(fault(deps, error)))
  return { fetch: async (request, peer) => app.fetch(request, { peer }) }
}

function serveWatchers(app: Hono<Env>, deps: WatchDeps): void {
  app.get('/healthz', () => respond(toAnswer(200, { ok: true })))
  app.get('/readyz', async () => {
    const checks = await deps.ready()
    const ok = checks.every((check) => check.ok)
    return respond(toAnswer(ok ? 200 : 503, { ok, checks }))
  })
  app.get('/metrics', async (c) => {
    if (!mayWatch(deps, c)) return respond(answerOf(refuse('forbidden')))
    const body = await registry.metrics()
    return respond({ status: 200, body }, { 'content-type': registry.contentType })
  })
}

function mayWatch({ site }: WatchDeps, c: Context<Env>): boolean {
  if (isLocal(c.req.raw, c.env.peer)) return true
  const wanted = Buffer.from(`Bearer ${site.metricsToken?.reveal() ?? ''}`)
  const given = Buffer.from(c.req.header('authorization') ?? '')
  return (
    site.metricsToken !== undefined &&
    wanted.length === given.length &&
    timingSafeEqual(wanted, given)
  )
}
