/** A file that was cut inside a transaction must not bring its beginning back at a later start. */

import { readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createLog, systemClock } from '../kernel/index.ts'
import { createPartitions } from './partitions.ts'
import { createShards } from './shards.ts'
import { startRedis } from './testing.ts'

const WRITE = `#!lua
redis.call('SET', 'balance', ARGV[1])
redis.call('XADD', 'journal', '*', 'e', ARGV[1])
return redis.call('INCR', 'total')`

test('[R10] what was cut off stays away, however often the server starts afterwards', async () => {
  // Each write is on disk before its answer: with `everysec` one that waits for a slow sync would die with the server.
  const redis = await startRedis(['--appendfsync', 'always'])
  const store = await redis.connect()
  const ready = async () => {
    await expect.poll(() => store.status, { timeout: 10_000 }).toBe('ready')
  }
  await store.call('EVAL', WRITE, '0', '1')
  await store.call('EVAL', WRITE, '0', '2')
  await redis.kill()
  const folder = join(redis.dir, 'appendonlydir')
  const name = readdirSync(folder).find((file) => file.endsWith('.incr.aof')) ?? ''
  const file = join(folder, name)
  // Into the last command of the second transaction: the two before it are whole.
  truncateSync(file, statSync(file).size - 25)
  await redis.start()
  await ready()
  const shards = await createShards({
    store,
    partitions: createPartitions(8).slots,
    clock: systemClock,
    durability: { kind: 'auto' },
    log: createLog('silent', 'test'),
  })
  const rewritten = async () => {
    const info = await store.info('persistence')
    return info.includes('aof_rewrites:1') && info.includes('aof_rewrite_in_progress:0')
  }
  await expect.poll(rewritten, { timeout: 20_000 }).toBe(true)
  await shards.stop()
  const state = async () => [
    await store.get('balance'),
    await store.xlen('journal'),
    await store.get('total'),
  ]
  expect(await state()).toEqual(['1', 1, '1'])
  await store.call('EVAL', WRITE, '0', '3')
  await redis.kill()
  await redis.start()
  await ready()
  expect(await state()).toEqual(['3', 2, '2'])
  await redis.stop()
})
