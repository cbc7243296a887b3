/** A Redis Cluster that grows while viewers earn: a master that has never seen a script takes slots over. */

import { execFileSync } from 'node:child_process'
import { afterEach, expect, test } from 'vitest'
import { createPartitions, slotOf } from '../../server/redis/index.ts'
import { startCluster, startRedis, type TestRedis } from '../../server/redis/testing.ts'
import { startService } from '../../server/service.testing.ts'
import { createTappers, publish, readBooks } from './tappers.testing.ts'
import { until } from './until.testing.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const portOf = ({ url }: TestRedis) => new URL(url).port
const cli = (node: TestRedis, ...command: string[]): string =>
  execFileSync('redis-cli', ['-p', portOf(node), ...command])
    .toString()
    .trim()

/** As redis-cli reshards. Scoring waits meanwhile: Redis answers `TRYAGAIN` to scripts of which one key is not there. */
function moveSlot(slot: string, from: TestRedis, to: TestRedis, all: readonly TestRedis[]): void {
  const [source, target] = [cli(from, 'cluster', 'myid'), cli(to, 'cluster', 'myid')]
  cli(to, 'cluster', 'setslot', slot, 'importing', source)
  cli(from, 'cluster', 'setslot', slot, 'migrating', target)
  for (;;) {
    const keys = cli(from, 'cluster', 'getkeysinslot', slot, '100').split('\n').filter(Boolean)
    if (keys.length === 0) break
    cli(from, 'migrate', '127.0.0.1', portOf(to), '', '0', '5000', 'KEYS', ...keys)
  }
  for (const node of [to, ...all]) cli(node, 'cluster', 'setslot', slot, 'node', target)
}

test('[GW11 GW14 R2 F8] a master that has no script joins under load and takes two partitions: it is given what it lacks, everybody learns which shard is theirs, and all becomes durable', async () => {
  const cluster = await startCluster(3)
  cleanups.push(() => cluster.stop())
  const store = await cluster.connect()
  await publish(store)
  const service = await startService({ redisUrl: cluster.url })
  cleanups.push(() => service.kill())
  const tappers = await createTappers({ urls: [service.gatewayUrl], viewers: 24, seed: 71 })
  cleanups.push(() => tappers.close())
  const joins = await startRedis([
    ...['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'],
    ...['--cluster-announce-ip', '127.0.0.1'],
  ])
  cleanups.push(() => joins.stop())
  const [from] = cluster.nodes as [TestRedis]
  const all = [...cluster.nodes, joins]
  cli(from, 'cluster', 'meet', '127.0.0.1', portOf(joins))
  await until('all know each other', () =>
    all.every((node) => cli(node, 'cluster', 'nodes').split('\n').length === all.length),
  )
  expect(cli(joins, 'function', 'list')).toBe('')

  tappers.go()
  // Between the slots of the first master, so that shards behind it have another number afterwards.
  for (const tag of createPartitions(8).slots.slice(0, 2)) {
    moveSlot(String(slotOf(tag)), from, joins, all)
    await until('it scores', () => cli(joins, 'function', 'list').includes('ff_scoring_score_'))
  }
  const before = tappers.tapped()
  await until('there is load', () => tappers.tapped() > before + 40)
  tappers.rest()
  await tappers.settled()
  // Of each at some moment: heartbeats go on, and somebody's is always on its way to the disk.
  const waiting = new Set(tappers.all)
  await until('what was tapped is durable', () => {
    for (const tapper of waiting)
      if (tapper.client.state.pending.undurable === 0) waiting.delete(tapper)
    return waiting.size === 0
  })
  expect(await readBooks(store)).toEqual({
    ...{ issued: tappers.tapped(), journal: tappers.tapped(), doubled: [] },
  })
})
