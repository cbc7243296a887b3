import { execFileSync } from 'node:child_process'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { formatAccount } from '../../shared/ids.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { HOUR_MS } from '../../shared/time.ts'
import { BOARD, BoardsStand, endsAtMs, WEEK } from '../app/boards.testing.ts'
import { must, systemClock } from '../kernel/index.ts'
import { createPartitions, createShards, type Shards, type Store } from '../redis/index.ts'
import { slotOf } from '../redis/slots.ts'
import { startCluster, type TestCluster } from '../redis/testing.ts'
import { createRoom, startLive } from '../rooms/index.ts'
import { START_MS } from '../scoring/bench.testing.ts'
import { startTask } from '../tasks/index.ts'
import { createStand, likes, type Stand, silent, until } from './worker.testing.ts'

const PARTITIONS = 6
let cluster: TestCluster
let store: Store
let shards: Shards
let stand: Stand | undefined
beforeAll(async () => {
  cluster = await startCluster(3)
  store = await cluster.connect()
  shards = await createShards({
    store,
    partitions: createPartitions(PARTITIONS).slots,
    clock: systemClock,
    durability: { kind: 'everysec' },
    log: silent,
  })
})
afterAll(async () => {
  await shards.stop()
  await cluster.stop()
})
afterEach(async () => {
  await stand?.clean()
  stand = undefined
})

const cli = (node: number, ...args: string[]) =>
  execFileSync('redis-cli', ['-p', new URL(must(cluster.nodes[node], 'a node').url).port, ...args])
    .toString()
    .trim()

test('[J13 J16] places and ended lives over three masters: quota exact, all three sums agree', async () => {
  const book = {
    earn: PRESETS.live.earn.map((rule) =>
      rule.action === 'like' ? { ...rule, bucket: 'session' as const } : rule,
    ),
  }
  stand = createStand(store, { partitions: PARTITIONS, book })
  stand.deps.shards = shards
  const { places, room } = stand.bench
  expect(new Set(places.slots.map((slot) => shards.indexOfSlot(slot)))).toEqual(new Set([0, 1, 2]))

  await createRoom(store, {
    id: 'far',
    name: 'Far',
    brand: 'demo',
    timeZone: 'UTC',
    nowMs: START_MS,
  })
  const live = await startLive(store, { room: 'far', nowMs: START_MS })
  if (!live.ok) throw new Error(live.code)
  room.live = live.live.no
  const task = await startTask(store, {
    room: 'far',
    nowMs: START_MS,
    requestId: 'request-1',
    action: 'like',
    goal: 5,
    points: 100,
    growth: 0,
    seconds: 600,
    quota: 10,
    title: { zh: '先到先得', en: 'First come' },
  })
  if (!task.ok) throw new Error(task.code)
  room.tasks = [task.task]

  const worker = await stand.worker()
  const accounts = Array.from({ length: 60 }, (_, i) => i + 6)
  await Promise.all(
    places.slots.map((_, partition) =>
      likes(
        must(stand, 'a stand'),
        accounts.filter((account) => places.indexOf(account) === partition),
        { seq: 1 },
      ),
    ),
  )
  await stand.drained()
  expect(await worker.endLive('far')).toMatchObject({ ok: true })
  const audits = async () => must(stand, 'a stand').audit()
  await until('session points are swept', async () =>
    (await audits()).every(({ counters }) => counters.session === 0),
  )
  await stand.drained()
  const found = await audits()
  expect(found.flatMap((audit) => audit.problems)).toEqual([])
  expect(found.reduce((sum, { counters }) => sum + counters.spendable, 0)).toBe(1000)
})

test('[B5 B6 B7 003-21] a week over three masters is closed once, and its first are paid wherever they are', async () => {
  const on = await BoardsStand.begin(store, [BOARD], PARTITIONS)
  stand = on.worker
  const masterOf = (account: number) => shards.indexOfSlot(on.placeOf(account).slot)
  const firstOf = new Map(on.people.map((account) => [masterOf(account), account]))
  for (let i = 0; firstOf.size < 3 && i < 200; i++) {
    const account = await on.join(`more${i}`)
    firstOf.set(masterOf(account), account)
  }
  const leaders = [...firstOf.values()]
  expect(new Set(leaders.map(masterOf))).toEqual(new Set([0, 1, 2]))
  const earned = [900, 800, 700]
  for (const [i, account] of leaders.entries()) await on.give(account, earned[i] ?? 0)
  await on.countAll()
  on.nowMs = endsAtMs + HOUR_MS
  // Two workers at once, and one of them again.
  const closing = [on.boards(), on.boards()]
  await Promise.all(closing.map((boards) => boards.pass()))
  await on.boards().pass()
  const [week] = await on.boards().closed(WEEK, on.acme)
  expect(week?.places).toMatchObject(
    leaders.map((account, i) => ({
      handle: formatAccount(account),
      rank: i + 1,
      points: earned[i],
    })),
  )
  for (const [i, account] of leaders.entries())
    expect(await on.pointsOf(account)).toBe((earned[i] ?? 0) + (BOARD.prizes[i] ?? 0))
})

test('[R5 F8] a slot that moves to another master takes its partition along, and is told of', async () => {
  const slot = must(createPartitions(PARTITIONS).slots[0], 'a partition')
  expect(shards.indexOfSlot(slot)).toBe(0)
  const told: number[] = []
  const unwatch = shards.onEpoch((shard) => told.push(shard))
  const number = String(slotOf(slot))
  const [from, to] = [cli(0, 'cluster', 'myid'), cli(1, 'cluster', 'myid')]
  cli(1, 'cluster', 'setslot', number, 'importing', from)
  cli(0, 'cluster', 'setslot', number, 'migrating', to)
  const port = new URL(must(cluster.nodes[1], 'a node').url).port
  for (const key of cli(0, 'cluster', 'getkeysinslot', number, '1000').split('\n').filter(Boolean))
    cli(0, 'migrate', '127.0.0.1', port, key, '0', '5000')
  for (const node of [1, 0, 2]) cli(node, 'cluster', 'setslot', number, 'node', to)

  await until('the partition is on the second shard', () => shards.indexOfSlot(slot) === 1)
  expect(told).toContain(1)
  unwatch()
})
