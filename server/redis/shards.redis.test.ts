import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { createLog, systemClock } from '../kernel/index.ts'
import type { Store } from './connect.ts'
import { type DurabilitySetting, redisProblems } from './durability.ts'
import { createPartitions } from './partitions.ts'
import { createShards, type Shards } from './shards.ts'
import { startRedis, type TestRedis } from './testing.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function redis(options: string[] = []): Promise<TestRedis> {
  const server = await startRedis(options)
  cleanups.push(() => server.stop())
  return server
}

async function watch(store: Store, durability: DurabilitySetting): Promise<Shards> {
  const shards = await createShards({
    store,
    partitions: createPartitions(8).slots,
    clock: systemClock,
    durability,
    log: createLog('silent', 'test'),
  })
  cleanups.push(() => shards.stop())
  return shards
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (await holds()) return
    await systemClock.sleep(20)
  }
  throw new Error(`did not happen within 10 s: ${what}`)
}

async function timeMs(store: Store): Promise<number> {
  const [sec, micro] = await store.time()
  return Number(sec) * 1000 + Math.floor(Number(micro) / 1000)
}

test('[R5] a killed and restarted Redis has a new epoch, and is told once', async () => {
  const server = await redis()
  const store = await server.connect()
  const shards = await watch(store, { kind: 'auto' })
  expect(shards).toMatchObject({ count: 1, level: 'durable:everysec' })
  const before = shards.epoch(0)
  expect(before).toMatch(/^[0-9a-f]{40}$/)
  const told: [number, string][] = []
  shards.onEpoch((shard, epoch) => told.push([shard, epoch]))

  await server.kill()
  await until('trouble is seen', () => !shards.health().ok)
  await server.start()
  await until('a new epoch', () => shards.epoch(0) !== before)
  await until('well again', () => shards.health().ok)
  expect(told).toEqual([[0, shards.epoch(0)]])
})

test('[R20] a clock that was set back begins an epoch, one that was set ahead does not, and either is followed at once', async () => {
  const store = await (await redis(['--appendfsync', 'always'])).connect()
  // To the process a jump of its own monotonic clock looks as if Redis' had jumped the other way.
  let aheadMs = 0
  const real = performance.now.bind(performance)
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => real() + aheadMs)
  onTestFinished(() => clock.mockRestore())
  const shards = await watch(store, { kind: 'always' })
  const replid = shards.epoch(0)
  const told: [string, boolean][] = []
  shards.onEpoch((_, epoch, isSetBack) => told.push([epoch, isSetBack]))
  await until('its clock is known', () => shards.offsetMs() !== undefined)
  const offsetMs = () => Math.round((shards.offsetMs() ?? 0) / 1000)
  const at = offsetMs()
  aheadMs = -60_000
  await until('the clock set ahead is followed', () => offsetMs() === at + 60)
  expect(told).toEqual([])
  aheadMs = 0
  await until('the clock set back is followed', () => offsetMs() === at)
  expect(told).toEqual([[`1-${replid}`, true]])
  expect(shards.epoch(0)).toBe(`1-${replid}`)
  const now = await timeMs(store)
  await until('what comes then is durable', () => (shards.durableAt()[0] ?? 0) >= now)
  // What a clock drifts is no step.
  aheadMs = 300
  await systemClock.sleep(1500)
  expect(told).toHaveLength(1)
})

test('[R6] with `always` an instant is durable as soon as it is over', async () => {
  const store = await (await redis(['--appendfsync', 'always'])).connect()
  const shards = await watch(store, { kind: 'auto' })
  expect(shards.level).toBe('always')
  const now = await timeMs(store)
  await until('the instant is durable', () => (shards.durableAt()[0] ?? 0) >= now)
  expect(shards.durableAt()[0]).toBeLessThan(await timeMs(store))
})

test('[R7] with `everysec` an instant is durable two seconds later, and never where the file cannot be written', async () => {
  const store = await (await redis()).connect()
  const shards = await watch(store, { kind: 'everysec' })
  const now = await timeMs(store)
  await until('the instant is durable', () => (shards.durableAt()[0] ?? 0) >= now)
  expect(await timeMs(store)).toBeGreaterThanOrEqual(now + 2000)

  await store.config('SET', 'appendonly', 'no')
  await until('trouble is seen', () => !shards.health().ok)
  const stuck = shards.durableAt()[0]
  await systemClock.sleep(600)
  expect(shards.durableAt()[0]).toBe(stuck)
  expect(shards.health().problems).toEqual(['shard 0: the append-only file is off'])
})

test('[R8] with replicas nothing is durable while a replica stands still', async () => {
  const server = await redis()
  const store = await server.connect()
  const replica = await redis(['--replicaof', '127.0.0.1', new URL(server.url).port])
  await until('the replica is attached', async () =>
    (await store.info('replication')).includes('state=online'),
  )
  const shards = await watch(store, { kind: 'auto' })
  expect(shards.level).toBe('replicas')
  const first = await timeMs(store)
  await until('the instant is durable', () => (shards.durableAt()[0] ?? 0) >= first)

  process.kill(replica.pid(), 'SIGSTOP')
  await store.set('ff:{x}:after', '1')
  const after = await timeMs(store)
  await until('it is noticed', () => shards.health().notes.length > 0)
  expect(shards.durableAt()[0]).toBeLessThan(after)
  // Points are still taken: a service that is not ready would take none.
  expect(shards.health()).toMatchObject({
    ok: true,
    problems: [],
    notes: ['shard 0: only 0 of 1 replicas acknowledge: nothing becomes durable'],
  })

  process.kill(replica.pid(), 'SIGCONT')
  await until('the instant is durable', () => (shards.durableAt()[0] ?? 0) >= after)
  await until('well again', () => shards.health().notes.length === 0)
})

test('[R9] a Redis that evicts, or promises less than was asked for, is named', async () => {
  const store = await (await redis()).connect()
  expect(await redisProblems(store, { kind: 'auto' })).toEqual([])
  expect(await redisProblems(store, { kind: 'always' })).toEqual(['appendfsync is not always'])
  await store.config('SET', 'maxmemory-policy', 'allkeys-lru')
  expect(await redisProblems(store, { kind: 'auto' })).toEqual([
    'maxmemory-policy is allkeys-lru; it must be noeviction, or accounts get lost',
  ])
})
