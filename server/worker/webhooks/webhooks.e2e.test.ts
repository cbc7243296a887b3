/** The built service as a merchant has it: API, worker and a receiver; and the worker killed while it waits. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadConfig } from '../../config.ts'
import { apiKeys, SIGNATURE_HEADER, signRequest } from '../../identity/index.ts'
import { must } from '../../kernel/index.ts'
import { startRedis, type TestRedis } from '../../redis/testing.ts'
import { startService, type TestService } from '../../service.testing.ts'
import { type Receiver, startReceiver } from './receiver.testing.ts'

let redis: TestRedis
let service: TestService
let shop: Receiver
let dataDir: string
const start = () =>
  startService({
    redisUrl: redis.url,
    roles: 'api,worker',
    env: { FANFARE_DATA_DIR: dataDir },
  })
beforeAll(async () => {
  redis = await startRedis()
  dataDir = mkdtempSync(join(tmpdir(), 'fanfare-hooks-'))
  shop = await startReceiver()
  service = await start()
})
afterAll(async () => {
  await service.kill()
  await shop.stop()
  await redis.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

const demo = loadConfig({ REDIS_URL: 'redis://127.0.0.1', FANFARE_DEMO: '1' })
const key = must([...apiKeys(demo.keys.api).values()][0], 'a key of the demo')

async function ask(path: string, body?: object): Promise<Record<string, unknown>> {
  const method = body ? 'POST' : 'GET'
  const text = body ? JSON.stringify(body) : ''
  const request = { method, path, body: text, nowMs: Date.now() }
  const response = await fetch(service.apiUrl + path, {
    method,
    headers: {
      [SIGNATURE_HEADER]: signRequest(key, request),
      'idempotency-key': 'event-0001',
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: text }),
  })
  const told = (await response.json()) as Record<string, unknown>
  expect(told).toMatchObject({ ok: true })
  return told
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`did not happen within 40 s: ${what}\n${service.log()}`)
}

test('[K4 K9 K13 002-38] a purchase makes a viewer rise, the shop is told; killed before the answer, the worker tells it again under the same id', async () => {
  const { webhook } = (await ask('/v1/webhooks', {
    url: shop.url,
    events: ['tier.reached', 'ping'],
  })) as { webhook: { id: string } }
  // From a second later on.
  await new Promise((resolve) => setTimeout(resolve, 1500))

  shop.state.behave = () => undefined
  const boughtAtMs = Date.now()
  const paid = await ask('/v1/events', {
    action: 'purchase',
    viewer: 'u-1',
    amountFen: 10_000_000,
  })
  expect(paid).toMatchObject({ account: { balance: { spendable: 100_000 } } })
  expect(Date.now() - boughtAtMs).toBeLessThan(3000)
  await until('the shop hears of it', () => shop.heard.length === 1)
  expect(Date.now() - boughtAtMs).toBeLessThan(10_000)
  await service.kill()

  shop.state.behave = () => 200
  service = await start()
  await until('the shop hears it again', () => shop.heard.length === 2)
  const [first, second] = shop.heard
  expect(first?.told).toMatchObject({
    type: 'tier.reached',
    brand: 'demo',
    data: { account: { viewer: 'u-1' } },
  })
  expect(second?.body).toBe(first?.body)
  expect(second?.headers['fanfare-delivery']).toBe(first?.headers['fanfare-delivery'])

  await until('the attempt is shown', async () => {
    const { attempts } = await ask(`/v1/webhooks/${webhook.id}/deliveries`)
    return (attempts as { status: number }[])[0]?.status === 200
  })
  await ask(`/v1/webhooks/${webhook.id}/ping`, {})
  await until('the ping arrives', () => shop.heard.length === 3)
  expect(shop.heard[2]?.told.type).toBe('ping')
})

test('[K16 002-46] the shop sells pieces elsewhere and is told once that little is left, and then that nothing is', async () => {
  shop.heard.length = 0
  await ask('/v1/webhooks', { url: shop.url, events: ['reward.low_stock', 'reward.sold_out'] })
  await ask('/v1/rewards/oatmeal/sales', { id: 'sale-1', pieces: 39 })
  await ask('/v1/rewards/oatmeal/sales', { id: 'sale-2', pieces: 3 })
  await until('little is left', () => shop.heard.length === 1)
  expect(shop.heard[0]?.told).toMatchObject({
    type: 'reward.low_stock',
    brand: 'demo',
    data: { reward: 'oatmeal', left: 8 },
  })
  await ask('/v1/rewards/oatmeal/sales', { id: 'sale-3', pieces: 8 })
  await until('nothing is left', () => shop.heard.length === 2)
  expect(shop.heard[1]?.told).toMatchObject({ type: 'reward.sold_out', data: { left: 0 } })
})

test('[RP1 001-30] where a live can be watched again is told once, for messages of the platform', async () => {
  shop.heard.length = 0
  await ask('/v1/webhooks', { url: shop.url, events: ['replay.ready'] })
  const url = 'https://shop.example/replays/1'
  const say = () => ask('/v1/rooms/demo/replay', { url })
  await until('the live is over', async () => {
    const { live } = await ask('/v1/rooms/demo/end', {})
    return (live as { state: string } | undefined)?.state === 'ended'
  })
  expect(await say()).toMatchObject({ ok: true })
  expect(await say()).toMatchObject({ ok: true })
  await until('it is told', () => shop.heard.length > 0)
  const told = shop.heard.map(({ told: { type, data }, headers }) => ({
    type,
    data,
    delivery: headers['fanfare-delivery'],
  }))
  expect(told[0]).toMatchObject({ type: 'replay.ready', data: { room: 'demo', url } })
  expect(new Set(told.map(({ delivery }) => delivery)).size).toBe(1)
})
