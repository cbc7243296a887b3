import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { createStand, SHORT_GOALS, type Stand, until, watch } from './worker.testing.ts'

let redis: Store
let stand: Stand
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  stand = createStand(redis, { partitions: 1, book: SHORT_GOALS })
})
afterEach(() => stand.clean())

test('[RW25 002-24] a live is watched where a watch rule paid in it, not where somebody looked in', async () => {
  const watched = (account: number) =>
    redis.smembers(`ff:${stand.bench.places.slotOf(account)}:watched:${account}`)
  await watch(stand, 2, 6)
  await watch(stand, 3, 2)
  await stand.worker()
  await until('it is noted', async () => (await watched(2)).length > 0)
  await stand.drained()
  expect(await watched(2)).toEqual([String(stand.bench.room.live)])
  expect(await watched(3)).toEqual([])
})
