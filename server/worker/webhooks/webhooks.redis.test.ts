import { createHash, createHmac } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { formatAccount } from '../../../shared/ids.ts'
import { PRESETS } from '../../../shared/rulebook/presets.ts'
import { eraseAccount, type Identity, resolveAccount } from '../../identity/index.ts'
import { must, systemClock } from '../../kernel/index.ts'
import { configSlot, type Store } from '../../redis/index.ts'
import { startRedis, storeThatDies, type TestRedis } from '../../redis/testing.ts'
import { createRoom, startLive } from '../../rooms/index.ts'
import { START_MS } from '../../scoring/bench.testing.ts'
import { Wallets } from '../../wallet/index.ts'
import {
  addWebhook,
  changeSecret,
  dueWebhooks,
  getWebhook,
  listAttempts,
  listDead,
  queueDeliveries,
  readFailing,
  removeWebhook,
  replayDead,
  switchOn,
  takeDue,
  WAITING_MAX,
  WEBHOOK_EVENT_NAMES,
  type Webhook,
  webhookSecret,
} from '../../webhooks/index.ts'
import { cursorsKey } from '../keys.ts'
import { createStand, likes, type Stand, until } from '../worker.testing.ts'
import { type Behaviour, type Receiver, startReceiver } from './receiver.testing.ts'

let server: TestRedis
let redis: Store
let stand: Stand
const cleanups: (() => unknown)[] = []
beforeAll(async () => {
  server = await startRedis()
  redis = await server.connect()
})
afterAll(() => server.stop())

/** Likes bring growth enough to be promoted. */
const BOOK = {
  earn: PRESETS.live.earn.map((rule) => (rule.action === 'like' ? { ...rule, growth: 200 } : rule)),
}
const FAST = [20, 20, 20]

beforeEach(async () => {
  await redis.flushall()
  stand = createStand(redis, { partitions: 1, book: BOOK })
  stand.deps.webhooks = { allowPrivate: true, delaysMs: FAST }
  const room = { id: 'kitchen', name: 'Kitchen', brand: 'acme', timeZone: 'Asia/Shanghai' }
  await createRoom(redis, { ...room, nowMs: START_MS })
  const started = await startLive(redis, { room: 'kitchen', nowMs: START_MS })
  if (!started.ok) throw new Error(started.code)
  stand.bench.room.live = started.live.no
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  await stand.clean()
})

async function receiver(behave?: Behaviour): Promise<Receiver> {
  const made = await startReceiver(behave)
  cleanups.push(() => made.stop())
  return made
}

const registry = () => ({
  store: redis,
  pepper: stand.deps.pepper,
  partitions: stand.bench.places,
})
const identity = (id: string, brand = 'acme'): Identity => ({ brand, kind: 'viewer', id })
const account = (id: string, brand?: string) => resolveAccount(registry(), identity(id, brand))
const slot = () => must(stand.bench.places.slots[0], 'a partition')

async function webhook(url: string, brand = 'acme'): Promise<Webhook> {
  const added = await addWebhook(redis, { brand, url, events: ['tier.reached', 'ping'] })
  if (!added.ok) throw new Error(added.code)
  return added.webhook
}

let seq = 0
/** Each of these viewers rises a tier. */
async function rise(...accounts: number[]): Promise<void> {
  await likes(stand, accounts, { seq: 1, units: 10, atMs: START_MS + ++seq })
}

/** Nothing waits in the partition or outside. */
const quiet = () =>
  until('nothing waits', async () => {
    const all = await Promise.all(
      [slot(), configSlot].map((where) => redis.keys(`ff:${where}:hook-due:*`)),
    )
    return all.flat().length === 0
  })
const ping = (to: Webhook, id: string) =>
  queueDeliveries(redis, [
    {
      webhook: to.id,
      brand: to.brand,
      id,
      delivery: { type: 'ping', atMs: START_MS, data: {}, attempts: 0 },
    },
  ])

