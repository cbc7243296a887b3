/** Which worker looks after which partition: one at a time, and each about as many as the others. */

import { elapsedMs } from '../kernel/index.ts'
import { defineScript, type SlotTag, type Store } from '../redis/index.ts'
import dropSource from './drop-lease.lua'
import enrolSource from './enrol.lua'
import { leaseKey, workersKey } from './keys.ts'
import { LEASE_MARGIN_MS, LEASE_MS } from './limits.ts'
import takeSource from './take-lease.lua'

const takeScript = defineScript({
  name: 'worker.take-lease',
  source: takeSource,
  keys: ['lease'],
  args: { worker: 'str', lease_ms: 'int' },
  replies: { held: {}, taken: {} },
})

const dropScript = defineScript({
  name: 'worker.drop-lease',
  source: dropSource,
  keys: ['lease'],
  args: { worker: 'str' },
  replies: { ok: {} },
})

const enrolScript = defineScript({
  name: 'worker.enrol',
  source: enrolSource,
  keys: ['workers'],
  args: { worker: 'str', lease_ms: 'int' },
  replies: { ok: { alive: 'int' } },
})

export interface Lease {
  slot: SlotTag
  worker: string
}

/** Takes or renews; answers until when (elapsedMs) it may be relied upon, or 0 where another worker has it. */
export async function takeLease(store: Store, { slot, worker }: Lease): Promise<number> {
  // Counted from before the call, so that our view ends before Redis's does.
  const asked = elapsedMs()
  const reply = await takeScript.run(store, {
    keys: { lease: leaseKey(slot) },
    args: { worker, lease_ms: LEASE_MS },
  })
  return reply.tag === 'held' ? asked + LEASE_MS - LEASE_MARGIN_MS : 0
}

/** Lets another worker have the partition at once. */
export async function dropLease(store: Store, { slot, worker }: Lease): Promise<void> {
  await dropScript.run(store, { keys: { lease: leaseKey(slot) }, args: { worker } })
}

/** Says that the worker is alive; answers how many are. */
export async function enrol(store: Store, worker: string): Promise<number> {
  const { alive } = await enrolScript.run(store, {
    keys: { workers: workersKey },
    args: { worker, lease_ms: LEASE_MS },
  })
  return alive
}

export async function leave(store: Store, worker: string): Promise<void> {
  await store.zrem(workersKey, worker)
}
