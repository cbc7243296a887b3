import { beforeEach, describe, expect, test } from 'vitest'
import { issueResume } from '../identity/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { type Bench, createBench, NOW } from './bench.testing.ts'

let store: Store
let bench: Bench
useRedis(async (server) => {
  store = await server.connect()
})
beforeEach(async () => {
  bench = await createBench(store)
})

const event = (more: Record<string, unknown> = {}) => ({
  action: 'purchase',
  viewer: 'alice',
  amountFen: 12_345,
  ...more,
})
const points = (body: Record<string, unknown>) =>
  (body as { account: { balance: { spendable: number } } }).account.balance.spendable

describe('answers and input', () => {
  test('[A1] unknown paths and methods are refused as JSON', async () => {
    for (const [path, method] of [
      ['/nothing', 'GET'],
      ['/v1/', 'GET'],
      ['/v1/config', 'DELETE'],
      ['/v1/config/../x', 'POST'],
    ] as const) {
      const { status, body, headers } = await bench.ask(path, { method })
      expect({ status, body }).toEqual({
        status: 404,
        body: { ok: false, code: 'not_found', retry: 'never', field: 'path' },
      })
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cache-control')).toBe('no-store')
    }
  })

  test('[A2] a fault is internal with a number and without its cause', async () => {
    bench = await createBench(store, {
      conservation: async () => {
        throw new Error('secret cause')
      },
    })
    const { status, body, text } = await bench.ask('/v1/conservation')
    expect(status).toBe(500)
    expect(body).toMatchObject({ ok: false, code: 'internal', retry: 'later' })
    expect(body.errorId).toMatch(/^[\w-]{12}$/)
    expect(text).not.toContain('secret')
  })

  test.each([
    'CLUSTERDOWN The cluster is down',
    'Too many Cluster redirections. Last error: Error: Connection is closed.',
    "READONLY You can't write against a read only replica.",
  ])('[R19] Redis is away (%s): busy, which may be repeated', async (message) => {
    bench = await createBench(store, {
      conservation: async () => {
        throw new Error(message)
      },
    })
    const { status, body } = await bench.ask('/v1/conservation')
    expect(status).toBe(503)
    expect(body).toMatchObject({ ok: false, code: 'busy', retry: 'later', afterMs: 1000 })
  })

  test.each([
    ['missing', { id: 'r1' }, 'name'],
    ['of a wrong type', { id: 'r1', name: 7 }, 'name'],
    ['unknown', { id: 'r1', name: 'R', colour: 'red' }, 'colour'],
    ['an injected hash tag', { id: 'r}{1', name: 'R' }, 'id'],
    ['no time zone', { id: 'r1', name: 'R', timeZone: 'Mars/Base' }, 'timeZone'],
    ['no profile of the book', { id: 'r1', name: 'R', profile: 'nothing' }, 'profile'],
  ])('[A3 C31] a field that is %s is named', async (_, body, field) => {
    expect(await bench.ask('/v1/rooms', { body })).toMatchObject({
      status: 400,
      body: { ok: false, code: 'bad_request', field },
    })
    expect(await store.exists('ff:{cfg}:rooms')).toBe(0)
  })

  test.each([0, -1, 1.5, '1', null, 2 ** 53, 1e30])(
    '[A3 C32] an amount of %s is refused',
    async (amountFen) => {
      expect(
        await bench.ask('/v1/events', { body: event({ amountFen }), key: 'event-001' }),
      ).toMatchObject({ status: 400, body: { code: 'bad_request', field: 'amountFen' } })
    },
  )

  test('[A3] doubled and unknown query parameters are refused', async () => {
    expect((await bench.ask('/v1/rooms?after=a&after=b')).body).toMatchObject({
      code: 'bad_request',
      field: 'after',
    })
    expect((await bench.ask('/v1/rooms?colour=red')).body).toMatchObject({ field: 'colour' })
    expect((await bench.ask('/v1/config?x=1')).body).toMatchObject({
      code: 'bad_request',
      field: 'x',
    })
  })

  test.each([
    ['/v1/revocations', { viewer: 5 }, 'viewer'],
    ['/v1/revocations', { viewer: 'v', jti: 'j' }, 'jti'],
    ['/v1/revocations', {}, 'viewer'],
    ['/v1/revocations', [], 'body'],
    ['/v1/rooms', 'a room', 'body'],
    ['/v1/rooms', undefined, 'body'],
    ['/v1/rooms/r1/start', { now: true }, 'body'],
  ])(
    '[A3] what does not fit %s is named, whichever form it comes near: %j',
    async (path, body, field) => {
      expect(await bench.ask(path, { method: 'POST', body })).toMatchObject({
        status: 400,
        body: { ok: false, code: 'bad_request', field },
      })
    },
  )

  test('[A4 C39 C40] bodies with tricks are refused, and nothing is polluted', async () => {
    const nested = (n: number) => `${'['.repeat(n)}${']'.repeat(n)}`
    for (const raw of [
      '{',
      'nonsense',
      '{"id":"r1","name":"R","__proto__":{"polluted":true}}',
      '{"id":"r1","name":"R","x":{"constructor":{"prototype":{"polluted":true}}}}',
      '{"id":"r1","name":"R","\\u005f_proto__":1}',
      '{"id":"r1","id":"r2","name":"R"}',
      `{"id":"r1","name":${nested(5000)}}`,
      nested(30_000),
      `{"id":"r1","name":"${'x'.repeat(64 * 1024)}"}`,
    ])
      expect(await bench.ask('/v1/rooms', { raw })).toMatchObject({
        status: 400,
        body: { code: 'bad_request', field: 'body' },
      })
    const latin1 = Buffer.from('{"id":"r1","name":"\xe9"}', 'latin1')
    expect(await bench.ask('/v1/rooms', { raw: latin1 })).toMatchObject({ status: 400 })
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  test('[A4] an endless body is not read to its end', async () => {
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        sent += 1
        controller.enqueue(new Uint8Array(16 * 1024))
      },
    })
    const request = new Request('http://localhost/v1/rooms', {
      method: 'POST',
      body,
      duplex: 'half',
    } as RequestInit)
    expect((await bench.api.fetch(request, '')).status).toBe(400)
    expect(sent).toBeLessThan(12)
  })

  test('[A5] a form is no JSON', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', ''])
      expect(
        await bench.ask('/v1/demo/ticket', { body: {}, headers: { 'content-type': type } }),
      ).toMatchObject({ status: 400, body: { field: 'content-type' } })
  })
})

