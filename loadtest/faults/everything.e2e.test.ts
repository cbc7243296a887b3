/**
 * Everything at once: three masters with replicas, seven processes, sixty viewers, and any of them may die, hang or be replaced.
 * `SEED` names another run, `LONG=1` makes it three minutes.
 */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { must } from '../../server/kernel/index.ts'
import { askApi } from '../../server/merchant.testing.ts'
import { createPartitions, type Store } from '../../server/redis/index.ts'
import { startCluster, type TestCluster } from '../../server/redis/testing.ts'
import { auditPartition } from '../../server/worker/audit.ts'
import {
  changeOf,
  type HistoryEntry,
  type HistoryPage,
  type HoldUse,
  type LedgerEntry,
  type Place,
} from '../../shared/ledger.ts'
import { seededRandom } from '../../shared/seeded.ts'
import { type Fleet, startFleet } from './fleet.testing.ts'
import { gather, type People } from './people.testing.ts'
import { sleep } from './tappers.testing.ts'
import { until } from './until.testing.ts'

const SEED = Number(process.env.SEED ?? 7)
const LASTS_MS = process.env.LONG === undefined ? 25_000 : 180_000
const ROLES = ['api', 'api', 'worker', 'worker', 'gateway', 'gateway', 'gateway'] as const
const VIEWERS = 60
const SETTLES_MS = 150_000

let cluster: TestCluster
let store: Store
let fleet: Fleet
let people: People
const random = seededRandom(SEED)

beforeAll(async () => {
  cluster = await startCluster(3, 1)
  store = await cluster.connect()
  fleet = await startFleet(cluster.url, ROLES)
  people = await gather({ ...fleet, viewers: VIEWERS, random, seed: SEED })
})
afterAll(async () => {
  people?.close()
  await fleet?.close()
  await cluster?.stop()
})

const pick = <T>(list: readonly T[]): T =>
  must(list[Math.floor(random() * list.length)], 'one of a list')

/** Holds a process up as a host without time for it does. */
async function freeze(pid: number, ms: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  await sleep(ms)
  process.kill(pid, 'SIGCONT')
}

/** One of the things that happen to machines; resolves when it is over. */
async function trouble(): Promise<void> {
  const member = pick(fleet.members)
  const node = pick(cluster.nodes)
  const what = random()
  if (what < 0.4) await member.kill(random() * 2000)
  else if (what < 0.6) await freeze(member.pid(), 500 + random() * 5500)
  else if (what < 0.75) await member.replace()
  else if (what < 0.87) await freeze(node.pid(), 300 + random() * 1500)
  else {
    await node.kill()
    await sleep(random() * 4000)
    await node.start()
    await sleep(3000)
  }
}

const read = <T>(path: string): Promise<T> => askApi<T>(fleet.apis[0] ?? '', path)

/** Number of the account that a viewer's name leads to. */
const numberOf = async (viewer: string): Promise<string> =>
  (await read<{ number: string }>(`/v1/accounts/${viewer}`)).number

/** Every line there is, of an account that may have been merged into the viewer's since. */
async function historyOf(viewer: string, number: string): Promise<HistoryEntry[]> {
  const entries: HistoryEntry[] = []
  let before = ''
  for (;;) {
    const page: HistoryPage = await read(`/v1/accounts/${viewer}/history?number=${number}${before}`)
    entries.push(...page.entries)
    if (page.next === undefined) return entries
    before = `&before=${page.next}`
  }
}

/** Spendable points, by nothing but the lines of a history. */
const balanceOf = (entries: readonly HistoryEntry[]): number =>
  entries.reduce((sum, entry) => {
    if (entry.kind === 'moved') return sum + changeOf(entry, 'spendable')
    return sum + (entry.bucket === 'spendable' ? entry.points : 0)
  }, 0)

/** What histories say was done, as `Told` has it from the answers. */
function doneBy(entries: readonly HistoryEntry[]) {
  const moved = entries.flatMap((entry) => (entry.kind === 'moved' ? [entry] : []))
  const captured = (use: HoldUse) =>
    moved.filter((entry) => entry.cause === 'captured' && entry.use === use)
  const sum = (of: readonly LedgerEntry[], from: Place, to: Place) =>
    of
      .flatMap(({ moves }) => moves)
      .filter((move) => move.from === from && move.to === to)
      .reduce((points, move) => points + move.points, 0)
  const received = moved.filter(({ cause }) => cause === 'received')
  return {
    gifts: sum(received, 'transferredIn', 'spendable'),
    captured: sum(captured('checkout'), 'held', 'spent'),
    redeemed: captured('redemption').length,
    orders: entries.filter((entry) => entry.kind === 'receipt' && entry.action === 'purchase')
      .length,
  }
}

test('[GW14 R8 R19 M3 F1 F2 F3 F5] everything at once, whatever dies: nothing lost, nothing twice, what was answered is what histories say', {
  timeout: LASTS_MS + SETTLES_MS,
}, async () => {
  const numbers = await Promise.all(people.clients.map((_, i) => numberOf(`v${i}`)))
  people.go()
  for (const until = Date.now() + LASTS_MS; Date.now() < until; ) {
    await sleep(500 + random() * 3000)
    await trouble()
  }
  await people.rest()
  // Of somebody the watch clock has always just beaten: each of them once, not all at the same time.
  const waiting = new Set(people.clients)
  await until('everybody is here and nothing waits', () => {
    for (const client of waiting) {
      const { status, pending } = client.state
      const left = pending.likes + pending.comments + pending.undurable
      if (status.phase === 'online' && left === 0) waiting.delete(client)
    }
    return waiting.size === 0
  })
  const all: HistoryEntry[] = []
  for (const [i, client] of people.clients.entries()) {
    const viewer = `v${i}`
    const shown = () => client.state.account?.balance.spendable
    // Histories come from the journal, a moment behind.
    const { lines } = await until(`the history of ${viewer}`, async () => {
      const lines = await historyOf(viewer, must(numbers[i], viewer))
      const isOwn = (await numberOf(viewer)) === numbers[i]
      return (!isOwn || balanceOf(lines) === shown()) && { lines }
    })
    all.push(...lines)
  }
  const { gifts, captured, redeemed, orders } = people.told
  expect(doneBy(all)).toEqual({ gifts, captured, redeemed, orders })
  expect(captured * redeemed * gifts * orders).toBeGreaterThan(0)

  for (const [partition, slot] of createPartitions(8).slots.entries()) {
    const audit = await auditPartition({ store, slot, partition }, fleet.dataDir)
    expect(audit.problems).toEqual([])
    expect(audit.busy).toBe(false)
  }
  expect(await fleet.unready()).toEqual([])
  expect(fleet.errors()).toEqual([])
  expect([...people.answers.keys()].filter((line) => line.endsWith(' internal'))).toEqual([])
})
