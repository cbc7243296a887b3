import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { seededRandom } from '../../shared/seeded.ts'
import { must, systemClock } from '../kernel/index.ts'
import { createShards, type Store } from '../redis/index.ts'
import { startRedis, type TestRedis } from '../redis/testing.ts'
import { act, START_MS } from '../scoring/bench.testing.ts'
import { readHistory, readReceipts } from '../scoring/index.ts'
import { auditPartition } from './audit.ts'
import { formatId } from './element.ts'
import { readSegments } from './segment-file.ts'
import { createStand, likes, type Stand, silent, until } from './worker.testing.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(
  options: string[] = [],
): Promise<{ server: TestRedis; redis: Store; stand: Stand }> {
  const server = await startRedis(options)
  cleanups.push(() => server.stop())
  const redis = await server.connect()
  const stand = createStand(redis, { partitions: 1 })
  cleanups.push(() => stand.clean())
  return { server, redis, stand }
}

const problemsOf = async (stand: Stand) => (await stand.audit()).flatMap((audit) => audit.problems)

test('[J21 F4] power fails: wherever the append-only file ends, balances are the sum of the journal', async () => {
  const { server, redis, stand } = await start(['--appendfsync', 'always'])
  for (let seq = 1; seq <= 4; seq++) await likes(stand, [1, 2, 3], { seq, units: 7 })
  const worker = await stand.worker()
  await stand.drained()
  await worker.stop()
  const folder = join(server.dir, 'appendonlydir')
  const file = join(
    folder,
    must(
      readdirSync(folder).find((f) => f.endsWith('.incr.aof')),
      'a file',
    ),
  )
  // What is archived is durable by definition; only what came after it can be lost.
  const safe = statSync(file).size
  for (let seq = 5; seq <= 12; seq++) await likes(stand, [1, 2, 3, 4], { seq, units: 7 })
  redis.disconnect()
  await server.kill()
  const whole = readFileSync(file)

  const slot = must(stand.bench.places.slots[0], 'a partition')
  const random = seededRandom(20_261_122)
  const offsets = Array.from(
    { length: 8 },
    () => safe + Math.floor(random() * (whole.length - safe)),
  )
  const elements = new Set<number>()
  for (const offset of [...offsets, whole.length]) {
    writeFileSync(file, whole.subarray(0, offset))
    await server.start()
    const again = await server.connect()
    const audit = await auditPartition({ store: again, slot, partition: 0 }, stand.dataDir)
    expect(audit.problems, `cut at ${offset} of ${whole.length}`).toEqual([])
    elements.add(audit.elements)
    again.disconnect()
    await server.kill()
  }
  expect(Math.max(...elements)).toBe(12)
  expect(elements.size).toBeGreaterThan(3)
})

test('[J22 F3] Redis is killed under load three times: what was acknowledged is credited and archived once', async () => {
  const { server, redis, stand } = await start(['--appendfsync', 'always'])
  const shards = await createShards({
    store: redis,
    partitions: stand.bench.places.slots,
    clock: systemClock,
    durability: { kind: 'auto' },
    log: silent,
  })
  cleanups.push(() => shards.stop())
  expect(shards.level).toBe('always')
  stand.deps.shards = shards
  await stand.worker()

  const acknowledged = new Map<number, number>()
  let running = true
  const load = [11, 12, 13].map(async (account) => {
    for (let seq = 1; running; ) {
      const viewer = { account, actions: [act(seq, 'like', { units: 3 })] }
      const reply = await stand.bench
        .score(START_MS + seq * 20_000, [viewer])
        .catch(() => undefined)
      if (reply?.tag === 'scored') acknowledged.set(account, seq++)
      else await systemClock.sleep(10)
    }
  })
  for (let kill = 0; kill < 3; kill++) {
    await systemClock.sleep(300)
    await server.kill()
    await systemClock.sleep(100)
    await server.start()
  }
  await systemClock.sleep(300)
  running = false
  await Promise.all(load)

  await stand.drained()
  expect(await problemsOf(stand)).toEqual([])
  const seqs = new Map<number, number[]>()
  for (const element of readSegments(stand.dataDir, 0)) {
    for (const entry of element.skim().entries) {
      const list = seqs.get(entry.account) ?? []
      list.push(...readReceipts(entry.receipts).map((receipt) => receipt.seq))
      seqs.set(entry.account, list)
    }
  }
  for (const [account, last] of acknowledged) {
    const list = must(seqs.get(account), 'its journal')
    expect(list.slice(0, last)).toEqual(Array.from({ length: last }, (_, i) => i + 1))
    expect(new Set(list).size).toBe(list.length)
  }
})

test('[J23 F1] a worker that dies before each acknowledgement leaves nothing undone and nothing done twice', async () => {
  const { redis, stand } = await start()
  for (let seq = 1; seq <= 3; seq++)
    await likes(stand, [1, 2], { seq, atMs: START_MS + seq * 60_000 })
  const deaf = new Proxy(redis, {
    get(target, name) {
      if (name === 'hset') return () => Promise.reject(new Error('died before the acknowledgement'))
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const ids = () => [...readSegments(stand.dataDir, 0)].map(({ id }) => formatId(id))
  for (let life = 0; life < 2; life++) {
    stand.deps.store = deaf
    const dying = await stand.worker()
    await until('the elements are on disk', () => ids().length === 3)
    await systemClock.sleep(300)
    await dying.stop()
  }
  expect((await stand.audit())[0]?.elements).toBe(3)

  stand.deps.store = redis
  await stand.worker()
  await stand.drained()
  expect(new Set(ids()).size).toBe(3)
  expect(await problemsOf(stand)).toEqual([])
  const slot = must(stand.bench.places.slots[0], 'a partition')
  const { lines } = await readHistory(redis, { slot, account: 2, limit: 100 })
  expect(lines).toHaveLength(3)
})
