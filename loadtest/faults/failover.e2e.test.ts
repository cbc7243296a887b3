/** Masters of a Redis Cluster that die, hang, and are followed by a replica which lacks what they had. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { createPartitions, type Store, slotOf } from '../../server/redis/index.ts'
import { startCluster, type TestCluster, type TestRedis } from '../../server/redis/testing.ts'
import { readJournal } from '../../server/scoring/index.ts'
import { startService, type TestService } from '../../server/service.testing.ts'
import { journalKey } from '../../server/wallet/index.ts'
import { createTappers, publish, readBooks, sleep, type Tappers } from './tappers.testing.ts'
import { until } from './until.testing.ts'

const VIEWERS = 24
const PARTITIONS = createPartitions(8).slots

let cluster: TestCluster
let store: Store
let services: TestService[] = []
let tappers: Tappers
beforeAll(async () => {
  cluster = await startCluster(3, 1)
  store = await cluster.connect()
  await publish(store)
  services = await Promise.all([1, 2].map(() => startService({ redisUrl: cluster.url })))
  const urls = services.map(({ gatewayUrl }) => gatewayUrl)
  tappers = await createTappers({ urls, viewers: VIEWERS, seed: 31 })
})
afterAll(async () => {
  tappers?.close()
  await Promise.allSettled(services.map((service) => service.kill()))
  await cluster?.stop()
})

/** Asked directly, past all that the product knows of the cluster. */
async function askNode(node: TestRedis, ...command: [string, ...string[]]): Promise<unknown> {
  const direct = await node.connect()
  try {
    return await direct.call(...command)
  } finally {
    direct.disconnect()
  }
}

const portOf = ({ url }: TestRedis) => new URL(url).port

/** The node that follows a master. */
async function replicaOf(master: TestRedis): Promise<TestRedis> {
  const text = String(await askNode(master, 'INFO', 'replication'))
  const port = /^slave0:ip=[^,]*,port=(\d+)/m.exec(text)?.[1]
  const found = cluster.nodes.find((node) => portOf(node) === port)
  if (!found) throw new Error(`no replica of ${master.url}: ${text}`)
  return found
}

const isMaster = async (node: TestRedis) =>
  String(await askNode(node, 'INFO', 'replication').catch(() => '')).includes('role:master')

/** Everybody has what they tapped, the journal says the same, nothing in it twice, and nothing waits to be durable. */
async function allIsRight(): Promise<void> {
  await tappers.settled()
  await until('everything is durable', () =>
    tappers.all.every(({ client }) => client.state.pending.undurable === 0),
  )
  expect(await readBooks(store)).toEqual({
    issued: tappers.tapped(),
    journal: tappers.tapped(),
    doubled: [],
  })
  for (const { apiUrl } of services) {
    const answer = await fetch(`${apiUrl}/readyz`)
    expect(answer.status, await answer.text()).toBe(200)
  }
}

const epochOn = async (node: TestRedis) =>
  /^master_replid:(\w+)/m.exec(String(await askNode(node, 'INFO', 'replication')))?.[1]

const partitionsOf = (from: number, to: number) =>
  PARTITIONS.filter((tag) => slotOf(tag) >= from && slotOf(tag) <= to)

/** Points of entries that were written within a time, by the master's clock. */
async function creditedBetween(tags: typeof PARTITIONS, fromMs: number, toMs: number) {
  let points = 0
  for (const tag of tags)
    for (const [, fields] of await store.xrangeBuffer(journalKey(tag), fromMs, toMs))
      for (const { receipts } of readJournal(fields[1] ?? Buffer.alloc(0)).entries)
        for (const receipt of receipts) points += receipt.points
  return points
}

test('[GW14 R8 F6] a master dies under load: its replica takes over, nothing is lost, nothing twice', async () => {
  const [master] = cluster.nodes as [TestRedis]
  const replica = await replicaOf(master)
  tappers.go()
  await until('taps are credited', () => tappers.tapped() > VIEWERS)
  await master.kill()
  await until('the replica has taken over', () => isMaster(replica))
  await sleep(300)
  tappers.rest()
  await tappers.settled()
  // Whoever stands in has no replica of its own, so nothing is durable before this one is back.
  await master.start()
  await allIsRight()
})

test('[GW14 R12 F6] a master that hangs without a word is left as soon as another stands in, and is not believed when it wakes up', async () => {
  const master = cluster.nodes[1] as TestRedis
  const replica = await replicaOf(master)
  tappers.go()
  await sleep(300)
  process.kill(master.pid(), 'SIGSTOP')
  try {
    await until('the replica has taken over', () => isMaster(replica))
    tappers.rest()
    await tappers.settled()
    tappers.go()
    await sleep(300)
  } finally {
    process.kill(master.pid(), 'SIGCONT')
  }
  await sleep(300)
  tappers.rest()
  await until('it has become a replica', async () => !(await isMaster(master)))
  await allIsRight()
})

test('[R8 GW14 F7] a replica that lacks ten megabytes takes over: what was called durable is there, the rest is sent again and credited once', async () => {
  const master = cluster.nodes[2] as TestRedis
  const replica = await replicaOf(master)
  await allIsRight()
  const tags = partitionsOf(10_923, 16_383)
  const tag = PARTITIONS.at(-1)
  expect(tags).toContain(tag)
  process.kill(replica.pid(), 'SIGSTOP')
  const timeOf = async () => {
    const [sec, micro] = (await askNode(master, 'TIME')) as [string, string]
    return Number(sec) * 1000 + Math.floor(Number(micro) / 1000)
  }
  const epoch = await epochOn(master)
  const here = tappers.all.filter(({ client }) => client.state.account?.epoch === epoch)
  const before = new Map(tappers.all.map((tapper) => [tapper, tapper.tapped]))
  const from = (await timeOf()) + 1
  for (let i = 0; i < 12; i++)
    await store.set(`ff:${tag}:filler:${i}`, Buffer.alloc(1_000_000, i), 'EX', 600)
  const haveTapped = () => here.filter((tapper) => tapper.tapped !== before.get(tapper))
  tappers.go()
  await until('half of them have tapped', () => haveTapped().length > here.length / 2)
  tappers.rest()
  // Applied everywhere, shown to everybody, and yet on one master only.
  await tappers.settled()
  const to = await timeOf()
  expect(await creditedBetween(tags, from, to)).toBeGreaterThan(0)
  // The other masters have replicas that keep up: of this one nothing is called durable, of them everything.
  const waiting = () => tappers.all.filter(({ client }) => client.state.pending.undurable > 0)
  await until('nothing else waits', () => waiting().every((tapper) => here.includes(tapper)))
  // Somebody's watch clock may have beaten meanwhile: that waits as well.
  for (const tapper of haveTapped()) expect(waiting()).toContain(tapper)
  await master.kill()
  process.kill(replica.pid(), 'SIGCONT')
  await until('the replica has taken over', () => isMaster(replica))
  await tappers.settled()
  await master.start()
  await allIsRight()
  // They are there now, and were not written then: the replica really lacked them.
  expect(await creditedBetween(tags, from, to)).toBe(0)
})
