/** The main scenario on a cluster of three masters, with a partition moved from one to another in the middle. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '../kernel/index.ts'
import { createPartitions, type SlotTag, type Store, slotOf } from '../redis/index.ts'
import { startCluster, type TestCluster } from '../redis/testing.ts'
import { startService, type TestService } from '../service.testing.ts'
import { journalKey } from '../wallet/index.ts'
import { playDoubled, publishPlain } from './exactly-once.testing.ts'

let cluster: TestCluster
let store: Store
/** One connection to each master. */
let nodes: Store[]
let one: TestService
let two: TestService
beforeAll(async () => {
  cluster = await startCluster(3)
  store = await cluster.connect()
  nodes = await Promise.all(cluster.nodes.map((node) => node.connect()))
  await publishPlain(store)
  ;[one, two] = (await Promise.all([1, 2].map(() => startService({ redisUrl: cluster.url })))) as [
    TestService,
    TestService,
  ]
})
afterAll(async () => {
  await Promise.allSettled([one?.kill(), two?.kill()])
  await cluster?.stop()
})

const call = (node: Store, ...args: (string | number)[]): Promise<unknown> => {
  const [name = '', ...rest] = args
  return node.call(String(name), ...rest.map(String))
}
const idOf = async (node: Store) => String(await call(node, 'CLUSTER', 'MYID'))
const owns = async (node: Store, slot: number): Promise<boolean> => {
  const mine = (await call(node, 'CLUSTER', 'NODES')) as string
  const line = mine.split('\n').find((text) => text.includes('myself')) ?? ''
  return line
    .split(' ')
    .slice(8)
    .some((range) => {
      const [from = -1, to = from] = range.split('-').map(Number)
      return slot >= from && slot <= to
    })
}

/** As redis-cli reshards: key by key, while the slot is in use. */
async function moveSlot(slot: number): Promise<void> {
  const owned = await Promise.all(nodes.map((node) => owns(node, slot)))
  const from = must(nodes[owned.indexOf(true)], 'an owner')
  const at = (owned.indexOf(true) + 1) % nodes.length
  const to = must(nodes[at], 'another master')
  const port = new URL(must(cluster.nodes[at], 'a node').url).port
  await call(to, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', await idOf(from))
  await call(from, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', await idOf(to))
  for (let i = 0; i < 10_000; i++) {
    const keys = (await call(from, 'CLUSTER', 'GETKEYSINSLOT', slot, 5)) as string[]
    if (keys.length === 0) break
    await call(from, 'MIGRATE', '127.0.0.1', port, '', 0, 5000, 'KEYS', ...keys)
  }
  const id = await idOf(to)
  for (const node of [to, from, ...nodes]) await call(node, 'CLUSTER', 'SETSLOT', slot, 'NODE', id)
}

const scriptsRun = async (node: Store): Promise<number> =>
  Number(/cmdstat_fcall:calls=(\d+)/.exec(await node.info('commandstats'))?.[1] ?? 0)

/** Journals of partitions that live on this master; only scoring writes them. */
async function journalsOn(node: Store): Promise<number> {
  const keys = await node.keys('ff:*:journal')
  const lengths = await Promise.all(keys.map((key) => node.xlen(key)))
  return lengths.filter((length) => length > 0).length
}

test('[GW11 F8 C28] three masters score, a slot moves under load: acknowledged = credited, nothing twice', async () => {
  const { slots } = createPartitions(8)
  const moved = must(slots[0], 'a partition') as SlotTag
  const owner = async () => {
    const owned = await Promise.all(nodes.map((node) => owns(node, slotOf(moved))))
    return owned.indexOf(true)
  }
  const before = await owner()
  await playDoubled({
    store,
    one,
    two,
    viewers: 100,
    commands: 10,
    during: async (round) => {
      if (round === 4) await moveSlot(slotOf(moved))
    },
  })
  expect(await owner()).not.toBe(before)
  expect(await store.xlen(journalKey(moved))).toBeGreaterThan(0)
  for (const node of nodes) {
    expect(await scriptsRun(node)).toBeGreaterThan(20)
    expect(await journalsOn(node)).toBeGreaterThan(0)
  }
})
