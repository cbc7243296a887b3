import { expect, test } from 'vitest'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { ONCE_ANSWER_BYTES_MAX } from './limits.ts'
import { once } from './once.ts'

let store: Store
useRedis(async (server) => {
  store = await server.connect()
})

test('[A12] the largest answer is kept; a larger one is given and not kept, so that a repeat runs', async () => {
  // Of three bytes each: what is bounded is what Redis keeps.
  const largest = '分'.repeat(Math.floor(ONCE_ANSWER_BYTES_MAX / 3)) + 'x'
  expect(Buffer.byteLength(largest)).toBe(ONCE_ANSWER_BYTES_MAX)
  for (const [key, body, runs] of [
    ['largest', largest, 1],
    ['too-large', `${largest}x`, 2],
  ] as const) {
    let ran = 0
    const call = () =>
      once(store, { brand: 'acme', key, input: ['POST', '/v1/x'], keep: () => true }, async () => {
        ran++
        return { status: 200, body }
      })
    for (let i = 0; i < 2; i++) expect((await call()).body === body, key).toBe(true)
    expect(ran, key).toBe(runs)
  }
})
