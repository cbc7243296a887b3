import { expect, test } from 'vitest'
import { errorsOf, unknownOf } from './away.testing.ts'
import { startCluster } from './testing.ts'

test('[R19] a cluster that has lost a master is away for its slots, and back with it', async () => {
  const cluster = await startCluster(3)
  try {
    const store = await cluster.connect()
    let n = 0
    const asked = errorsOf(() => store.set(`{${n++ % 64}}k`, 'v'), 12_000)
    await cluster.nodes[0]?.kill()
    await new Promise((done) => setTimeout(done, 4000))
    await cluster.nodes[0]?.start()
    const errors = await asked
    expect(errors.length).toBeGreaterThan(0)
    expect(unknownOf(errors)).toEqual([])
    await expect.poll(() => store.set('{1}k', 'v'), { timeout: 20_000 }).toBe('OK')
  } finally {
    await cluster.stop()
  }
})
