import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import https from 'node:https'
import { createServer, type LookupFunction } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { createPoster, type PosterOptions } from './post.ts'
import { type Behaviour, startReceiver } from './receiver.testing.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})
function poster(options: Partial<PosterOptions> = {}) {
  const made = createPoster({ allowPrivate: true, ...options })
  cleanups.push(() => made.stop())
  return made
}
async function receiver(behave?: Behaviour) {
  const made = await startReceiver(behave)
  cleanups.push(() => made.stop())
  return made
}
const to =
  (...addresses: string[]): LookupFunction =>
  (_, options, callback) => {
    const all = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    if (options.all) callback(null, all)
    else callback(null, all[0]?.address ?? '', 4)
  }

/** Counts connections and never answers. */
async function listener() {
  let connections = 0
  const server = createServer((socket) => {
    connections++
    socket.on('error', () => undefined)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(() => server.close())
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    count: () => connections,
  }
}

describe('where requests go', () => {
  test('[K7] a name that resolves to this machine is not connected to, whatever it resolved to before', async () => {
    const { port, count } = await listener()
    for (const addresses of [
      ['127.0.0.1'],
      ['8.8.8.8', '127.0.0.1'],
      ['::ffff:127.0.0.1'],
      ['::1'],
    ]) {
      const { post } = poster({ allowPrivate: false, resolve: to(...addresses) })
      expect(await post(`https://shop.test:${port}/`, {}, '{}')).toMatchObject({
        status: 0,
        why: 'address_not_allowed',
      })
    }
    expect(count()).toBe(0)
    // The same connection is made where it is allowed: it was the guard that kept it from being made.
    const open = poster({ resolve: to('127.0.0.1'), timeoutMs: 200 })
    await open.post(`https://shop.test:${port}/`, {}, '{}')
    expect(count()).toBe(1)
  })

  test.each([
    ...['https://127.0.0.1', 'https://[::1]', 'https://2130706433', 'http://shop.test'],
    ...[
      'https://0.0.0.0',
      'https://0',
      'https://0x7f.1',
      'https://127.0.0.1.',
      'https://0177.0.0.1',
    ],
    ...[
      'https://[::ffff:127.0.0.1]',
      'https://[::ffff:7f00:1]',
      'https://[::]',
      'https://[fe80::1]',
    ],
    ...['https://169.254.169.254', 'https://[64:ff9b::7f00:1]', 'https://[2002:7f00:1::]'],
  ])('[K6] %s is refused when it is sent, though it was stored once', async (origin) => {
    const { port, count } = await listener()
    const { post } = poster({ allowPrivate: false, resolve: to('8.8.8.8') })
    expect(await post(`${origin}:${port}/`, {}, '{}')).toMatchObject({
      status: 0,
      why: 'address_not_allowed',
    })
    expect(count()).toBe(0)
  })

  test('[K8] a redirect is an answer, not a direction', async () => {
    const elsewhere = await receiver()
    const shop = await receiver((_, response) => {
      response.writeHead(307, { location: elsewhere.url }).end()
      return undefined
    })
    expect(await poster().post(shop.url, {}, '{}')).toMatchObject({ status: 307 })
    expect(elsewhere.heard).toEqual([])
  })
})

describe('what receivers do', () => {
  test('[K10] one that never answers is given up in time', async () => {
    const shop = await receiver(() => undefined)
    expect(await poster({ timeoutMs: 150 }).post(shop.url, {}, '{}')).toMatchObject({
      status: 0,
      why: 'timeout',
    })
  })

  test('[K10] one that cuts the connection, and one that is not there', async () => {
    const shop = await receiver((_, response) => {
      response.destroy()
      return undefined
    })
    const { post } = poster()
    expect(await post(shop.url, {}, '{}')).toMatchObject({ status: 0, why: 'reset' })
    await cleanups.pop()?.()
    const there = await startReceiver()
    await there.stop()
    expect(await poster().post(there.url, {}, '{}')).toMatchObject({ status: 0, why: 'refused' })
  })

  test('[K12] an answer without end is cut, and connections are used again', async () => {
    const endless = await receiver((_, response) => {
      response.writeHead(200)
      const pour = () => {
        while (response.write('x'.repeat(1024)));
        response.once('drain', pour)
      }
      pour()
      return undefined
    })
    const { post } = poster()
    expect(await post(endless.url, {}, '{}')).toMatchObject({ status: 200 })
    for (let i = 0; endless.state.open > 0 && i < 100; i++)
      await new Promise((resolve) => setTimeout(resolve, 10))
    expect(endless.state.open).toBe(0)

    const ports = new Set<number | undefined>()
    const shop = await receiver((_, response) => {
      ports.add(response.socket?.remotePort)
      return 200
    })
    for (let i = 0; i < 5; i++)
      expect(await post(shop.url, {}, '{}')).toMatchObject({ status: 200 })
    expect(ports.size).toBe(1)
  })

  test('[K13] a stop ends what is under way and says so', async () => {
    const shop = await receiver(() => undefined)
    const made = poster()
    const posting = made.post(shop.url, {}, '{}')
    while (shop.heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    made.stop()
    expect(await posting).toMatchObject({ status: 0, why: 'stopped' })
  })

  const openssl = spawnSync('openssl', ['version']).status === 0
  test.skipIf(!openssl)('[K6] a certificate that nobody vouches for is not trusted', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'fanfare-tls-'))
    cleanups.push(() => rmSync(dir, { recursive: true }))
    const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')]
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
    const rest = ['-nodes', '-days', '1', '-subj', '/CN=shop.test', '-keyout', key, '-out', cert]
    execFileSync('openssl', [...made, ...rest], { stdio: 'ignore' })
    let asked = 0
    const server = https.createServer(
      { key: readFileSync(key), cert: readFileSync(cert) },
      (_, response) => {
        asked++
        response.end()
      },
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    cleanups.push(() => server.close())
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const { post } = poster({ resolve: to('127.0.0.1') })
    const told = await post(`https://shop.test:${port}/`, {}, '{}')
    expect(told).toMatchObject({ status: 0, why: 'tls' })
    expect(asked).toBe(0)
  })
})
