/** The append-only file cut at many offsets, further and further back, with nobody connected. */

import { readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startRedis } from '../../server/redis/testing.ts'
import { startService } from '../../server/service.testing.ts'
import { seededRandom } from '../../shared/seeded.ts'
import { createTappers, publish, readBooks, sleep } from './tappers.testing.ts'

const CUTS = 40
/** About the length of what one scoring call writes, so that most cuts fall into one. */
const STEP_BYTES = 700

test('[GW14 F4] at each of 40 random offsets the counters and the journal agree', async () => {
  const redis = await startRedis()
  const store = await redis.connect()
  await publish(store)
  const service = await startService({ redisUrl: redis.url })
  const tappers = await createTappers({ urls: [service.gatewayUrl], viewers: 16, seed: 21 })
  try {
    tappers.go()
    await sleep(4000)
    tappers.rest()
    await tappers.settled()
    tappers.close()
    await service.stop()
    const random = seededRandom(22)
    const folder = join(redis.dir, 'appendonlydir')
    const file = join(folder, readdirSync(folder).find((name) => name.includes('.incr.')) ?? '')
    let last = await readBooks(store)
    expect(last.issued).toBe(tappers.tapped())
    for (let i = 0; i < CUTS; i++) {
      await redis.kill()
      const size = statSync(file).size
      truncateSync(file, size - 1 - Math.floor(random() * STEP_BYTES))
      await redis.start()
      const books = await readBooks(store)
      expect(books, `cut ${i}`).toEqual({ ...books, issued: books.journal, doubled: [] })
      expect(books.issued).toBeLessThanOrEqual(last.issued)
      last = books
    }
    expect(last.issued).toBeLessThan(tappers.tapped())
  } finally {
    tappers.close()
    await service.kill()
    await redis.stop()
  }
})
