/** Two gateway processes, every command sent to both, one of them killed in the middle. */

import { afterAll, beforeAll, test } from 'vitest'
import type { Store } from '../redis/index.ts'
import { startRedis, type TestRedis } from '../redis/testing.ts'
import { startService, type TestService } from '../service.testing.ts'
import { playDoubled, publishPlain } from './exactly-once.testing.ts'

let redis: TestRedis
let store: Store
let one: TestService
let two: TestService
beforeAll(async () => {
  redis = await startRedis()
  store = await redis.connect()
  await publishPlain(store)
  ;[one, two] = (await Promise.all([1, 2].map(() => startService({ redisUrl: redis.url })))) as [
    TestService,
    TestService,
  ]
})
afterAll(async () => {
  await Promise.allSettled([one.kill(), two.kill()])
  await redis.stop()
})

test('[GW11 C28 P4 000-15] 200 viewers, every command on two gateways, one killed: acknowledged = credited, nothing twice', async () => {
  await playDoubled({
    store,
    one,
    two,
    viewers: 200,
    commands: 12,
    during: async (round) => {
      if (round === 6) await one.kill()
    },
  })
})
