import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import type { Store } from '../redis/index.ts'
import { startRedis, type TestRedis } from '../redis/testing.ts'
import { act, START_MS } from '../scoring/bench.testing.ts'
import { createStand, type Stand, until } from './worker.testing.ts'

let server: TestRedis
let redis: Store
let stand: Stand
beforeAll(async () => {
  server = await startRedis()
  redis = await server.connect()
})
afterAll(() => server.stop())
beforeEach(async () => {
  await redis.flushall()
  const earn = PRESETS.live.earn.map((rule) =>
    rule.goal ? { ...rule, goal: { mode: 'cumulative' as const, minutes: 1 } } : rule,
  )
  stand = createStand(redis, { partitions: 1, book: { earn } })
})
afterEach(() => stand.clean())

/** A viewer who sends so many beats, 15 s apart. */
async function watch(account: number, beats: number): Promise<void> {
  let nonce = 0
  for (let n = 0; n <= beats; n++) {
    const beat = act(n + 1, 'watch', { p1: nonce, p2: 1000 + n })
    const answer = await stand.bench.one(START_MS + n * 15_000, { account, actions: [beat] })
    nonce = answer.state.watch.nonce
  }
}

test('[RW25 002-24] a live is watched where a watch rule paid in it, not where somebody looked in', async () => {
  const watched = (account: number) =>
    redis.smembers(`ff:${stand.bench.places.slotOf(account)}:watched:${account}`)
  await watch(2, 6)
  await watch(3, 2)
  await stand.worker()
  await until('it is noted', async () => (await watched(2)).length > 0)
  await stand.drained()
  expect(await watched(2)).toEqual([String(stand.bench.room.live)])
  expect(await watched(3)).toEqual([])
})
