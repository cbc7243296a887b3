import { afterAll, beforeAll } from 'vitest'
import { must } from './kernel/index.ts'
import { type Asking, askApi } from './merchant.testing.ts'
import { startRedis, type TestRedis } from './redis/testing.ts'
import { knock, startService, type TestService, testTicket } from './service.testing.ts'

/** The whole service as one process with a Redis of its own, for the tests of one file; it runs from before the first of them. */
export function useService() {
  let redis: TestRedis | undefined
  let service: TestService | undefined
  beforeAll(async () => {
    redis = await startRedis()
    service = await startService({ redisUrl: redis.url, roles: 'gateway,api,worker' })
  })
  afterAll(async () => {
    await service?.stop()
    await redis?.stop()
  })
  const apiUrl = () => must(service, 'the service').apiUrl
  const gatewayUrl = () => must(service, 'the service').gatewayUrl
  return {
    apiUrl,
    gatewayUrl,
    redisUrl: () => must(redis, 'its Redis').url,
    /** A connection to its Redis. */
    connect: () => must(redis, 'its Redis').connect(),
    /** As the merchant's server. */
    call: <T = unknown>(path: string, asking?: Asking) => askApi<T>(apiUrl(), path, asking),
    /** A socket with a ticket like that. */
    enter: async (ticket: Parameters<typeof testTicket>[0]) =>
      knock(gatewayUrl(), { ticket: await testTicket(ticket) }),
  }
}
