/** A connection lasts as long as the process, whatever happens to the server meanwhile. */

import { expect, test } from 'vitest'
import { startRedis } from './testing.ts'

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))

test('a server that is away ten seconds after the first contact is found again', async () => {
  const redis = await startRedis()
  const store = await redis.connect()
  // The deadline of the first contact must not end a connection that was reached long ago.
  await sleep(9000)
  await redis.kill()
  await sleep(1500)
  await redis.start()
  for (let i = 0; i < 150 && store.status !== 'ready'; i++) await sleep(20)
  expect(await store.ping()).toBe('PONG')
  await redis.stop()
})
