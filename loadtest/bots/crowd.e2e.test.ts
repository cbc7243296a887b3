/** The crowd and its client against the real service: counted, cut off, set back. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync, truncateSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publishRulebook } from '../../server/governance/index.ts'
import { buildWhenStale } from '../../server/provision.mjs'
import { startRedis, type TestRedis } from '../../server/redis/testing.ts'
import { startService, type TestService, testTicket } from '../../server/service.testing.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { createClient, socketIo } from '../../widget/client/index.ts'

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))

async function until<T>(what: string, read: () => T | Promise<T>, good: (value: T) => boolean) {
  let last: T | undefined
  for (let i = 0; i < 300; i++) {
    last = await read()
    if (good(last)) return
    await sleep(100)
  }
  throw new Error(`${what}: ${JSON.stringify(last)}`)
}

let redis: TestRedis
let services: TestService[] = []

beforeAll(async () => {
  await buildWhenStale()
  redis = await startRedis()
})
afterAll(async () => {
  await Promise.allSettled(services.map((service) => service.kill()))
  await redis.stop()
})

const connections = async ({ apiUrl }: TestService): Promise<number> => {
  const text = await (await fetch(`${apiUrl}/metrics`)).text()
  return Number(/^fanfare_gateway_connections(?:\{.*\})? (\d+)/m.exec(text)?.[1] ?? Number.NaN)
}

describe('the crowd as a program', () => {
  it('holds one real connection per bot, grows, shrinks, acts, and ends with its input', async () => {
    const service = await startService({ redisUrl: redis.url, roles: 'gateway,api' })
    services = [service]
    const start = {
      url: service.gatewayUrl,
      ticketUrl: `${service.apiUrl}/v1/demo/ticket`,
      count: 12,
      seed: 3,
    }
    const bots: ChildProcess = spawn(
      process.execPath,
      [resolve('dist/bots/main.js'), JSON.stringify(start)],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    )
    const ended = once(bots, 'exit')
    const isCount = (wanted: number) => (count: number) => count === wanted
    await until('bots came', () => connections(service), isCount(12))
    bots.stdin?.write('{"count":20}\n')
    await until('more came', () => connections(service), isCount(20))
    bots.stdin?.write('{"count":5}\n')
    await until('some went', () => connections(service), isCount(5))
    let said = ''
    bots.stdout?.on('data', (chunk) => {
      said += chunk
    })
    await until(
      'they act',
      () => {
        said = ''
        bots.stdin?.write('{"stats":true}\n')
        return sleep(200).then(() => said)
      },
      (text) => text.includes('"taps"') && !text.includes('"taps":0,'),
    )
    bots.stdin?.end()
    expect(await ended).toEqual([0, null])
    await until('all went', () => connections(service), isCount(0))
    await service.kill()
  })
})

describe('the client over real sockets', () => {
  it('[CL1] [F4] likes are credited once though Redis loses its last 1.5 s and a gateway is killed', async () => {
    const store = await redis.connect()
    const published = await publishRulebook(store, {
      book: {
        ...PRESETS.live,
        // One point a like, as often as one likes: the balance counts them.
        earn: [{ id: 'like_counted', no: 150, action: 'like', points: 1 }],
        dailyPoints: undefined,
        heat: {
          ...PRESETS.live.heat,
          levels: [{ from: 0, label: { zh: '冷', en: 'Cold' }, factors: {} }],
        },
        ladder: {
          id: 'flat',
          rungs: [
            { id: 'regular', label: { zh: '普通', en: 'Regular' }, growth: 0 },
            { id: 'never', label: { zh: '无', en: 'Never' }, growth: 1e9 },
          ],
        },
      },
      by: 'test',
    })
    store.disconnect()
    expect(published).toMatchObject({ ok: true })
    const [one, two] = await Promise.all([
      startService({ redisUrl: redis.url, roles: 'gateway' }),
      startService({ redisUrl: redis.url, roles: 'gateway' }),
    ])
    if (!one || !two) throw new Error('no services')
    services = [one, two]
    const crowd = Array.from({ length: 10 }, (_, i) => viewer(i, [one, two]))
    await until(
      'online',
      () => crowd.map((v) => v.client.state.status.phase),
      (all) => all.every((phase) => phase === 'online'),
    )
    const sizes: { atMs: number; bytes: number }[] = []
    const file = appendOnlyFile(redis.dir)
    for (let i = 0; i < 110; i++) {
      for (const v of crowd) v.like(1 + (i % 3))
      sizes.push({ atMs: Date.now(), bytes: statSync(file).size })
      await sleep(100)
    }
    // What was written before the last 1.5 s stays; of the rest, acknowledged or not, nothing does.
    await redis.kill()
    const kept = sizes.filter((s) => s.atMs < Date.now() - 1500).at(-1)?.bytes ?? 0
    expect(statSync(file).size).toBeGreaterThan(kept)
    truncateSync(file, kept)
    for (const v of crowd) v.like(2)
    await sleep(3000)
    await redis.start()
    await one.kill()
    for (const v of crowd) v.like(3)
    // Each for itself: the next beat of one is under way while another's is not durable yet.
    const waiting = new Set(crowd)
    await until(
      'everything arrived',
      () => {
        for (const v of waiting) {
          const { likes, undurable } = v.client.state.pending
          if (likes + undurable === 0) waiting.delete(v)
        }
        return [...waiting].map((v) => [v.name, v.client.state.pending, v.client.state.status])
      },
      (left) => left.length === 0,
    )
    for (const v of crowd) {
      expect(v.dropped).toEqual([])
      expect([v.name, v.client.state.account?.balance.spendable]).toEqual([v.name, v.taps()])
      v.client.close()
    }
  })
})

/** The file that Redis appends to now. */
function appendOnlyFile(dir: string): string {
  const folder = join(dir, 'appendonlydir')
  const name = readdirSync(folder).find((file) => file.endsWith('.incr.aof'))
  if (!name) throw new Error('no append-only file')
  return join(folder, name)
}

/** A viewer behind a balancer: each attempt may meet another gateway. */
function viewer(number: number, gateways: readonly TestService[]) {
  const name = `viewer-${number}`
  const dropped: string[] = []
  let taps = 0
  let attempts = number
  const client = createClient({
    url: '',
    role: 'viewer',
    getTicket: () => testTicket({ viewer: name }),
    socketFactory: (_, ...rest) =>
      socketIo(gateways[attempts++ % gateways.length]?.gatewayUrl ?? '', ...rest),
  })
  client.on('dropped', (of) => dropped.push(`${of.name} ${of.refusal.code}`))
  client.connect()
  return {
    name,
    client,
    dropped,
    taps: () => taps,
    like(count: number) {
      taps += count
      client.like(count)
    },
  }
}
