import { afterAll, beforeAll } from 'vitest'
import { must } from './kernel/index.ts'
import type { Store } from './redis/index.ts'
import { startRedis, type TestRedis } from './redis/testing.ts'
import { journalled } from './scoring/journalled.testing.ts'
import {
  knock,
  PARTITIONS,
  startService,
  type TestService,
  type TestSocket,
  testTicket,
} from './service.testing.ts'

/** A Redis, from before the first test of the file, and processes of the service on it, which are killed behind the last. */
export function useServices() {
  let redis: TestRedis | undefined
  let connection: Store | undefined
  const running: TestService[] = []
  const store = () => must(connection, 'the store')
  const killAll = () => Promise.all(running.splice(0).map((service) => service.kill()))
  beforeAll(async () => {
    redis = await startRedis()
    connection = await redis.connect()
  })
  afterAll(async () => {
    await killAll()
    await redis?.stop()
  })
  return {
    store,
    killAll,
    /** One process for each of the roles that are named. */
    async start<Roles extends readonly string[]>(
      ...roles: Roles
    ): Promise<{ [Each in keyof Roles]: TestService }> {
      const { url } = must(redis, 'its Redis')
      const started = await Promise.all(
        roles.map((each) => startService({ redisUrl: url, roles: each })),
      )
      running.push(...started)
      return started as { [Each in keyof Roles]: TestService }
    },
    /** What all accounts did, as the journal has it. */
    journalled: () => journalled(store(), PARTITIONS.slots),
  }
}

/** A socket of that process, with a ticket like that. */
export const visit = async (
  service: TestService,
  ticket: Parameters<typeof testTicket>[0],
): Promise<TestSocket> =>
  (await knock(service.gatewayUrl, { ticket: await testTicket(ticket) })).socket
