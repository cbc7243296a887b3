/** Redis killed, stopped, cut back, robbed of its scripts and filled up, under load on two gateways. */

import { readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../../server/redis/index.ts'
import { createPartitions } from '../../server/redis/index.ts'
import { startRedis, type TestRedis } from '../../server/redis/testing.ts'
import { startService, type TestService } from '../../server/service.testing.ts'
import { journalKey } from '../../server/wallet/index.ts'
import { seededRandom } from '../../shared/seeded.ts'
import { createTappers, publish, readBooks, sleep, type Tappers } from './tappers.testing.ts'

const VIEWERS = 24

describe('two gateways on one Redis, appendfsync everysec', () => {
  let redis: TestRedis
  let store: Store
  let services: TestService[] = []
  let tappers: Tappers
  beforeAll(async () => {
    redis = await startRedis()
    store = await redis.connect()
    await publish(store)
    services = await Promise.all([1, 2].map(() => startService({ redisUrl: redis.url })))
    const urls = services.map(({ gatewayUrl }) => gatewayUrl)
    tappers = await createTappers({ urls, viewers: VIEWERS, seed: 7 })
  })
  afterAll(async () => {
    tappers?.close()
    await Promise.allSettled(services.map((service) => service.kill()))
    await redis.stop()
  })

  /** Everybody has what they tapped, the journal says the same, and nothing in it twice. */
  async function allIsRight(): Promise<void> {
    await tappers.settled()
    const books = await readBooks(store)
    expect(books).toEqual({
      issued: tappers.tapped(),
      journal: tappers.tapped(),
      doubled: [],
    })
  }

  test('[GW14 F3 F14] killed three times and robbed of its scripts: what was tapped is credited, once', async () => {
    tappers.go()
    for (let i = 0; i < 3; i++) {
      await sleep(1200)
      await store.script('FLUSH')
      await sleep(300)
      await redis.kill()
      await sleep(200)
      await redis.start()
    }
    await sleep(1000)
    tappers.rest()
    expect(tappers.tapped()).toBeGreaterThan(VIEWERS * 4)
    await allIsRight()
  })

  test('[GW15 F5] it hangs for seven seconds: points are paused, nobody waits for ever, nothing is doubled', async () => {
    for (const { phases } of tappers.all) phases.clear()
    tappers.go()
    await sleep(500)
    process.kill(redis.pid(), 'SIGSTOP')
    try {
      await sleep(7000)
      for (const { client, phases } of tappers.all) {
        expect(phases.has('paused'), JSON.stringify([...phases])).toBe(true)
        expect(client.state.status.phase).toBe('paused')
      }
    } finally {
      process.kill(redis.pid(), 'SIGCONT')
    }
    await sleep(500)
    tappers.rest()
    await allIsRight()
    for (const { client } of tappers.all) expect(client.state.status.phase).toBe('online')
  })

  test.each([11, 12, 13])(
    '[GW14 F4] its file is cut at a random offset (seed %i): the sums agree, and clients send again what is missing',
    async (seed) => {
      const random = seededRandom(seed)
      const folder = join(redis.dir, 'appendonlydir')
      const file = () =>
        join(
          folder,
          readdirSync(folder)
            .filter((name) => name.includes('.incr.'))
            .sort()
            .at(-1) ?? '',
        )
      const sizes: number[] = []
      tappers.go()
      for (let i = 0; i < 25; i++) {
        sizes.push(statSync(file()).size)
        await sleep(100)
      }
      await redis.kill()
      const size = statSync(file()).size
      // Not further back than what clients have been told is durable: two seconds.
      const safe = sizes.at(-15) ?? size
      const cut = safe + Math.floor(random() * (size - safe))
      expect(cut).toBeLessThan(size)
      truncateSync(file(), cut)
      await redis.start()
      const at = await readBooks(store)
      expect(at.journal).toBe(at.issued)
      expect(at.doubled).toEqual([])
      await sleep(500)
      tappers.rest()
      await allIsRight()
    },
  )

  test('[GW10 F2] a gateway is told to stop under load: it ends in good order and everybody goes on at the other', async () => {
    tappers.go()
    await sleep(500)
    const [one] = services
    expect(await one?.stop()).toBe(0)
    expect(one?.log()).not.toContain('could not stop in good order')
    await sleep(1000)
    tappers.rest()
    await allIsRight()
  })
})

test('[GW15 F12] a journal that nobody archives fills up: points are paused, and go on when there is room', async () => {
  const redis = await startRedis()
  const store = await redis.connect()
  await publish(store)
  const service = await startService({
    redisUrl: redis.url,
    env: { FANFARE_JOURNAL_MAX_ENTRIES: '100' },
  })
  const tappers = await createTappers({ urls: [service.gatewayUrl], viewers: 40, seed: 3 })
  try {
    tappers.go()
    const told = () => tappers.all.some(({ client }) => client.state.room?.paused)
    for (let i = 0; i < 300 && !told(); i++) await sleep(100)
    expect(told()).toBe(true)
    expect(tappers.all.some(({ phases }) => phases.has('paused'))).toBe(true)
    tappers.rest()
    for (const slot of createPartitions(8).slots) await store.xtrim(journalKey(slot), 'MAXLEN', 0)
    await tappers.settled()
    // The last answer may come before the pulse that says that the room goes on.
    const online = () => tappers.all.every(({ client }) => client.state.status.phase === 'online')
    await expect.poll(online, { timeout: 10_000 }).toBe(true)
  } finally {
    tappers.close()
    await service.kill()
    await redis.stop()
  }
})
