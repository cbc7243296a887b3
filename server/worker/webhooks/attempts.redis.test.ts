import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { must, systemClock } from '../../kernel/index.ts'
import { configSlot, type Store } from '../../redis/index.ts'
import { useRedis } from '../../redis/use-redis.testing.ts'
import {
  addWebhook,
  dueWebhooks,
  getWebhook,
  listAttempts,
  listDead,
  readFailing,
  removeWebhook,
  replayDead,
  switchOn,
  WAITING_MAX,
} from '../../webhooks/index.ts'
import { waitingKeys } from '../../webhooks/keys.ts'
import { until } from '../worker.testing.ts'
import { FAST, type Hooks, openHooks } from './hooks.testing.ts'
import { startReceiver } from './receiver.testing.ts'

let redis: Store
let hooks: Hooks
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  hooks = await openHooks(redis)
})
afterEach(() => hooks.close())

describe('attempts', () => {
  test('[K10] a receiver that fails is tried again under the same id, and then it is done', async () => {
    const shop = await hooks.receiver(({ headers }) =>
      headers['fanfare-attempt'] === '3' ? 204 : 503,
    )
    const mine = await hooks.webhook(shop.url)
    await hooks.rise(await hooks.account('alice'))
    await hooks.stand.worker()
    await until('it was taken', () => shop.heard.length === 3)
    await hooks.quiet()
    await systemClock.sleep(100)
    expect(new Set(shop.ids()).size).toBe(1)
    expect(shop.heard.map(({ headers }) => headers['fanfare-attempt'])).toEqual(['1', '2', '3'])
    const attempts = await listAttempts(redis, mine.id)
    expect(attempts.map(({ attempt, status }) => [attempt, status])).toEqual([
      [3, 204],
      [2, 503],
      [1, 503],
    ])
  })

  test('[K8 K10 K15] redirects are not followed; after the last attempt it is a dead letter, and replay sends it again', async () => {
    const elsewhere = await hooks.receiver()
    const shop = await hooks.receiver((_, response) => {
      response.writeHead(302, { location: elsewhere.url }).end()
      return undefined
    })
    const mine = await hooks.webhook(shop.url)
    await hooks.rise(await hooks.account('alice'))
    await hooks.stand.worker()
    await until(
      'it is dead',
      async () => (await listDead(redis, { brand: 'acme' })).dead.length > 0,
    )
    await hooks.quiet()
    expect(shop.heard).toHaveLength(FAST.length + 1)
    expect(elsewhere.heard).toEqual([])
    const [id] = shop.ids()
    const { dead } = await listDead(redis, { brand: 'acme' })
    expect(dead).toEqual([
      expect.objectContaining({ webhook: mine.id, id, why: 'exhausted', brand: 'acme' }),
    ])
    expect(await listDead(redis, { brand: 'other' })).toEqual({ dead: [], lost: 0 })

    shop.state.behave = () => 200
    const names = dead.map(({ name }) => name)
    expect(await replayDead(redis, { brand: 'other', names })).toBe(0)
    expect(await replayDead(redis, { brand: 'acme', names })).toBe(1)
    expect(await replayDead(redis, { brand: 'acme', names })).toBe(0)
    await until('it arrives', () => shop.heard.length === FAST.length + 2)
    await hooks.quiet()
    expect(new Set(shop.ids()).size).toBe(1)
    expect(shop.heard.at(-1)?.headers['fanfare-attempt']).toBe('1')
  })

  test('[K10] nobody listens, and then somebody does', async () => {
    const gone = await startReceiver()
    await gone.stop()
    const mine = await hooks.webhook(gone.url)
    hooks.stand.deps.webhooks.delaysMs = Array.from({ length: 200 }, () => 50)
    await hooks.rise(await hooks.account('alice'))
    await hooks.stand.worker()
    await until('it was tried', async () => (await listAttempts(redis, mine.id)).length > 2)
    expect((await listAttempts(redis, mine.id))[0]).toMatchObject({ status: 0, why: 'refused' })
  })

  test('[K11] 410 switches the webhook off; what waits is a dead letter, and comes back with it', async () => {
    const shop = await hooks.receiver(() => 410)
    const mine = await hooks.webhook(shop.url)
    await hooks.rise(...(await Promise.all(['a', 'b', 'c'].map((id) => hooks.account(id)))))
    await hooks.stand.worker()
    const dead = async () => (await listDead(redis, { brand: 'acme' })).dead
    await until('all are dead', async () => (await dead()).length === 3)
    await hooks.quiet()
    expect(await getWebhook(redis, mine.id)).toMatchObject({
      active: false,
      offWhy: 'the receiver answered 410 Gone',
    })
    expect((await dead()).map(({ why }) => why)).toEqual(['off', 'off', 'off'])
    const before = shop.heard.length
    await hooks.rise(await hooks.account('d'))
    await hooks.stand.drained()
    expect(shop.heard).toHaveLength(before)

    shop.state.behave = () => 200
    await switchOn(redis, mine.id)
    const names = (await dead()).map(({ name }) => name)
    // While too much waits already, all but one stay dead letters.
    const { due } = waitingKeys(configSlot, mine.id)
    const far = Array.from({ length: WAITING_MAX - 1 }, (_, i) => [
      Number.MAX_SAFE_INTEGER,
      `far${i}`,
    ])
    await redis.zadd(due, ...far.flat())
    expect(await replayDead(redis, { brand: 'acme', names })).toBe(1)
    expect(await dead()).toHaveLength(2)
    await redis.zremrangebyscore(due, Number.MAX_SAFE_INTEGER, '+inf')
    expect(await replayDead(redis, { brand: 'acme', names })).toBe(2)
    await until('they arrive', () => shop.heard.length === before + 3)
  })

  test('[K11] nothing but failures for a span switches it off, the others are told once, and it comes back', async () => {
    hooks.stand.deps.webhooks = { allowPrivate: true, delaysMs: [20, 20, 20], failingOffMs: 400 }
    const shop = await hooks.receiver(() => 500)
    const watcher = await hooks.receiver()
    const mine = await hooks.webhook(shop.url)
    const added = await addWebhook(redis, {
      ...{ brand: 'acme', url: watcher.url, events: ['webhook.off'] },
    })
    expect(added.ok).toBe(true)
    await hooks.stand.worker()
    const pingNo = (no: number) => hooks.ping(mine, `ping-${no}`)
    await pingNo(1)
    await until('it fails', async () => (await readFailing(redis)).has(mine.id))
    // One good answer begins the span anew.
    shop.state.behave = () => 200
    await pingNo(2)
    await until('it is well', async () => !(await readFailing(redis)).has(mine.id))
    expect(await getWebhook(redis, mine.id)).toMatchObject({ active: true })
    shop.state.behave = () => 500
    let no = 3
    await until('it is off', async () => {
      await pingNo(no++)
      return (await getWebhook(redis, mine.id))?.active === false
    })
    expect(await getWebhook(redis, mine.id)).toMatchObject({
      offWhy: 'nothing but failures for days',
    })
    await until('the other is told', () => watcher.heard.length === 1)
    expect(JSON.parse(must(watcher.heard[0], 'a delivery').body)).toMatchObject({
      type: 'webhook.off',
      data: { webhook: mine.id, url: mine.url, why: 'failing' },
    })
    await switchOn(redis, mine.id)
    expect((await readFailing(redis)).size).toBe(0)
    shop.state.behave = () => 200
    await systemClock.sleep(1200)
    const before = shop.heard.length
    await pingNo(no)
    await until('it hears again', () => shop.heard.length > before)
    expect(watcher.heard).toHaveLength(1)
  })

  test('[K12] a receiver that hangs holds up nobody, and has at most eight requests', async () => {
    const hanging = await hooks.receiver(() => undefined)
    const quick = await hooks.receiver()
    await hooks.webhook(hanging.url)
    await hooks.webhook(quick.url)
    const viewers = await Promise.all(Array.from({ length: 40 }, (_, i) => hooks.account(`v${i}`)))
    await hooks.rise(...viewers)
    const begun = systemClock.now()
    await hooks.stand.worker()
    await until('all arrive at the quick one', () => quick.heard.length === 40)
    expect(systemClock.now() - begun).toBeLessThan(5000)
    expect(quick.state.mostOpen).toBeLessThanOrEqual(8)
    expect(new Set(quick.ids()).size).toBe(40)
    expect(hanging.state.mostOpen).toBeLessThanOrEqual(8)
  })

  test('[K12] to a receiver that fails one request is under way, not eight', async () => {
    let slow = 0
    const shop = await hooks.receiver((_, response) => {
      slow = Math.max(slow, shop.heard.length > 8 ? shop.state.open : 0)
      setTimeout(() => response.writeHead(500).end(), 30)
      return undefined
    })
    await hooks.webhook(shop.url)
    hooks.stand.deps.webhooks.delaysMs = [60_000]
    await hooks.rise(
      ...(await Promise.all(Array.from({ length: 14 }, (_, i) => hooks.account(`v${i}`)))),
    )
    await hooks.stand.worker()
    await until('all were tried', () => shop.heard.length === 14)
    expect(slow).toBe(1)
    expect(new Set(shop.ids()).size).toBe(14)
  })

  test('[K1] of a webhook that is removed nothing is left', async () => {
    const shop = await hooks.receiver(() => 500)
    const mine = await hooks.webhook(shop.url)
    hooks.stand.deps.webhooks.delaysMs = [300, 300, 300]
    await hooks.rise(await hooks.account('alice'))
    await hooks.stand.worker()
    await until('it was tried', () => shop.heard.length === 1)
    expect(await removeWebhook(redis, mine)).toBe(true)
    await hooks.quiet()
    expect(await dueWebhooks(redis, hooks.slot)).toEqual({ webhooks: [], nextMs: undefined })
    expect((await redis.keys('ff:*:hook-bodies:*')).length).toBe(0)
    expect(await redis.hget('ff:{cfg}:webhook-counts', 'acme')).toBe('0')
  })
})
