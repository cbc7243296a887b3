/** A stand for tests: one Redis, a bench that scores, and workers whose shards are as durable as the test says. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import type { RulebookInput } from '../../shared/rulebook/schema.ts'
import { createLog, systemClock } from '../kernel/index.ts'
import type { EpochListener, Shards, Store } from '../redis/index.ts'
import { type Acting, act, createBench, START_MS } from '../scoring/bench.testing.ts'
import { Wallets } from '../wallet/index.ts'
import { auditPartition, type PartitionAudit } from './audit.ts'
import { ZERO } from './element.ts'
import { readAfter } from './journal.ts'
import { createWorker, type Worker, type WorkerDeps } from './worker.ts'

export const silent = createLog('silent', 'test')

/** As live, but who watches for a minute has reached the goals of watching. */
export const SHORT_GOALS = {
  earn: PRESETS.live.earn.map((rule) =>
    rule.goal ? { ...rule, goal: { mode: 'cumulative' as const, minutes: 1 } } : rule,
  ),
}

const PEPPER = Buffer.alloc(32, 'pepper')

/** Shards of one master that is durable up to `durableAtMs`, and can be told to have crashed. */
export function fakeShards() {
  const listeners = new Set<EpochListener>()
  const state = { durableAtMs: Number.MAX_SAFE_INTEGER, epoch: 'first' }
  const shards: Shards = {
    count: 1,
    level: 'always',
    indexOfSlot: () => 0,
    epoch: () => state.epoch,
    offsetMs: () => undefined,
    durableAt: () => [state.durableAtMs],
    onEpoch(changed) {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    health: () => ({ ok: true, problems: [], notes: [], shards: [] }),
    stop: async () => undefined,
  }
  return {
    shards,
    state,
    crash(epoch: string) {
      state.epoch = epoch
      for (const changed of listeners) changed(0, epoch, false)
    },
  }
}

export interface Stand {
  bench: ReturnType<typeof createBench>
  fake: ReturnType<typeof fakeShards>
  dataDir: string
  deps: WorkerDeps
  worker(): Promise<Worker>
  /** Waits until the journal has nothing that a consumer has not dealt with. */
  drained(ms?: number): Promise<void>
  audit(): Promise<PartitionAudit[]>
  clean(): Promise<void>
}

export function createStand(
  store: Store,
  { partitions = 2, book = {} }: { partitions?: number; book?: Partial<RulebookInput> } = {},
): Stand {
  const bench = createBench(store, book, partitions)
  const fake = fakeShards()
  const dataDir = mkdtempSync(join(tmpdir(), 'fanfare-worker-'))
  const workers: Worker[] = []
  const rulebook = () => ({ version: 1, publishedAtMs: START_MS, by: 'test', book: bench.book })
  const deps: WorkerDeps = {
    store,
    wallets: new Wallets({
      store,
      partitions: bench.places,
      clock: systemClock,
      rulebook,
      journalMax: 20_000,
      numbersOf: async (brands) => brands.map(() => 1),
      nowMs: () => deps.nowMs?.() ?? START_MS,
    }),
    invites: { done: async () => undefined },
    partitions: bench.places,
    shards: fake.shards,
    rulebook,
    clock: systemClock,
    log: silent,
    dataDir,
    journalMax: 20_000,
    pepper: PEPPER,
    webhooks: { allowPrivate: true },
    nowMs: () => START_MS + 60_000,
  }
  return {
    bench,
    fake,
    dataDir,
    deps,
    async worker() {
      const worker = await createWorker({ ...deps, registry: new Registry() })
      workers.push(worker)
      return worker
    },
    drained: (ms) =>
      until(
        'the journal is drained',
        async () => {
          const left = await Promise.all(
            bench.places.slots.map((slot) => readAfter(store, slot, { after: ZERO, limit: 1 })),
          )
          return left.every((elements) => elements.length === 0)
        },
        ms,
      ),
    audit: () =>
      Promise.all(
        bench.places.slots.map((slot, partition) =>
          auditPartition({ store, slot, partition }, dataDir),
        ),
      ),
    async clean() {
      for (const worker of workers) await worker.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  ms = 12_000,
): Promise<void> {
  for (let waited = 0; waited < ms; waited += 20) {
    if (await holds()) return
    await systemClock.sleep(20)
  }
  throw new Error(`did not happen within ${ms / 1000} s: ${what}`)
}

/** Likes of several accounts of one partition in one call: one element of the journal. */
export async function likes(
  stand: Stand,
  accounts: readonly number[],
  { seq, units = 5, atMs = START_MS + seq * 1000 }: { seq: number; units?: number; atMs?: number },
): Promise<void> {
  const viewers: Acting[] = accounts.map((account) => ({
    account,
    actions: [act(seq, 'like', { units })],
  }))
  const reply = await stand.bench.score(atMs, viewers)
  if (reply.tag !== 'scored') throw new Error(reply.tag)
}

/** A viewer who sends so many beats, 15 s apart. */
export async function watch(stand: Stand, account: number, beats: number): Promise<void> {
  let nonce = 0
  for (let n = 0; n <= beats; n++) {
    const beat = act(n + 1, 'watch', { p1: nonce, p2: 1000 + n })
    const answer = await stand.bench.one(START_MS + n * 15_000, { account, actions: [beat] })
    nonce = answer.state.watch.nonce
  }
}
