/** Each pitfall of Socket.IO on uWebSockets.js that was measured, and what keeps us out of it. */

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLog } from '../kernel/index.ts'
import { startRedis, type TestRedis } from '../redis/testing.ts'
import { knock, startService } from '../service.testing.ts'
import { get } from './raw.testing.ts'
import { like, newTicket, TRANSPORTS, transportEnv } from './stand.testing.ts'
import { createTransport } from './transport.ts'

let redis: TestRedis
let folder: string
beforeAll(async () => {
  redis = await startRedis()
  folder = mkdtempSync(join(tmpdir(), 'fanfare-pitfalls-'))
})
afterAll(async () => {
  await redis.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('[GW9 U2] one process carries one uWebSockets.js gateway: a second would take the viewers of the first', async () => {
  const options = { wanted: 'uws', shared: false, log: createLog('silent', 'test') } as const
  await createTransport(options)
  await expect(createTransport(options)).rejects.toThrow('one process')
})

test('[GW9 U1 U5] no code relies on what the fast path ignores, and no socket leaves only its namespace', () => {
  const sources = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts') && !/\.(test|testing)\.ts$/.test(file))
    .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
  expect(sources.length).toBeGreaterThan(10)
  const all = sources.join('\n')
  expect(all).not.toMatch(/\.volatile\b|\.compress\(|onAnyOutgoing|prependAnyOutgoing/)
  expect(all).not.toMatch(/\.disconnect\(\)/)
  // Clubs are left; sockets never leave.
  expect(all).not.toMatch(/(?<!\b(?:clubs|teams))\.leave\(|disconnectSockets\(\)/)
})

describe('without the binary of uWebSockets.js', () => {
  const env = (transport: string) => {
    const preload = join(folder, 'without-uws.cjs')
    writeFileSync(
      preload,
      `const M = require('node:module'); const load = M._load
M._load = (name, ...rest) => {
  if (name === 'uWebSockets.js') throw new Error('no binary for this machine')
  return load(name, ...rest)
}`,
    )
    return { FANFARE_TRANSPORT: transport, NODE_OPTIONS: `--require ${preload}` }
  }

  test('[GW9 U6] a gateway that was told to use it does not start', async () => {
    await expect(
      startService({ redisUrl: redis.url, env: env('uws') }).then((service) => service.kill()),
    ).rejects.toThrow('no binary for this machine')
  })

  test('[GW9 U6] one that may choose says so and serves on node:http', async () => {
    const service = await startService({ redisUrl: redis.url, env: env('auto') })
    const { socket } = await knock(service.gatewayUrl, { ticket: await newTicket() })
    expect(await like(socket, { seq: 1, count: 1 })).toMatchObject({ ok: true })
    expect(service.log()).toContain('uWebSockets.js cannot be loaded')
    expect(service.log()).toContain('"transport":"node"')
    socket.close()
    expect(await service.stop()).toBe(0)
  })
})

describe.each(TRANSPORTS)('on %s', (transport) => {
  test('[GW10 U7 U8] a drain closes the port and idle connections, tells why before it closes sockets, and ends', async () => {
    const service = await startService({
      redisUrl: redis.url,
      env: transportEnv(transport),
    })
    const url = new URL(service.gatewayUrl)
    const idle = connect(Number(url.port), url.hostname)
    const kept = new Promise((done) => idle.once('close', done))
    idle.on('error', () => undefined)
    idle.write(`GET / HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`)
    await new Promise((done) => idle.once('data', done))
    const { socket } = await knock(service.gatewayUrl, { ticket: await newTicket() })
    const told: string[] = []
    socket.once('server.goodbye', ({ reason }) => told.push(reason))
    const closed = new Promise((done) => socket.once('disconnect', (why) => done(told.push(why))))
    const startedMs = performance.now()
    expect(await service.stop()).toBe(0)
    expect(performance.now() - startedMs).toBeLessThan(10_000)
    await closed
    // A close by the server looks like any other to a WebSocket, so the reason comes as an event before it.
    expect(told[0]).toBe('draining')
    expect(told).toHaveLength(2)
    await kept
    expect((await get(service.gatewayUrl, '/')).status).toBe(0)
  })
})
