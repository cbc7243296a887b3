import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createLog, systemClock } from '../kernel/index.ts'
import { createPartitions } from './partitions.ts'
import { createShards } from './shards.ts'
import { startRedis } from './testing.ts'

/** No file of the process grows beyond this any more, as on a disk without room. */
function room(pid: number, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`])
}

test('[R13 F13] a file that had no room is written anew before anything more is durable, and can be read', async () => {
  const redis = await startRedis()
  const store = await redis.connect()
  const shards = await createShards({
    store,
    partitions: createPartitions(8).slots,
    clock: systemClock,
    durability: { kind: 'auto' },
    log: createLog('silent', 'test'),
  })
  const until = (holds: () => unknown) => expect.poll(holds, { timeout: 20_000 }).toBeTruthy()
  const rewrites = async () =>
    Number(/aof_rewrites:(\d+)/.exec(await store.info('persistence'))?.[1])
  const isIdle = async () => (await store.info('persistence')).includes('aof_rewrite_in_progress:0')
  await until(async () => (await rewrites()) === 1 && (await isIdle()))
  await store.set('before', 'x'.repeat(500))
  const folder = join(redis.dir, 'appendonlydir')
  const name = readdirSync(folder).find((file) => file.endsWith('.incr.aof')) ?? ''
  await until(() => statSync(join(folder, name)).size > 500)

  room(redis.pid(), statSync(join(folder, name)).size + 100)
  await store.set('torn', 'y'.repeat(300))
  await until(() => shards.health().problems.join().includes('cannot be written'))
  const stuck = shards.durableAt()[0] ?? 0
  await expect(store.set('more', '1')).rejects.toThrow('MISCONF')
  room(redis.pid(), 'unlimited')
  await until(async () => (await store.set('more', '1').catch(() => '')) === 'OK')
  const [sec] = await store.time()
  await until(() => (shards.durableAt()[0] ?? 0) > Number(sec) * 1000 + 1000)
  expect(await rewrites()).toBe(2)
  expect(stuck).toBeLessThan(Number(sec) * 1000)
  expect(shards.health()).toMatchObject({ ok: true, notes: [] })

  await redis.kill()
  await redis.start()
  await until(() => store.status === 'ready')
  expect(await store.mget('torn', 'more')).toEqual(['y'.repeat(300), '1'])
  await shards.stop()
  await redis.stop()
})
