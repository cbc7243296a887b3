import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { createBench } from './bench.testing.ts'
import { listen } from './listen.ts'
import type { StaticFile } from './pages.ts'

let store: Store
useRedis(async (server) => {
  store = await server.connect()
})

test('[A18 C51] metrics are for this machine or the bearer of the token, and name no one', async () => {
  const bench = await createBench(store)
  await bench.openRoom('room-of-nobody-else')
  await bench.ask('/v1/events', {
    body: { action: 'register', viewer: 'alice-of-nobody-else' },
    key: 'event-001',
  })
  await bench.ask('/v1/accounts/alice-of-nobody-else')
  const local = { kid: 'none', peer: '127.0.0.1' }
  const { status, text } = await bench.ask('/metrics', local)
  expect(status).toBe(200)
  expect(text).toContain(
    'fanfare_api_requests_total{route="GET /v1/accounts/{viewer}",status="200"}',
  )
  expect(text).not.toContain('nobody-else')
  expect(await bench.ask('/metrics', { kid: 'none' })).toMatchObject({ status: 403 })
  expect(
    await bench.ask('/metrics', { ...local, headers: { 'x-forwarded-for': '203.0.113.1' } }),
  ).toMatchObject({ status: 403 })
  bench.deps.site.metricsToken = { reveal: () => 'token-of-metrics' }
  const bearer = (token: string) =>
    bench.ask('/metrics', { kid: 'none', headers: { authorization: `Bearer ${token}` } })
  expect((await bearer('token-of-metrics')).status).toBe(200)
  for (const bad of ['', 'token-of-metric', 'token-of-metricsx'])
    expect((await bearer(bad)).status).toBe(403)
})

test('[A19] ready while all checks hold', async () => {
  const redis = { name: 'redis', ok: true }
  const skew = { name: 'skew', ok: false, detail: '140 ms' }
  let checks = [redis]
  const bench = await createBench(store, { ready: async () => checks })
  expect(await bench.ask('/readyz')).toMatchObject({ status: 200, body: { ok: true, checks } })
  checks = [redis, skew]
  expect(await bench.ask('/readyz')).toMatchObject({ status: 503, body: { ok: false, checks } })
  expect(await bench.ask('/healthz')).toMatchObject({ status: 200, body: { ok: true } })
})

test('[A16 C50] only the overlay may be framed by merchants', async () => {
  const page: StaticFile = {
    bytes: Buffer.from('<!doctype html>'),
    gzip: undefined,
    type: 'text/html',
    etag: 'e',
    kind: 'page',
  }
  const bench = await createBench(store, {
    pages: new Map([
      ['/overlay', page],
      ['/host', page],
    ]),
  })
  const policy = async (path: string) =>
    (await bench.ask(path)).headers.get('content-security-policy')
  expect(await policy('/overlay')).toContain("frame-ancestors 'self' https://shop.test")
  expect(await policy('/host')).toMatch(/frame-ancestors 'self'$/)
  expect(await policy('/overlay')).toContain(
    "connect-src 'self' http://localhost:7071 ws://localhost:7071",
  )
})

test('a page learns where its gateway is: by the public URL, or beside the port it came by', async () => {
  const bench = await createBench(store)
  expect((await bench.ask('/v1/config', { kid: 'none' })).body).toMatchObject({
    gatewayUrl: 'http://localhost:7071',
    protocol: 1,
    demo: true,
  })
  bench.deps.site.publicUrl = 'https://points.shop.test'
  const { body, headers } = await bench.ask('/v1/config', { kid: 'none' })
  expect(body.gatewayUrl).toBe('https://points.shop.test')
  expect(headers.get('access-control-allow-origin')).toBe('*')
})

test('a path that is none is told from a thing that is not there', async () => {
  const bench = await createBench(store)
  expect(await bench.ask('/v1/acounts/u-1/wallet')).toMatchObject({
    status: 404,
    body: { code: 'not_found', field: 'path' },
  })
})

test('[A20] the documents are served', async () => {
  const bench = await createBench(store)
  expect((await bench.ask('/openapi.json')).body).toMatchObject({ openapi: '3.1.0' })
  const servers = async () => (await bench.ask('/asyncapi.json')).body.servers
  expect(await servers()).toMatchObject({ gateway: { host: 'localhost:7071', protocol: 'ws' } })
  bench.deps.site.publicUrl = 'https://points.shop.test'
  expect(await servers()).toMatchObject({ gateway: { host: 'points.shop.test', protocol: 'wss' } })
})

test('[C27] over a real port: signed, chunked, malformed, and an orderly end', async () => {
  const bench = await createBench(store)
  const listening = await listen(bench.api, { port: 0, host: '127.0.0.1' })
  const origin = `http://127.0.0.1:${listening.port}`
  const text = JSON.stringify({ id: 'r1', name: 'R' })
  const signature = bench.sign('s1', { method: 'POST', path: '/v1/rooms', body: text })
  const chunked = await fetch(`${origin}/v1/rooms`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-fanfare-signature': signature },
    body: new Blob([text.slice(0, 5), text.slice(5)]).stream(),
    duplex: 'half',
  } as RequestInit)
  expect(chunked.status).toBe(200)
  const raw = (request: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(listening.port, '127.0.0.1', () => socket.write(request))
      let answer = ''
      socket.on('data', (part) => {
        answer += part
      })
      socket.on('close', () => resolve(answer))
    })
  const twice = `GET /v1/rooms HTTP/1.1\r\nHost: x\r\nX-Fanfare-Signature: ${signature}\r\nX-Fanfare-Signature: ${signature}\r\nConnection: close\r\n\r\n`
  expect(await raw(twice)).toContain('401 Unauthorized')
  expect(await raw('nonsense\r\n\r\n')).toContain('400 Bad Request')
  expect(await raw('GET /v1/config HTTP/1.1\r\nHost: }{"<\r\nConnection: close\r\n\r\n')).toContain(
    '400',
  )
  expect((await fetch(`${origin}/v1/config`)).status).toBe(200)
  await listening.close(1000)
  await expect(fetch(`${origin}/v1/config`)).rejects.toThrow()
})

test('[A49] one address takes its part of the connections, and others are served', async () => {
  const bench = await createBench(store)
  const listening = await listen(bench.api, { port: 0, host: '127.0.0.1', perAddressMax: 3 })
  const from = (localAddress: string) => {
    const socket = connect({ port: listening.port, host: '127.0.0.1', localAddress })
    socket.on('error', () => undefined)
    const gone = new Promise((closed) => socket.once('close', closed))
    return { socket, gone }
  }
  const asks = (request: string, { socket } = from('127.0.0.1')) =>
    new Promise<string>((resolve) => {
      let answer = ''
      socket.on('data', (part) => {
        answer += part
      })
      socket.once('close', () => resolve(answer))
      socket.write(request)
    })
  const request = 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
  // Their bodies never end.
  const many = Array.from({ length: 3 }, () => from('127.0.0.2'))
  for (const { socket } of many)
    socket.write('POST /v1/rooms HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n{')
  await Promise.all(many.map(({ socket }) => once(socket, 'connect')))
  await from('127.0.0.2').gone
  expect(await asks(request)).toContain('200 OK')
  many[0]?.socket.destroy()
  await many[0]?.gone
  await expect.poll(() => asks(request, from('127.0.0.2'))).toContain('200 OK')
  for (const { socket } of many) socket.destroy()
  await listening.close(1000)
})