describe('callers', () => {
  test('[A6 C27] a merchant route needs a good signature', async () => {
    await bench.openRoom()
    const path = '/v1/rooms/r1'
    const sign = (method: string, of = path) => bench.sign('s1', { method, path: of, body: '' })
    const headers = (signature: string) => ({
      kid: 'none',
      headers: { 'x-fanfare-signature': signature },
    })
    expect(await bench.ask(path, { kid: 's2' })).toMatchObject({ status: 200 })
    for (const bad of [
      await bench.ask(path, { kid: 'none' }),
      await bench.ask(path, headers(sign('POST'))),
      await bench.ask(path, headers(sign('GET', '/v1/rooms'))),
      await bench.ask(path, headers(`${sign('GET')}, ${sign('GET')}`)),
      await bench.ask(`${path}?`, headers(sign('GET', `${path}?x=1`))),
    ])
      expect(bad).toMatchObject({ status: 401, body: { code: 'signature_invalid' } })
    const early = sign('GET')
    bench.passMs(6 * 60_000)
    expect(await bench.ask(path, headers(early))).toMatchObject({
      status: 401,
      body: { code: 'signature_stale', retry: 'refresh' },
    })
  })

  test('[A6] two signature headers in one request are refused', async () => {
    const signature = bench.sign('s1', { method: 'GET', path: '/v1/rooms', body: '' })
    const headers = new Headers()
    headers.append('x-fanfare-signature', signature)
    headers.append('x-fanfare-signature', signature)
    const request = new Request('http://localhost/v1/rooms', { headers })
    expect((await bench.api.fetch(request, '')).status).toBe(401)
  })

  test("[A6 C24] another brand's room and viewers do not exist", async () => {
    await bench.openRoom('theirs', 's9')
    await bench.ask('/v1/events', { body: event(), key: 'event-001', kid: 's9' })
    const gone = { status: 404, body: { code: 'room_not_found' } }
    expect(await bench.ask('/v1/rooms/theirs')).toMatchObject(gone)
    expect(await bench.ask('/v1/rooms/theirs/end', { method: 'POST' })).toMatchObject(gone)
    expect(await bench.ask('/v1/rooms')).toMatchObject({ body: { ok: true, rooms: [] } })
    const body = { viewer: 'v', room: 'theirs', name: 'V' }
    expect(await bench.ask('/v1/tickets', { body })).toMatchObject(gone)
    expect(
      await bench.ask('/v1/events', { body: event({ room: 'theirs' }), key: 'event-002' }),
    ).toMatchObject(gone)
    expect(await bench.ask('/v1/accounts/alice')).toMatchObject({ status: 404 })
    expect(await bench.ask('/v1/rooms', { body: { id: 'theirs', name: 'Mine' } })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    })
  })

  test('[A7] only the platform publishes rules and reads totals', async () => {
    const forbidden = { status: 403, body: { code: 'forbidden' } }
    expect(await bench.ask('/v1/conservation', { kid: 's9' })).toMatchObject(forbidden)
    expect(
      await bench.ask('/v1/rulebook', { kid: 's9', body: { book: {} }, key: 'publish-1' }),
    ).toMatchObject(forbidden)
    expect(await bench.ask('/v1/conservation')).toMatchObject({
      status: 200,
      body: { holds: true },
    })
  })

  test('[A8 C23 C24] a host manages stage keys of the own room and nothing else', async () => {
    await bench.openRoom('r1')
    await bench.openRoom('r2')
    const as = async (ticket: string | undefined, body: unknown) =>
      bench.ask('/v1/stage-keys', {
        kid: 'none',
        body,
        headers: { authorization: `Bearer ${ticket}` },
      })
    const host = await bench.ticket()
    expect(await as(host, { room: 'r1' })).toMatchObject({
      status: 200,
      body: { key: expect.stringContaining('r1.') },
    })
    expect(await as(host, { room: 'r2' })).toMatchObject({ status: 403 })
    expect(await as(await bench.ticket({ role: 'viewer' }), { room: 'r1' })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    })
    expect(await as(await bench.ticket({ brand: 'other' }), { room: 'r1' })).toMatchObject({
      status: 404,
    })
    expect(await as('x.y.z', { room: 'r1' })).toMatchObject({ status: 401 })
    const claims = {
      viewer: 'h',
      room: 'r1',
      brand: 'acme',
      role: 'host',
      name: '',
      jti: 'j',
      optOut: false,
    } as const
    const { token } = await issueResume(bench.gate.sessions, claims, NOW)
    expect(await as(token, { room: 'r1' })).toMatchObject({ status: 200 })
    bench.revoked.add('j')
    expect(await as(token, { room: 'r1' })).toMatchObject({
      status: 403,
      body: { code: 'ticket_revoked' },
    })
    for (const path of ['/v1/rooms/r1/end', '/v1/tickets', '/v1/revocations', '/v1/events'])
      expect(
        await bench.ask(path, {
          kid: 'none',
          method: 'POST',
          headers: { authorization: `Bearer ${host}` },
        }),
      ).toMatchObject({ status: 401, body: { code: 'signature_invalid' } })
  })

  test('[A9] without a demo its routes do not exist', async () => {
    delete bench.deps.demo
    for (const path of ['/v1/demo/ticket', '/v1/demo/stage-key', '/v1/demo/crowd'])
      expect(await bench.ask(path, { body: {} })).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      })
    expect(await bench.ask('/v1/config')).toMatchObject({ body: { demo: false } })
  })

  test('[A9] strangers may post so often, per address, and cannot pretend to be others', async () => {
    const post = (peer: string, headers = {}) =>
      bench.ask('/v1/stage/ticket', { kid: 'none', body: { key: 'x' }, peer, headers })
    for (let i = 0; i < 60; i++) expect((await post('198.51.100.1')).status).toBe(401)
    expect(await post('198.51.100.1', { 'x-forwarded-for': '192.0.2.9' })).toMatchObject({
      status: 429,
      body: { code: 'rate_limited', afterMs: 60_000 },
    })
    expect((await post('198.51.100.2')).status).toBe(401)
    bench.passMs(60_001)
    expect((await post('198.51.100.1')).status).toBe(401)
  })
})

