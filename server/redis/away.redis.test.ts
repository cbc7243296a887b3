/** What the client really says when Redis goes, and that no fault of ours is taken for it. */

import { expect, test } from 'vitest'
import { errorsOf, unknownOf } from './away.testing.ts'
import { startRedis } from './testing.ts'

test('[R19] a server that is killed, starts, and has no room is away, whatever was asked', async () => {
  const redis = await startRedis()
  try {
    const store = await redis.connect()
    const asked = errorsOf(() => store.set('k', 'v'), 1500)
    await redis.kill()
    await new Promise((done) => setTimeout(done, 700))
    await redis.start()
    const errors = await asked
    expect(errors.length).toBeGreaterThan(5)
    expect(unknownOf(errors)).toEqual([])
    await expect.poll(() => store.status).toBe('ready')
    await store.config('SET', 'maxmemory', '1')
    const full = await errorsOf(() => store.set('k', 'v'), 100)
    expect(full.length).toBeGreaterThan(0)
    expect(unknownOf(full)).toEqual([])
    await store.config('SET', 'maxmemory', '0')
    const ours = await errorsOf(() => store.eval('return nosuch()', 0), 100)
    expect(ours.length).toBeGreaterThan(0)
    expect(unknownOf(ours)).toHaveLength(ours.length)
  } finally {
    await redis.stop()
  }
})
