import { afterAll, beforeAll, expect, test } from 'vitest'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import { must, systemClock } from '../kernel/index.ts'
import {
  createPartitions,
  loadScripts,
  masters,
  type SlotTag,
  type Store,
  slotOf,
} from '../redis/index.ts'
import { startCluster, type TestCluster } from '../redis/testing.ts'
import { totalsKey } from '../wallet/index.ts'
import { act } from './bench.testing.ts'
import { compileContext, platformContext } from './compile.ts'
import { journalled } from './journalled.testing.ts'
import { readAccount } from './read-account.ts'
import { type ScoredAction, score } from './score.ts'

let cluster: TestCluster
let store: Store
beforeAll(async () => {
  cluster = await startCluster(3)
  store = await cluster.connect()
  await loadScripts(store)
}, 60_000)
afterAll(() => cluster.stop())

const LIVE = 7
const PARTITIONS = 9
const VIEWERS = 27
const ROUNDS = 60
const DEADLINE_MS = 60_000
const places = createPartitions(PARTITIONS)
const book = Rulebook.parse({
  ...PRESETS.live,
  earn: [{ id: 'like', no: 1, action: 'like', points: 1 }],
  dailyPoints: undefined,
})
const session = (account: number) => ({ startMs: 1_700_000_000_000, nonce: account })

/** Likes of all viewers of a partition, again and again until they are answered, as a gateway does it. */
async function send(
  slot: SlotTag,
  accounts: readonly number[],
  actions: readonly ScoredAction[],
): Promise<{ applied: number; retries: number }> {
  const begin = systemClock.now()
  for (let retries = 0; ; retries++) {
    try {
      const now = systemClock.now()
      const reply = await score(store, {
        ...{ slot, gateway: 1, timeZone: book.timeZone, dailyPoints: 0, allowance: -1 },
        ...{ journalMax: 1e6, aroundMs: now },
        contexts: [compileContext({ ...platformContext(1, book, 1), live: LIVE }, now)],
        viewers: accounts.map((account) => ({
          ...{ account, live: LIVE, context: 0, session: session(account), personal: 1000 },
          actions,
        })),
      })
      if (reply.tag !== 'scored') throw new Error(reply.tag)
      const outcomes = reply.answers.flatMap((answer) =>
        answer.status === 'ok' ? answer.outcomes : [],
      )
      expect(outcomes).toHaveLength(accounts.length * actions.length)
      return { applied: outcomes.filter((outcome) => outcome === 'applied').length, retries }
    } catch (error) {
      if (systemClock.now() - begin > DEADLINE_MS) throw error
      await systemClock.sleep(50)
    }
  }
}

/** Moves a slot with all its keys from one master to the next, slowly, so that it is half moved for a while. */
async function moveSlot(slot: number): Promise<void> {
  const nodes = await masters(store)
  const ids = await Promise.all(
    nodes.map(async (node) => String(await node.call('CLUSTER', 'MYID'))),
  )
  const keysOf = async (node: (typeof nodes)[number]) =>
    (await node.call('CLUSTER', 'GETKEYSINSLOT', slot, 1000)) as string[]
  const counts = await Promise.all(nodes.map(async (node) => (await keysOf(node)).length))
  const from = counts.findIndex((count) => count > 0)
  const to = (from + 1) % nodes.length
  const [source, target] = [must(nodes[from], 'the owner'), must(nodes[to], 'another master')]
  await target.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', must(ids[from], 'an id'))
  await source.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', must(ids[to], 'an id'))
  const { host = '127.0.0.1', port = 0 } = target.options
  for (let round = 0; round < 500; round++) {
    const keys = await keysOf(source)
    if (keys.length === 0) break
    for (const key of keys) {
      await source.call('MIGRATE', host, port, key, 0, 5000)
      await systemClock.sleep(30)
    }
  }
  for (const node of [target, source, ...nodes])
    await node.call('CLUSTER', 'SETSLOT', slot, 'NODE', must(ids[to], 'an id'))
  expect(await keysOf(source)).toEqual([])
  expect((await keysOf(target)).length).toBeGreaterThan(4)
}

/** Script calls that each master executed. */
async function executed(): Promise<number[]> {
  const nodes = await masters(store)
  return Promise.all(
    nodes.map(async (node) => {
      const stats = await node.info('commandstats')
      return Number(/cmdstat_fcall:calls=(\d+)/.exec(stats)?.[1] ?? 0)
    }),
  )
}

test('[S1 F8] every master scores, and slots that move under load lose and double nothing', async () => {
  const accounts = Array.from({ length: VIEWERS }, (_, i) => i + 1)
  const before = await executed()
  let moved = false
  let applied = 0
  let retries = 0
  const highest = new Map<number, number>()
  const load = places.slots.map(async (slot, partition) => {
    const own = accounts.filter((account) => places.indexOf(account) === partition)
    for (let seq = 1; seq <= ROUNDS || !moved; seq++) {
      // Every command is sent twice, in two calls.
      const actions = seq === 1 ? [act(1, 'like')] : [act(seq - 1, 'like'), act(seq, 'like')]
      const sent = await send(slot, own, actions)
      applied += sent.applied
      retries += sent.retries
      for (const account of own) highest.set(account, seq)
      await systemClock.sleep(5)
    }
  })
  const move = (async () => {
    await systemClock.sleep(150)
    for (const partition of [0, 4, 8])
      await moveSlot(slotOf(must(places.slots[partition], 'a partition')))
    moved = true
  })()
  await Promise.all([...load, move])

  const expected = [...highest.values()].reduce((a, b) => a + b, 0)
  const counted = new Map<string, number>()
  let issued = 0
  for (const slot of places.slots) {
    issued += Number(await store.hget(totalsKey(slot), 'issued'))
    for (const entry of await journalled(store, [slot]))
      for (const receipt of entry.receipts) {
        const command = `${entry.account} ${receipt.seq}`
        counted.set(command, (counted.get(command) ?? 0) + receipt.points)
      }
  }
  expect([...counted.values()].filter((points) => points !== 1)).toEqual([])
  expect(counted.size).toBe(expected)
  expect(issued).toBe(expected)
  // A call whose answer was lost may have been applied: then its repetition said `dup`.
  expect(applied).toBeLessThanOrEqual(expected)
  if (retries === 0) expect(applied).toBe(expected)
  for (const account of accounts) {
    const reading = await readAccount(store, {
      ...{ slot: places.slotOf(account), account, live: LIVE, session: session(account) },
      ...{ timeZone: book.timeZone, aroundMs: systemClock.now() },
    })
    expect(reading?.state.balance.spendable).toBe(highest.get(account))
  }
  const after = await executed()
  const calls = after.map((count, i) => count - (before[i] ?? 0))
  expect(calls).toHaveLength(3)
  for (const count of calls) expect(count).toBeGreaterThan(ROUNDS)
}, 120_000)

test('[S1 F8] a master that has lost its scripts answers the first call all the same', async () => {
  for (const node of await masters(store)) await node.script('FLUSH')
  for (const [partition, slot] of places.slots.entries()) {
    const account = 1000 * PARTITIONS + partition
    expect(await send(slot, [account], [act(1, 'like')])).toEqual({ applied: 1, retries: 0 })
  }
})
