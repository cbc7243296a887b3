import { createHash, createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { formatAccount } from '../../../shared/ids.ts'
import { eraseAccount } from '../../identity/index.ts'
import { must, systemClock } from '../../kernel/index.ts'
import type { Store } from '../../redis/index.ts'
import { useRedis } from '../../redis/use-redis.testing.ts'
import { Wallets } from '../../wallet/index.ts'
import {
  addWebhook,
  changeSecret,
  listDead,
  queueDeliveries,
  WEBHOOK_EVENT_NAMES,
  webhookSecret,
} from '../../webhooks/index.ts'
import { cursorsKey } from '../keys.ts'
import { until } from '../worker.testing.ts'
import { type Hooks, openHooks } from './hooks.testing.ts'

let redis: Store
let hooks: Hooks
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  hooks = await openHooks(redis)
})
afterEach(() => hooks.close())

describe('what is told', () => {
  test("[K4 K9] a tier-up reaches the brand of the account, signed, with the merchant's own id", async () => {
    const shop = await hooks.receiver()
    const other = await hooks.receiver()
    const mine = await hooks.webhook(shop.url)
    await hooks.webhook(other.url, 'somebody-else')
    const alice = await hooks.account('alice')
    const atMs = await hooks.rise(alice)
    await hooks.stand.worker()
    await until('it arrives', () => shop.heard.length === 1)
    await hooks.quiet()

    const { path, headers, body, told } = must(shop.heard[0], 'a request')
    const [element] = await redis.hmget(cursorsKey(hooks.slot), 'webhooks')
    expect(told).toEqual({
      id: `p0-${element}-0-0`,
      type: 'tier.reached',
      atMs,
      brand: 'acme',
      data: {
        account: { number: formatAccount(alice), viewer: 'alice' },
        version: 1,
        ladder: hooks.stand.bench.book.ladder.id,
        tier: 'gold',
        rung: 3,
        promotion: 1,
        room: 'kitchen',
        live: hooks.stand.bench.room.live,
      },
    })
    expect(headers).toMatchObject({
      'fanfare-delivery': told.id,
      'fanfare-attempt': '1',
      'fanfare-webhook': mine.id,
      'content-type': 'application/json; charset=utf-8',
    })
    // As docs/webhooks.md tells receivers to check it.
    const secret = webhookSecret(hooks.stand.deps.pepper, { id: mine.id, no: 1 })
    const signed = String(headers['x-fanfare-signature'])
    const { t, v1 } = Object.fromEntries(signed.split(',').map((part) => part.split('=')))
    const hash = createHash('sha256').update(body).digest('hex')
    const expected = createHmac('sha256', secret).update(`${t}.POST.${path}.${hash}`).digest('hex')
    expect(v1).toBe(expected)
    expect(other.heard).toEqual([])
  })

  test('[K2] for a day after a change of secret both sign', async () => {
    const shop = await hooks.receiver()
    const mine = await hooks.webhook(shop.url)
    await changeSecret(redis, mine.id, systemClock.now())
    await hooks.stand.worker()
    await hooks.ping(mine, 'ping-1')
    await until('it arrives', () => shop.heard.length === 1)
    const { path, headers, body } = must(shop.heard[0], 'a request')
    const signed = String(headers['x-fanfare-signature'])
    const t = /t=(\d+)/.exec(signed)?.[1]
    const hash = createHash('sha256').update(body).digest('hex')
    const digests = [2, 1].map((no) =>
      createHmac('sha256', webhookSecret(hooks.stand.deps.pepper, { id: mine.id, no }))
        .update(`${t}.POST.${path}.${hash}`)
        .digest('hex'),
    )
    expect(signed).toBe(`t=${t},kid=${mine.id},v1=${digests[0]},v1=${digests[1]}`)
  })

  test('[K3] what happened before the webhook was there is not told', async () => {
    const shop = await hooks.receiver()
    await hooks.rise(await hooks.account('early'))
    await systemClock.sleep(5)
    await hooks.webhook(shop.url)
    await systemClock.sleep(5)
    await hooks.rise(await hooks.account('late'))
    await hooks.stand.worker()
    await hooks.stand.drained()
    await hooks.quiet()
    expect(shop.heard.map(({ told }) => told.data.account)).toEqual([
      expect.objectContaining({ viewer: 'late' }),
    ])
  })

  test('[K4] what a crash may take back is not told', async () => {
    const shop = await hooks.receiver()
    await hooks.webhook(shop.url)
    hooks.stand.fake.state.durableAtMs = 0
    await hooks.rise(await hooks.account('alice'))
    await hooks.stand.worker()
    await until('the history is written', async () =>
      Boolean(await redis.hget(cursorsKey(hooks.slot), 'history')),
    )
    await systemClock.sleep(800)
    expect(shop.heard).toEqual([])
    hooks.stand.fake.state.durableAtMs = Number.MAX_SAFE_INTEGER
    await until('it arrives', () => shop.heard.length === 1)
  })

  test('[K4] what moves points is told as what it is, in the order of the account', async () => {
    const shop = await hooks.receiver()
    const added = await addWebhook(redis, {
      brand: 'acme',
      url: shop.url,
      events: WEBHOOK_EVENT_NAMES,
    })
    if (!added.ok) throw new Error(added.code)
    const alice = await hooks.account('alice')
    const wallets = new Wallets({
      store: redis,
      partitions: hooks.stand.bench.places,
      clock: systemClock,
      rulebook: hooks.stand.deps.rulebook,
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
    await hooks.stand.worker()
    await until('all arrive', () => shop.heard.length === 7)
    await hooks.quiet()
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
    const shop = await hooks.receiver(() => 500)
    const mine = await hooks.webhook(shop.url)
    hooks.stand.deps.webhooks.delaysMs = [1500]
    const [alice, bob] = [await hooks.account('alice'), await hooks.account('bob')]
    await hooks.rise(alice)
    await hooks.stand.worker()
    await until('it was tried', () => shop.heard.length === 1)
    expect(await redis.hvals(`ff:${hooks.slot}:hook-bodies:${mine.id}`)).toEqual([
      expect.not.stringContaining('alice'),
    ])
    await eraseAccount(hooks.registry, alice)
    await eraseAccount(hooks.registry, bob)
    await hooks.rise(bob)
    await hooks.stand.drained()
    await hooks.quiet()
    expect(shop.heard).toHaveLength(1)
    expect(await listDead(redis, { brand: 'acme' })).toEqual({ dead: [], lost: 0 })
  })

  test('[K14] who else took part is left out where they were erased', async () => {
    const shop = await hooks.receiver()
    const mine = await hooks.webhook(shop.url)
    const [alice, bob] = [await hooks.account('alice'), await hooks.account('bob')]
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
    await hooks.stand.worker()
    await tell('gift-1')
    await until('it arrives', () => shop.heard.length === 1)
    await eraseAccount(hooks.registry, bob)
    await tell('gift-2')
    await until('the other arrives', () => shop.heard.length === 2)
    const who = (viewer: string, no: number) => ({ number: formatAccount(no), viewer })
    expect(shop.heard.map(({ told }) => told.data)).toEqual([
      { account: who('alice', alice), other: who('bob', bob), points: 5 },
      { account: who('alice', alice), points: 5 },
    ])
  })

  test('[K16] what is queued by an id is sent once, however often it is queued', async () => {
    const shop = await hooks.receiver()
    const mine = await hooks.webhook(shop.url)
    await hooks.stand.worker()
    for (let i = 0; i < 3; i++) await hooks.ping(mine, 'low-stock-7')
    await until('it arrives', () => shop.heard.length === 1)
    await hooks.quiet()
    await hooks.ping(mine, 'low-stock-7')
    await hooks.ping(mine, 'low-stock-8')
    await until('the other arrives', () => shop.heard.length === 2)
    await hooks.quiet()
    expect(shop.ids()).toEqual(['low-stock-7', 'low-stock-8'])
  })
})