describe('once', () => {
  test('[A10 C27] a repeat gets the first answer byte for byte and credits nothing', async () => {
    const first = await bench.ask('/v1/events', { body: event(), key: 'event-001' })
    expect(first).toMatchObject({ status: 200, body: { ok: true } })
    bench.passMs(1000)
    const again = await bench.ask('/v1/events', { body: event(), key: 'event-001' })
    expect(again.text).toBe(first.text)
    const { body } = await bench.ask('/v1/accounts/alice')
    expect(points(body)).toBe(points(first.body))
    const other = await bench.ask('/v1/events', { body: event(), key: 'event-001', kid: 's9' })
    expect(other.body).toMatchObject({ ok: true })
  })

  test('[A10] without a key, or with a bad one, nothing happens', async () => {
    for (const key of [undefined, '', 'short', 'x'.repeat(49), 'a b c d e', '}{'.repeat(5)])
      expect(
        await bench.ask('/v1/events', { body: event(), ...(key === undefined ? {} : { key }) }),
      ).toMatchObject({ status: 400, body: { field: 'idempotency-key' } })
    expect(await bench.ask('/v1/accounts/alice')).toMatchObject({ status: 404 })
  })

  test('[A11 C29] the same key with another body is a conflict', async () => {
    await bench.ask('/v1/events', { body: event(), key: 'event-001' })
    for (const body of [event({ amountFen: 1 }), event({ viewer: 'bob' })])
      expect(await bench.ask('/v1/events', { body, key: 'event-001' })).toMatchObject({
        status: 409,
        body: { code: 'id_conflict' },
      })
    expect(await bench.ask('/v1/accounts/bob')).toMatchObject({ status: 404 })
  })

  test('[A12 C28] of fifty at once one is credited', async () => {
    const all = await Promise.all(
      Array.from({ length: 50 }, () =>
        bench.ask('/v1/events', { body: event(), key: 'event-001' }),
      ),
    )
    const good = all.filter(({ status }) => status === 200)
    expect(new Set(good.map(({ text }) => text)).size).toBe(1)
    for (const { status, body } of all)
      if (status !== 200)
        expect({ status, body }).toMatchObject({ status: 503, body: { code: 'busy' } })
    const { body } = await bench.ask('/v1/accounts/alice')
    expect(points(body)).toBe(points(good[0]?.body ?? {}))
  })

  test('[A12] what passes by itself is not kept', async () => {
    const { scoreEvent } = bench.deps.accounts
    bench.deps.accounts.scoreEvent = async () => ({ ok: false, code: 'busy', retry: 'later' })
    expect(await bench.ask('/v1/events', { body: event(), key: 'event-001' })).toMatchObject({
      status: 503,
    })
    bench.deps.accounts.scoreEvent = async () => Promise.reject(new Error('gone'))
    expect(await bench.ask('/v1/events', { body: event(), key: 'event-001' })).toMatchObject({
      status: 500,
    })
    bench.deps.accounts.scoreEvent = scoreEvent
    expect(await bench.ask('/v1/events', { body: event(), key: 'event-001' })).toMatchObject({
      status: 200,
    })
  })

  test('[A12] after a crash a repeat waits for the lease, then runs', async () => {
    const { scoreEvent } = bench.deps.accounts
    let reached: () => void = () => undefined
    const running = new Promise<void>((resolve) => {
      reached = resolve
    })
    bench.deps.accounts.scoreEvent = () => {
      reached()
      return new Promise(() => undefined)
    }
    const ask = () => bench.ask('/v1/events', { body: event(), key: 'event-001' })
    ask()
    await running
    bench.deps.accounts.scoreEvent = scoreEvent
    expect(await ask()).toMatchObject({ status: 503, body: { code: 'busy', afterMs: 1000 } })
    const [key = ''] = await store.keys('*:once')
    expect(Number(await store.hget(key, 'lease'))).toBeGreaterThan(0)
    expect(await store.pttl(key)).toBeGreaterThan(23 * 3_600_000)
    await store.hset(key, 'lease', '1')
    expect(await ask()).toMatchObject({ status: 200, body: { ok: true } })
  })

  test('[A13] a refused input does not use up the key', async () => {
    await bench.ask('/v1/events', { body: event({ amountFen: 0 }), key: 'event-001' })
    await bench.ask('/v1/events', { body: event(), key: 'event-001', kid: 'none' })
    expect(await bench.ask('/v1/events', { body: event(), key: 'event-001' })).toMatchObject({
      status: 200,
    })
  })
})
