import { beforeEach, describe, expect, test } from 'vitest'
import { configSlot, type Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { buryDead, DEAD_MAX, listDead, logAttempt, takeDue, tellBrand } from '../webhooks/index.ts'
import { type Bench, createBench } from './bench.testing.ts'

let store: Store
let bench: Bench
useRedis(async (server) => {
  store = await server.connect()
})
beforeEach(async () => {
  bench = await createBench(store)
})

const URL_OF = 'https://shop.test/hooks'
interface Added {
  webhook: { id: string }
  secret: string
}

async function add(more: { url?: string; events?: string[]; kid?: string } = {}): Promise<Added> {
  const { kid, ...body } = more
  const told = await bench.ask('/v1/webhooks', {
    body: { url: URL_OF, events: ['tier.reached', 'reward.low_stock'], ...body },
    ...(kid !== undefined && { kid }),
  })
  expect(told).toMatchObject({ status: 200 })
  return told.body as unknown as Added
}
const bury = (id: string, webhook: string, brand = 'acme') =>
  buryDead(store, [
    {
      webhook,
      brand,
      id,
      why: 'exhausted',
      delivery: { type: 'tier.reached', atMs: 5, account: 7, data: { rung: 2 }, attempts: 11 },
    },
  ])
const waiting = async (webhook: string) =>
  (await takeDue(store, { slot: configSlot, webhook, limit: 1000 })).deliveries

describe('webhooks', () => {
  test('[K1] one is added, listed and removed by its own brand; for others it does not exist', async () => {
    const { webhook, secret } = await add()
    expect(webhook).toEqual({
      id: expect.stringMatching(/^wh_/),
      url: URL_OF,
      events: ['tier.reached', 'reward.low_stock'],
      active: true,
      createdAtMs: expect.any(Number),
    })
    expect(secret).toMatch(/^whsec_[\w-]{43}$/)
    const listed = await bench.ask('/v1/webhooks')
    expect(listed.body).toEqual({ ok: true, webhooks: [webhook] })
    expect(listed.text).not.toContain('whsec_')
    expect((await bench.ask('/v1/webhooks', { kid: 's9' })).body).toEqual({
      ok: true,
      webhooks: [],
    })
    const path = `/v1/webhooks/${webhook.id}`
    for (const [method, at] of [
      ['DELETE', path],
      ['POST', `${path}/ping`],
      ['POST', `${path}/secret`],
      ['POST', `${path}/pause`],
      ['POST', `${path}/resume`],
      ['GET', `${path}/deliveries`],
    ] as const)
      expect(await bench.ask(at, { method, kid: 's9' })).toMatchObject({
        status: 404,
        body: { code: 'not_found', field: 'id' },
      })
    expect(await bench.ask(path, { method: 'DELETE' })).toMatchObject({ status: 200 })
    expect(await bench.ask(path, { method: 'DELETE' })).toMatchObject({ status: 404 })
  })

  test('[K1] the twenty-first of a brand is refused, another brand has its own twenty', async () => {
    const first = await add()
    for (let i = 1; i < 20; i++) await add({ url: `${URL_OF}/${i}` })
    const body = { url: URL_OF, events: ['tier.reached'] }
    expect(await bench.ask('/v1/webhooks', { body })).toMatchObject({
      status: 409,
      body: { code: 'too_many_webhooks' },
    })
    await add({ kid: 's9' })
    await bench.ask(`/v1/webhooks/${first.webhook.id}`, { method: 'DELETE' })
    await add()
  })

  test.each([
    'http://shop.test/hooks',
    'https://user:pass@shop.test/',
    'https://127.0.0.1/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/latest',
    'https://localhost/',
    'nonsense',
  ])('[K6] %s is no target', async (url) => {
    expect(await bench.ask('/v1/webhooks', { body: { url, events: ['ping'] } })).toMatchObject({
      status: 400,
      body: { code: 'bad_request', field: 'url' },
    })
  })

  test('[K6] where private addresses are allowed they may be targets', async () => {
    bench.deps.site = { ...bench.deps.site, privateWebhooks: true }
    await add({ url: 'http://127.0.0.1:9000/hooks' })
  })

  test('[A3] events that are not, and none at all, are refused by name', async () => {
    for (const [events, field] of [
      [['tier.reached', 'everything'], 'events.1'],
      [[], 'events'],
    ] as const)
      expect(await bench.ask('/v1/webhooks', { body: { url: URL_OF, events } })).toMatchObject({
        status: 400,
        body: { field },
      })
  })

  test('[K2] no secret stands in the data, and each change makes another', async () => {
    const { webhook, secret } = await add()
    const changed = await bench.ask(`/v1/webhooks/${webhook.id}/secret`, { method: 'POST' })
    const next = String(changed.body.secret)
    expect(next).toMatch(/^whsec_/)
    expect(next).not.toBe(secret)
    expect((await add()).secret).not.toBe(secret)
    const stored = Object.values(await store.hgetall('ff:{cfg}:webhooks')).join()
    for (const one of [secret, next]) expect(stored).not.toContain(one)
  })

  test('[K11] one is paused, which says by whom, and resumed', async () => {
    const { webhook } = await add()
    const to = (verb: string) => bench.ask(`/v1/webhooks/${webhook.id}/${verb}`, { method: 'POST' })
    expect((await to('pause')).body).toMatchObject({
      webhook: { active: false, offWhy: 'paused by s1' },
    })
    const { body } = await to('resume')
    expect(body).toMatchObject({ webhook: { active: true } })
    expect(body.webhook).not.toHaveProperty('offWhy')
  })

  test('[K16] a ping waits to be sent', async () => {
    const { webhook } = await add()
    const told = await bench.ask(`/v1/webhooks/${webhook.id}/ping`, { method: 'POST' })
    expect(await waiting(webhook.id)).toEqual([
      expect.objectContaining({
        id: told.body.delivery,
        delivery: expect.objectContaining({ type: 'ping' }),
      }),
    ])
  })

  test('[K16] what no journal tells is queued once for each webhook that wants it', async () => {
    const wants = await add()
    const other = await add({ events: ['tier.reached'] })
    const foreign = await add({ kid: 's9' })
    const low = {
      brand: 'acme',
      type: 'reward.low_stock' as const,
      id: 'stock-oatmeal-3',
      atMs: 5,
      data: { reward: 'oatmeal', left: 3 },
    }
    for (let i = 0; i < 3; i++) expect(await tellBrand(store, low)).toBe(1)
    expect(await tellBrand(store, { ...low, brand: 'nobody' })).toBe(0)
    expect(await waiting(wants.webhook.id)).toHaveLength(1)
    expect(await waiting(other.webhook.id)).toEqual([])
    expect(await waiting(foreign.webhook.id)).toEqual([])
  })

  test('[K10] attempts are shown newest first', async () => {
    const { webhook } = await add()
    for (const [attempt, status] of [
      [1, 503],
      [2, 200],
    ] as const)
      await logAttempt(store, webhook.id, {
        id: 'd-1',
        type: 'ping',
        attempt,
        atMs: 10,
        tookMs: 3,
        status,
        good: status === 200,
      })
    const told = await bench.ask(`/v1/webhooks/${webhook.id}/deliveries`)
    expect(told.body.attempts).toMatchObject([
      { attempt: 2, status: 200 },
      { attempt: 1, status: 503 },
    ])
    const listed = async () => (await bench.ask('/v1/webhooks')).body.webhooks
    expect(await listed()).toMatchObject([{ id: webhook.id, active: true }])
    const bad = { id: 'd-2', type: 'ping', attempt: 1, atMs: 20, tookMs: 3, status: 503 }
    await logAttempt(store, webhook.id, { ...bad, good: false })
    await logAttempt(store, webhook.id, { ...bad, atMs: 30, good: false })
    expect(await listed()).toMatchObject([{ id: webhook.id, failingSinceMs: 20 }])
  })
})

describe('dead letters', () => {
  test('[K14 K15] they are listed without what they say of anybody, and only to their brand', async () => {
    const { webhook } = await add()
    await bury('d-1', webhook.id)
    const told = await bench.ask('/v1/webhooks/dead')
    expect(told.body).toEqual({
      ok: true,
      dead: [
        {
          name: `${webhook.id}.d-1`,
          webhook: webhook.id,
          id: 'd-1',
          type: 'tier.reached',
          atMs: 5,
          diedAtMs: expect.any(Number),
          attempts: 11,
          why: 'exhausted',
        },
      ],
      lost: 0,
    })
    expect((await bench.ask('/v1/webhooks/dead', { kid: 's9' })).body).toMatchObject({ dead: [] })
  })

  test('[K15] one is looked at by its name, by its own brand only', async () => {
    const { webhook } = await add()
    await bury('d-1', webhook.id)
    const path = `/v1/webhooks/dead/${webhook.id}.d-1`
    expect((await bench.ask(path)).body).toMatchObject({ type: 'tier.reached', data: {} })
    expect((await bench.ask(path, { kid: 's9' })).status).toBe(404)
    expect((await bench.ask('/v1/webhooks/dead/nothing')).status).toBe(404)
  })

  test('[K15] one is replayed, those of a webhook, or all; with their ids and all attempts', async () => {
    const [a, b] = [(await add()).webhook.id, (await add()).webhook.id]
    for (const id of ['d-1', 'd-2', 'd-3']) for (const to of [a, b]) await bury(id, to)
    const replay = async (body: object, kid = 's1') =>
      (await bench.ask('/v1/webhooks/dead/replay', { body, kid })).body.replayed
    expect(await replay({}, 's9')).toBe(0)
    expect(await replay({ names: [`${a}.d-2`, 'no.such'] })).toBe(1)
    expect(await replay({ names: [`${a}.d-2`] })).toBe(0)
    expect(await waiting(a)).toMatchObject([{ id: 'd-2', delivery: { attempts: 0, account: 7 } }])
    expect(await replay({ webhook: b })).toBe(3)
    expect(await replay({})).toBe(2)
    expect((await listDead(store, { brand: 'acme' })).dead).toEqual([])
    expect((await waiting(a)).map(({ id }) => id).sort()).toEqual(['d-1', 'd-2', 'd-3'])
  })

  test('[K11 K15] those of a webhook that is removed stay, and nothing is sent to nobody', async () => {
    const { webhook } = await add()
    await bury('d-1', webhook.id)
    await bench.ask(`/v1/webhooks/${webhook.id}`, { method: 'DELETE' })
    const told = await bench.ask('/v1/webhooks/dead/replay', { body: {} })
    expect(told.body).toMatchObject({ replayed: 0 })
    expect((await bench.ask('/v1/webhooks/dead')).body.dead).toHaveLength(1)
  })

  test('[K15] a brand keeps a thousand: the oldest go and are counted, and pages show all', async () => {
    const { webhook } = await add()
    const count = DEAD_MAX + 30
    for (let i = 0; i < count; i++) await bury(`d-${i}`, webhook.id)
    // A repeat is no other letter.
    await bury(`d-${count - 1}`, webhook.id)
    const names = new Set<string>()
    let before = ''
    for (let page = 0; page < 20; page++) {
      const told = await bench.ask(`/v1/webhooks/dead${before && `?before=${before}`}`)
      for (const one of told.body.dead as { name: string }[]) names.add(one.name)
      expect(told.body.lost).toBe(30)
      if (told.body.next === undefined) break
      before = String(told.body.next)
    }
    expect(names.size).toBe(DEAD_MAX)
    expect(names.has(`${webhook.id}.d-29`)).toBe(false)
    expect(names.has(`${webhook.id}.d-30`)).toBe(true)
    const replayed = await bench.ask('/v1/webhooks/dead/replay', { body: {} })
    expect(replayed.body).toMatchObject({ replayed: DEAD_MAX })
    expect((await waiting(webhook.id)).length).toBe(DEAD_MAX)
  })
})