describe('what is told', () => {
  test("[K4 K9] a tier-up reaches the brand of the account, signed, with the merchant's own id", async () => {
    const shop = await receiver()
    const other = await receiver()
    const mine = await webhook(shop.url)
    await webhook(other.url, 'somebody-else')
    const alice = await account('alice')
    await rise(alice)
    await stand.worker()
    await until('it arrives', () => shop.heard.length === 1)
    await quiet()

    const { path, headers, body, told } = must(shop.heard[0], 'a request')
    const [element] = await redis.hmget(cursorsKey(slot()), 'webhooks')
    expect(told).toEqual({
      id: `p0-${element}-0-0`,
      type: 'tier.reached',
      atMs: START_MS + seq,
      brand: 'acme',
      data: {
        account: { number: formatAccount(alice), viewer: 'alice' },
        version: 1,
        ladder: stand.bench.book.ladder.id,
        tier: 'gold',
        rung: 3,
        promotion: 1,
        room: 'kitchen',
        live: stand.bench.room.live,
      },
    })
    expect(headers).toMatchObject({
      'fanfare-delivery': told.id,
      'fanfare-attempt': '1',
      'fanfare-webhook': mine.id,
      'content-type': 'application/json; charset=utf-8',
    })
    // As docs/webhooks.md tells receivers to check it.
    const secret = webhookSecret(stand.deps.pepper, { id: mine.id, no: 1 })
    const signed = String(headers['x-fanfare-signature'])
    const { t, v1 } = Object.fromEntries(signed.split(',').map((part) => part.split('=')))
    const hash = createHash('sha256').update(body).digest('hex')
    const expected = createHmac('sha256', secret).update(`${t}.POST.${path}.${hash}`).digest('hex')
    expect(v1).toBe(expected)
    expect(other.heard).toEqual([])
  })

  test('[K2] for a day after a change of secret both sign', async () => {
    const shop = await receiver()
    const mine = await webhook(shop.url)
    await changeSecret(redis, mine.id, systemClock.now())
    await stand.worker()
    await ping(mine, 'ping-1')
    await until('it arrives', () => shop.heard.length === 1)
    const { path, headers, body } = must(shop.heard[0], 'a request')
    const signed = String(headers['x-fanfare-signature'])
    const t = /t=(\d+)/.exec(signed)?.[1]
    const hash = createHash('sha256').update(body).digest('hex')
    const digests = [2, 1].map((no) =>
      createHmac('sha256', webhookSecret(stand.deps.pepper, { id: mine.id, no }))
        .update(`${t}.POST.${path}.${hash}`)
        .digest('hex'),
    )
    expect(signed).toBe(`t=${t},kid=${mine.id},v1=${digests[0]},v1=${digests[1]}`)
  })

  test('[K3] what happened before the webhook was there is not told', async () => {
    const shop = await receiver()
    await rise(await account('early'))
    await systemClock.sleep(5)
    await webhook(shop.url)
    await systemClock.sleep(5)
    await rise(await account('late'))
    await stand.worker()
    await stand.drained()
    await quiet()
    expect(shop.heard.map(({ told }) => told.data.account)).toEqual([
      expect.objectContaining({ viewer: 'late' }),
    ])
  })

  test('[K4] what a crash may take back is not told', async () => {
    const shop = await receiver()
    await webhook(shop.url)
    stand.fake.state.durableAtMs = 0
    await rise(await account('alice'))
    await stand.worker()
    await until('the history is written', async () =>
      Boolean(await redis.hget(cursorsKey(slot()), 'history')),
    )
    await systemClock.sleep(800)
    expect(shop.heard).toEqual([])
    stand.fake.state.durableAtMs = Number.MAX_SAFE_INTEGER
    await until('it arrives', () => shop.heard.length === 1)
  })

  test('[K4] what moves points is told as what it is, in the order of the account', async () => {
    const shop = await receiver()
    const added = await addWebhook(redis, {
      brand: 'acme',
      url: shop.url,
      events: WEBHOOK_EVENT_NAMES,
    })
    if (!added.ok) throw new Error(added.code)
    const alice = await account('alice')
    const wallets = new Wallets({
      store: redis,
      partitions: stand.bench.places,
      clock: systemClock,
      rulebook: stand.deps.rulebook,
      numbersOf: async (brands) => brands.map(() => 1),
      journalMax: 1000,
    })
    const done = async (answer: Promise<{ ok: boolean }>) =>
      expect(await answer).toMatchObject({ ok: true })
    const hold = { account: alice, forMs: 60_000, at: 1 }
    await done(
      wallets.issue({
        account: alice,
        id: 'gift-1',
        lots: [{ issuer: 1, points: 500 }],
        cause: 'adjusted',
        by: 's1',
        note: 'she asked for it',
      }),
    )
    await done(
      wallets.hold({ ...hold, id: 'r-1', points: 200, use: 'redemption', subject: 'oatmeal' }),
    )
    await done(wallets.capture({ account: alice, id: 'r-1' }))
    await done(wallets.refund({ account: alice, id: 'r-1', refundId: 'back-1', points: 200 }))
    await done(
      wallets.hold({ ...hold, id: 'c-1', points: 100, use: 'checkout', subject: 'order-7' }),
    )
    await done(wallets.capture({ account: alice, id: 'c-1', points: 60 }))
    await done(wallets.take({ account: alice, id: 'take-1', points: 40, by: 's1' }))
    await done(
      wallets.freeze({ account: alice, id: 'freeze-1', freeze: true, by: 's1', note: 'odd' }),
    )
    await done(
      wallets.freeze({ account: alice, id: 'thaw-1', freeze: false, by: 's1', note: 'fine' }),
    )
    await stand.worker()
    await until('all arrive', () => shop.heard.length === 7)
    await quiet()
    const told = shop.heard
      .map((one) => one.told)
      .sort((a, b) => Number(a.data.version) - Number(b.data.version))
    const version = expect.any(Number)
    const who = { account: { number: formatAccount(alice), viewer: 'alice' }, version }
    expect(told.map(({ type, data }) => [type, data])).toEqual([
      [
        'points.adjusted',
        { ...who, points: 500, changes: { spendable: 500 }, ref: 'gift-1', by: 's1' },
      ],
      [
        'reward.redeemed',
        {
          ...who,
          points: 200,
          changes: { held: -200 },
          ref: 'r-1',
          use: 'redemption',
          subject: 'oatmeal',
        },
      ],
      [
        'reward.refunded',
        expect.objectContaining({
          ...who,
          points: 200,
          changes: { spendable: 200 },
          use: 'redemption',
        }),
      ],
      [
        'points.spent',
        {
          ...who,
          points: 60,
          changes: { spendable: 40, held: -100 },
          ref: 'c-1',
          use: 'checkout',
          subject: 'order-7',
        },
      ],
      [
        'points.revoked',
        { ...who, points: 40, changes: { spendable: -40 }, ref: 'take-1', by: 's1' },
      ],
      [
        'account.frozen',
        {
          ...who,
          points: 400,
          changes: { spendable: -400, frozen: 400 },
          ref: 'freeze-1',
          by: 's1',
        },
      ],
      [
        'account.unfrozen',
        { ...who, points: 400, changes: { spendable: 400, frozen: -400 }, ref: 'thaw-1', by: 's1' },
      ],
    ])
    expect(shop.heard.map(({ body }) => body).join()).not.toContain('she asked for it')
  })

  test('[K14] nothing of who was erased leaves, neither what waited nor what comes', async () => {
    const shop = await receiver(() => 500)
    const mine = await webhook(shop.url)
    stand.deps.webhooks.delaysMs = [1500]
    const [alice, bob] = [await account('alice'), await account('bob')]
    await rise(alice)
    await stand.worker()
    await until('it was tried', () => shop.heard.length === 1)
    expect(await redis.hvals(`ff:${slot()}:hook-bodies:${mine.id}`)).toEqual([
      expect.not.stringContaining('alice'),
    ])
    await eraseAccount(registry(), alice)
    await eraseAccount(registry(), bob)
    await rise(bob)
    await stand.drained()
    await quiet()
    expect(shop.heard).toHaveLength(1)
    expect(await listDead(redis, { brand: 'acme' })).toEqual({ dead: [], lost: 0 })
  })

  test('[K14] who else took part is left out where they were erased', async () => {
    const shop = await receiver()
    const mine = await webhook(shop.url)
    const [alice, bob] = [await account('alice'), await account('bob')]
    const tell = (id: string) =>
      queueDeliveries(redis, [
        {
          webhook: mine.id,
          brand: 'acme',
          id,
          delivery: {
            type: 'points.sent',
            atMs: 1,
            account: alice,
            other: bob,
            data: { points: 5 },
            attempts: 0,
          },
        },
      ])
    await stand.worker()
    await tell('gift-1')
    await until('it arrives', () => shop.heard.length === 1)
    await eraseAccount(registry(), bob)
    await tell('gift-2')
    await until('the other arrives', () => shop.heard.length === 2)
    const who = (viewer: string, no: number) => ({ number: formatAccount(no), viewer })
    expect(shop.heard.map(({ told }) => told.data)).toEqual([
      { account: who('alice', alice), other: who('bob', bob), points: 5 },
      { account: who('alice', alice), points: 5 },
    ])
  })

  test('[K16] what is queued by an id is sent once, however often it is queued', async () => {
    const shop = await receiver()
    const mine = await webhook(shop.url)
    await stand.worker()
    for (let i = 0; i < 3; i++) await ping(mine, 'low-stock-7')
    await until('it arrives', () => shop.heard.length === 1)
    await quiet()
    await ping(mine, 'low-stock-7')
    await ping(mine, 'low-stock-8')
    await until('the other arrives', () => shop.heard.length === 2)
    await quiet()
    expect(shop.ids()).toEqual(['low-stock-7', 'low-stock-8'])
  })
})

