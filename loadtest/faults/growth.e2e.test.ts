/** A Redis Cluster that grows while viewers earn: a master that has never seen a script takes slots over. */

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { createPartitions, roomSlot, type SlotTag, slotOf } from '../../server/redis/index.ts'
import { startCluster, startRedis, type TestRedis } from '../../server/redis/testing.ts'
import { startService } from '../../server/service.testing.ts'
import { createTappers, publish, readBooks } from './tappers.testing.ts'
import { until } from './until.testing.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const run = promisify(execFile)

const portOf = ({ url }: TestRedis) => new URL(url).port
const cli = async (node: TestRedis, ...command: string[]): Promise<string> =>
  (await run('redis-cli', ['-p', portOf(node), ...command])).stdout.trim()

/** A command that answers `OK`, or why it did not. */
async function order(node: TestRedis, ...command: string[]): Promise<void> {
  const answer = await cli(node, ...command)
  if (answer !== 'OK' && answer !== 'NOKEY')
    throw new Error(`${command.join(' ').slice(0, 60)}: ${answer}`)
}

/** As redis-cli reshards. Scoring waits meanwhile: Redis answers `TRYAGAIN` to scripts of which one key is not there. */
async function moveSlot(tag: SlotTag, from: TestRedis, to: TestRedis, all: readonly TestRedis[]) {
  const slot = String(slotOf(tag))
  const [source, target] = [await cli(from, 'cluster', 'myid'), await cli(to, 'cluster', 'myid')]
  await order(to, 'cluster', 'setslot', slot, 'importing', source)
  await order(from, 'cluster', 'setslot', slot, 'migrating', target)
  await until(`slot ${slot} is empty`, async () => {
    const keys = (await cli(from, 'cluster', 'getkeysinslot', slot, '100'))
      .split('\n')
      .filter(Boolean)
    if (keys.length === 0) return true
    await order(from, 'migrate', '127.0.0.1', portOf(to), '', '0', '20000', 'KEYS', ...keys)
    return false
  })
  for (const node of [to, ...all]) await order(node, 'cluster', 'setslot', slot, 'node', target)
}

test('[GW11 GW14 R2 F8] a master that has no script joins under load and takes two partitions and the room, gives them back and takes them again: it is given what it lacks, everybody learns which shard is theirs, and all becomes durable', async () => {
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
    // Else a master that gave its last slot away becomes a replica, and takes none back.
    ...['--cluster-allow-replica-migration', 'no'],
  ])
  cleanups.push(() => joins.stop())
  const [from] = cluster.nodes as [TestRedis]
  const all = [...cluster.nodes, joins]
  await order(from, 'cluster', 'meet', '127.0.0.1', portOf(joins))
  for (const node of all) {
    await until('all know each other', async () => {
      const info = await cli(node, 'cluster', 'info')
      return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${all.length}`)
    })
  }
  expect(await cli(joins, 'function', 'list')).toBe('')

  tappers.go()
  // Between the slots of the first master, so that shards behind it have another number afterwards.
  const moved = createPartitions(8).slots.slice(0, 2)
  for (const tag of moved) {
    await moveSlot(tag, from, joins, all)
    await until('it scores', async () =>
      (await cli(joins, 'function', 'list')).includes('ff_scoring_score_'),
    )
  }
  // The room's own slot goes too, and all three go back and come again, so that nobody may rely on an owner.
  const room = roomSlot('demo')
  let owner = from
  for (const node of cluster.nodes)
    if ((await cli(node, 'cluster', 'countkeysinslot', String(slotOf(room)))) !== '0') owner = node
  await moveSlot(room, owner, joins, all)
  for (const tag of [...moved, room]) await moveSlot(tag, joins, from, all)
  for (const tag of [...moved, room]) await moveSlot(tag, from, joins, all)
  const movedAtMs = Date.now()
  await until('everybody sees the room go on', () =>
    tappers.all.every(({ client }) => (client.state.room?.atMs ?? 0) > movedAtMs),
  )
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
