import { afterAll, beforeAll } from 'vitest'
import { startRedis, type TestRedis } from './testing.ts'

/**
 * A Redis of its own for the tests of one file: `begin` gets it before the first of them, it ends
 * after the last. Options are passed to redis-server as given.
 */
export function useRedis(begin: (server: TestRedis) => Promise<unknown>, options?: string[]): void {
  let server: TestRedis | undefined
  beforeAll(async () => {
    server = await startRedis(options)
    await begin(server)
  })
  afterAll(() => server?.stop())
}