describe('attempts', () => {
  test('[K10] a receiver that fails is tried again under the same id, and then it is done', async () => {
    const shop = await receiver(({ headers }) => (headers['fanfare-attempt'] === '3' ? 204 : 503))
    const mine = await webhook(shop.url)
    await rise(await account('alice'))
    await stand.worker()
    await until('it was taken', () => shop.heard.length === 3)
    await quiet()
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
    const elsewhere = await receiver()
    const shop = await receiver((_, response) => {
      response.writeHead(302, { location: elsewhere.url }).end()
      return undefined
    })
    const mine = await webhook(shop.url)
    await rise(await account('alice'))
    await stand.worker()
    await until(
      'it is dead',
      async () => (await listDead(redis, { brand: 'acme' })).dead.length > 0,
    )
    await quiet()
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
    await quiet()
    expect(new Set(shop.ids()).size).toBe(1)
    expect(shop.heard.at(-1)?.headers['fanfare-attempt']).toBe('1')
  })

  test('[K10] nobody listens, and then somebody does', async () => {
    const gone = await startReceiver()
    await gone.stop()
    const mine = await webhook(gone.url)
    stand.deps.webhooks.delaysMs = Array.from({ length: 200 }, () => 50)
    await rise(await account('alice'))
    await stand.worker()
    await until('it was tried', async () => (await listAttempts(redis, mine.id)).length > 2)
    expect((await listAttempts(redis, mine.id))[0]).toMatchObject({ status: 0, why: 'refused' })
  })

  test('[K11] 410 switches the webhook off; what waits is a dead letter, and comes back with it', async () => {
    const shop = await receiver(() => 410)
    const mine = await webhook(shop.url)
    await rise(...(await Promise.all(['a', 'b', 'c'].map((id) => account(id)))))
    await stand.worker()
    const dead = async () => (await listDead(redis, { brand: 'acme' })).dead
    await until('all are dead', async () => (await dead()).length === 3)
    await quiet()
    expect(await getWebhook(redis, mine.id)).toMatchObject({
      active: false,
      offWhy: 'the receiver answered 410 Gone',
    })
    expect((await dead()).map(({ why }) => why)).toEqual(['off', 'off', 'off'])
    const before = shop.heard.length
    await rise(await account('d'))
    await stand.drained()
    expect(shop.heard).toHaveLength(before)

    shop.state.behave = () => 200
    await switchOn(redis, mine.id)
    const names = (await dead()).map(({ name }) => name)
    expect(await replayDead(redis, { brand: 'acme', names })).toBe(3)
    await until('they arrive', () => shop.heard.length === before + 3)
  })

  test('[K11] nothing but failures for a span switches it off, the others are told once, and it comes back', async () => {
    stand.deps.webhooks = { allowPrivate: true, delaysMs: [20, 20, 20], failingOffMs: 400 }
    const shop = await receiver(() => 500)
    const watcher = await receiver()
    const mine = await webhook(shop.url)
    const added = await addWebhook(redis, {
      ...{ brand: 'acme', url: watcher.url, events: ['webhook.off'] },
    })
    expect(added.ok).toBe(true)
    await stand.worker()
    const ping = (no: number) =>
      queueDeliveries(redis, [
        {
          ...{ webhook: mine.id, brand: 'acme', id: `ping-${no}` },
          delivery: { type: 'ping', atMs: START_MS, data: {}, attempts: 0 },
        },
      ])
    await ping(1)
    await until('it fails', async () => (await readFailing(redis)).has(mine.id))
    // One good answer begins the span anew.
    shop.state.behave = () => 200
    await ping(2)
    await until('it is well', async () => !(await readFailing(redis)).has(mine.id))
    expect(await getWebhook(redis, mine.id)).toMatchObject({ active: true })
    shop.state.behave = () => 500
    let no = 3
    await until('it is off', async () => {
      await ping(no++)
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
    await ping(no)
    await until('it hears again', () => shop.heard.length > before)
    expect(watcher.heard).toHaveLength(1)
  })

  test('[K12] a receiver that hangs holds up nobody, and has at most eight requests', async () => {
    const hanging = await receiver(() => undefined)
    const quick = await receiver()
    await webhook(hanging.url)
    await webhook(quick.url)
    const viewers = await Promise.all(Array.from({ length: 40 }, (_, i) => account(`v${i}`)))
    await rise(...viewers)
    const begun = systemClock.now()
    await stand.worker()
    await until('all arrive at the quick one', () => quick.heard.length === 40)
    expect(systemClock.now() - begun).toBeLessThan(5000)
    expect(quick.state.mostOpen).toBeLessThanOrEqual(8)
    expect(new Set(quick.ids()).size).toBe(40)
    expect(hanging.state.mostOpen).toBeLessThanOrEqual(8)
  })

  test('[K12] to a receiver that fails one request is under way, not eight', async () => {
    let slow = 0
    const shop = await receiver((_, response) => {
      slow = Math.max(slow, shop.heard.length > 8 ? shop.state.open : 0)
      setTimeout(() => response.writeHead(500).end(), 30)
      return undefined
    })
    await webhook(shop.url)
    stand.deps.webhooks.delaysMs = [60_000]
    await rise(...(await Promise.all(Array.from({ length: 14 }, (_, i) => account(`v${i}`)))))
    await stand.worker()
    await until('all were tried', () => shop.heard.length === 14)
    expect(slow).toBe(1)
    expect(new Set(shop.ids()).size).toBe(14)
  })

  test('[K1] of a webhook that is removed nothing is left', async () => {
    const shop = await receiver(() => 500)
    const mine = await webhook(shop.url)
    stand.deps.webhooks.delaysMs = [300, 300, 300]
    await rise(await account('alice'))
    await stand.worker()
    await until('it was tried', () => shop.heard.length === 1)
    expect(await removeWebhook(redis, mine)).toBe(true)
    await quiet()
    expect(await dueWebhooks(redis, slot())).toEqual({ webhooks: [], nextMs: undefined })
    expect((await redis.keys('ff:*:hook-bodies:*')).length).toBe(0)
    expect(await redis.hget('ff:{cfg}:webhook-counts', 'acme')).toBe('0')
  })
})

describe('bounds', () => {
  test('[K5] what does not fit is a dead letter, the journal goes on, and other webhooks are told', async () => {
    const [down, up] = [await receiver(() => 500), await receiver()]
    const [full, free] = [await webhook(down.url), await webhook(up.url)]
    const later = systemClock.now() + 3_600_000
    const waiting = Array.from({ length: WAITING_MAX - 1 }, (_, i) => [later, `old-${i}`]).flat()
    await redis.zadd(`ff:${slot()}:hook-due:${full.id}`, ...waiting)
    await rise(...(await Promise.all(['a', 'b', 'c'].map((id) => account(id)))))
    await stand.worker()
    await stand.drained()
    await until('the other hears of all', () => up.heard.length === 3)
    const { dead } = await listDead(redis, { brand: 'acme' })
    expect(dead.filter(({ why }) => why === 'full')).toHaveLength(2)
    expect(dead.every((letter) => letter.webhook === full.id)).toBe(true)
    expect(await redis.zcard(`ff:${slot()}:hook-due:${free.id}`)).toBe(0)
    // The one that fitted is with the receiver, under the id that the other webhook heard.
    await until('it was tried', () => down.heard.length > 0)
    const told = new Set([...dead.map(({ id }) => id), ...down.ids()])
    expect(told).toEqual(new Set(up.ids()))
  })

  test('[K4] an element of fifty tier-ups for twenty webhooks is one step', async () => {
    const shop = await receiver()
    for (let i = 0; i < 20; i++) await webhook(`${shop.url}&no=${i}`)
    const viewers = await Promise.all(Array.from({ length: 50 }, (_, i) => account(`v${i}`)))
    await rise(...viewers)
    await stand.worker()
    await until('all arrive', () => shop.heard.length === 1000)
    await quiet()
    expect(new Set(shop.ids()).size).toBe(50)
    expect(new Set(shop.heard.map(({ path, told }) => `${path} ${told.id}`)).size).toBe(1000)
  })
})

describe('damage', () => {
  test('[K13] one delivery that cannot be read does not hold up the others', async () => {
    const shop = await receiver()
    const mine = await webhook(shop.url)
    await ping(mine, 'ping-1')
    await ping(mine, 'ping-2')
    await redis.hset(`ff:{cfg}:hook-bodies:${mine.id}`, 'ping-1', '{"type":')
    await stand.worker()
    await quiet()
    expect(shop.ids()).toEqual(['ping-2'])
  })

  test('[K3] while the list of webhooks was never read nothing is passed over', async () => {
    const shop = await receiver()
    await webhook(shop.url)
    await rise(await account('alice'))
    let asked = 0
    stand.deps.store = new Proxy(redis, {
      get(target, name) {
        const value = Reflect.get(target, name)
        if (name === 'hgetall')
          return (key: string) => {
            if (key !== 'ff:{cfg}:webhooks' || ++asked > 3) return redis.hgetall(key)
            return Promise.reject(new Error('not now'))
          }
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    await stand.worker()
    await until('it arrives', () => shop.heard.length === 1)
    expect(asked).toBeGreaterThan(3)
  })
})

describe('crashes', () => {
  const names = new Map<string, string>()
  const nameOf = (command: unknown) =>
    names.get(String((command as { args?: unknown[] } | undefined)?.args?.[0]))
  beforeAll(async () => {
    const { scripts } = await import('../../redis/index.ts')
    for (const { sha, name } of scripts()) names.set(sha, name)
  })

  test.each([
    ['before it is queued', 'webhooks.queue_journalled', 'before', 2],
    ['after it is queued and before it is sent', 'webhooks.queue_journalled', 'after', 2],
    ['after it is read and before it is sent', 'webhooks.take', 'after', 2],
    ['after it is sent and before it is settled', 'webhooks.settle', 'before', 4],
    ['after it is settled', 'webhooks.settle', 'after', 3],
  ] as const)(
    '[K13] the worker dies %s: nothing is lost, and a repeat has the same id',
    async (_, script, when, most) => {
      const shop = await receiver()
      await webhook(shop.url)
      await rise(await account('alice'), await account('bob'))
      let isDead = false
      stand.deps.store = storeThatDies(redis, ({ args: [command] }) => {
        if (nameOf(command) !== script) return
        isDead = true
        return when
      })
      const first = await stand.worker()
      await until('it is dead', () => isDead)
      await systemClock.sleep(300)
      await first.stop()
      await redis.del(`ff:${slot()}:lease`)

      stand.deps.store = redis
      await stand.worker()
      await stand.drained()
      await quiet()
      const ids = shop.ids()
      expect(new Set(ids).size).toBe(2)
      // What was under way and not settled comes twice.
      expect(ids.length).toBeGreaterThanOrEqual(2)
      expect(ids.length).toBeLessThanOrEqual(most)
      const bodies = new Set(shop.heard.map(({ body }) => body))
      expect(bodies.size).toBe(2)
    },
  )

  test('[K13] the cursor is lost while deliveries wait: none is queued twice', async () => {
    stand.deps.webhooks.delaysMs = [60_000]
    const shop = await receiver(() => 500)
    const mine = await webhook(shop.url)
    await rise(await account('alice'))
    const first = await stand.worker()
    await until('it was tried', () => shop.heard.length === 1)
    await systemClock.sleep(100)
    const element = must(await redis.hget(cursorsKey(slot()), 'webhooks'), 'a cursor')
    await first.stop()
    await redis.hset(cursorsKey(slot()), 'webhooks', '0-0')
    await rise(await account('bob'))
    await stand.worker()
    await until('both were tried', () => shop.heard.length === 2)
    expect(new Set(shop.ids()).size).toBe(2)
    expect(element).not.toBe('0-0')
    const due = await takeDue(redis, { slot: slot(), webhook: mine.id, limit: 10 })
    expect(due).toEqual({ deliveries: [], unreadable: [] })
    expect(await redis.zcard(`ff:${slot()}:hook-due:${mine.id}`)).toBe(2)
  })
})
