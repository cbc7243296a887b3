/**
 * `node server/run.mjs server/worker/sweep.bench.ts [--viewers 100000]`: ends a live whose viewers all have session
 * points, while one other viewer goes on liking, and says how long the sweep took and what the likes waited.
 */

import { parseArgs } from 'node:util'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { elapsedMs, systemClock } from '../kernel/index.ts'
import { startRedis } from '../redis/testing.ts'
import { act, createBench, START_MS } from '../scoring/bench.testing.ts'
import { listHolders, markEnded, readTotals, sweepSession, totalsKey } from '../wallet/index.ts'

const { values } = parseArgs({ options: { viewers: { type: 'string', default: '100000' } } })
const viewers = Number(values.viewers)
const PARTITIONS = 8
const PER_CALL = 50

const server = await startRedis()
const store = await server.connect()
const bench = createBench(
  store,
  {
    earn: PRESETS.live.earn.map((rule) =>
      rule.action === 'like' ? { ...rule, bucket: 'session' as const } : rule,
    ),
  },
  PARTITIONS,
)
const { live } = bench.room
const byPartition = bench.places.slots.map((_, partition) =>
  Array.from(
    { length: Math.ceil(viewers / PARTITIONS) },
    (_, i) => (i + 1) * PARTITIONS + partition,
  ),
)
for (const accounts of byPartition)
  for (let from = 0; from < accounts.length; from += PER_CALL)
    await bench.score(
      START_MS,
      accounts
        .slice(from, from + PER_CALL)
        .map((account) => ({ account, actions: [act(1, 'like', { units: 5 })] })),
    )

/** Likes of a viewer in another live, one after the other, until the sweep is over. */
let sweeping = true
async function goOn(): Promise<number[]> {
  const waits: number[] = []
  bench.room.live = live + 1
  for (let seq = 1; sweeping; seq++) {
    const from = elapsedMs()
    await bench.score(START_MS + seq * 1000, [{ account: 1_000_003, actions: [act(seq, 'like')] }])
    waits.push(elapsedMs() - from)
    await systemClock.sleep(1)
  }
  return waits
}

const waiting = goOn()
const from = elapsedMs()
let swept = 0
for (const slot of bench.places.slots) {
  await markEnded(store, slot, live)
  let cursor = '0'
  do {
    const page = await listHolders(store, { slot, live, from: cursor })
    const of = { slot, live, journalMax: 1_000_000, nowMs: START_MS + 60_000 }
    for (let at = 0; at < page.holders.length; at += 200) {
      const reply = await sweepSession(store, of, page.holders.slice(at, at + 200))
      if (reply.tag === 'swept') swept += reply.accounts
    }
    cursor = page.next
  } while (cursor !== '0')
}
const seconds = (elapsedMs() - from) / 1000
sweeping = false
const waits = (await waiting).sort((a, b) => a - b)
const part = (share: number) => (waits[Math.floor(waits.length * share)] ?? 0).toFixed(1)
const left = await Promise.all(
  bench.places.slots.map(async (slot) => (await readTotals(store, totalsKey(slot))).session),
)
process.stdout.write(
  `${swept} accounts swept in ${seconds.toFixed(1)} s, ${left.reduce((a, b) => a + b, 0)} session points left, all of the live that goes on; ` +
    `${waits.length} likes meanwhile waited ${part(0.5)} ms (median), ${part(0.99)} ms (p99), ${part(0.9999)} ms (most)\n`,
)
await server.stop()
