import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { must, systemClock } from '../../kernel/index.ts'
import type { Store } from '../../redis/index.ts'
import { storeThatDies } from '../../redis/testing.ts'
import { useRedis } from '../../redis/use-redis.testing.ts'
import { listDead, takeDue, WAITING_MAX } from '../../webhooks/index.ts'
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

describe('bounds', () => {
  test('[K5] what does not fit is a dead letter, the journal goes on, and other webhooks are told', async () => {
    const [down, up] = [await hooks.receiver(() => 500), await hooks.receiver()]
    const [full, free] = [await hooks.webhook(down.url), await hooks.webhook(up.url)]
    const later = systemClock.now() + 3_600_000
    const waiting = Array.from({ length: WAITING_MAX - 1 }, (_, i) => [later, `old-${i}`]).flat()
    await redis.zadd(`ff:${hooks.slot}:hook-due:${full.id}`, ...waiting)
    await hooks.rise(...(await Promise.all(['a', 'b', 'c'].map((id) => hooks.account(id)))))
    await hooks.stand.worker()
    await hooks.stand.drained()
    await until('the other hears of all', () => up.heard.length === 3)
    const { dead } = await listDead(redis, { brand: 'acme' })
    expect(dead.filter(({ why }) => why === 'full')).toHaveLength(2)
    expect(dead.every((letter) => letter.webhook === full.id)).toBe(true)
    expect(await redis.zcard(`ff:${hooks.slot}:hook-due:${free.id}`)).toBe(0)
    // The one that fitted is with the receiver, under the id that the other webhook heard.
    await until('it was tried', () => down.heard.length > 0)
    const told = new Set([...dead.map(({ id }) => id), ...down.ids()])
    expect(told).toEqual(new Set(up.ids()))
  })

  test('[K4] an element of fifty tier-ups for twenty webhooks is one step', async () => {
    const shop = await hooks.receiver()
    for (let i = 0; i < 20; i++) await hooks.webhook(`${shop.url}&no=${i}`)
    const viewers = await Promise.all(Array.from({ length: 50 }, (_, i) => hooks.account(`v${i}`)))
    await hooks.rise(...viewers)
    await hooks.stand.worker()
    await until('all arrive', () => shop.heard.length === 1000)
    await hooks.quiet()
    expect(new Set(shop.ids()).size).toBe(50)
    expect(new Set(shop.heard.map(({ path, told }) => `${path} ${told.id}`)).size).toBe(1000)
  })
})

describe('damage', () => {
  test('[K13] one delivery that cannot be read does not hold up the others', async () => {
    const shop = await hooks.receiver()
    const mine = await hooks.webhook(shop.url)
    await hooks.ping(mine, 'ping-1')
    await hooks.ping(mine, 'ping-2')
    await redis.hset(`ff:{cfg}:hook-bodies:${mine.id}`, 'ping-1', '{"type":')
    await hooks.stand.worker()
    await hooks.quiet()
    expect(shop.ids()).toEqual(['ping-2'])
  })

  test('[K3] while the list of webhooks was never read nothing is passed over', async () => {
    const shop = await hooks.receiver()
    await hooks.webhook(shop.url)
    await hooks.rise(await hooks.account('alice'))
    let asked = 0
    hooks.stand.deps.store = new Proxy(redis, {
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
    await hooks.stand.worker()
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
    for (const { library, name } of scripts()) names.set(library.name, name)
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
      const shop = await hooks.receiver()
      await hooks.webhook(shop.url)
      await hooks.rise(await hooks.account('alice'), await hooks.account('bob'))
      let isDead = false
      hooks.stand.deps.store = storeThatDies(redis, ({ args: [command] }) => {
        if (nameOf(command) !== script) return
        isDead = true
        return when
      })
      const first = await hooks.stand.worker()
      await until('it is dead', () => isDead)
      await systemClock.sleep(300)
      await first.stop()
      await redis.del(`ff:${hooks.slot}:lease`)

      hooks.stand.deps.store = redis
      await hooks.stand.worker()
      await hooks.stand.drained()
      await hooks.quiet()
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
    hooks.stand.deps.webhooks.delaysMs = [60_000]
    const shop = await hooks.receiver(() => 500)
    const mine = await hooks.webhook(shop.url)
    await hooks.rise(await hooks.account('alice'))
    const first = await hooks.stand.worker()
    await until('it was tried', () => shop.heard.length === 1)
    await systemClock.sleep(100)
    const element = must(await redis.hget(cursorsKey(hooks.slot), 'webhooks'), 'a cursor')
    await first.stop()
    await redis.hset(cursorsKey(hooks.slot), 'webhooks', '0-0')
    await hooks.rise(await hooks.account('bob'))
    await hooks.stand.worker()
    await until('both were tried', () => shop.heard.length === 2)
    expect(new Set(shop.ids()).size).toBe(2)
    expect(element).not.toBe('0-0')
    const due = await takeDue(redis, { slot: hooks.slot, webhook: mine.id, limit: 10 })
    expect(due).toEqual({ deliveries: [], unreadable: [] })
    expect(await redis.zcard(`ff:${hooks.slot}:hook-due:${mine.id}`)).toBe(2)
  })
})
