/** The worker: looks after partitions, feeds their journals to the consumers, and finishes lives. */

import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { type Clock, elapsedMs, type Log, randomId, registry } from '../kernel/index.ts'
import { configSlot, type Partitions, type Shards, type Store } from '../redis/index.ts'
import type { LiveAnswer } from '../rooms/index.ts'
import { type Anchors, createAnchoring } from './archive/anchoring.ts'
import { claimsConsumer } from './claims.ts'
import type { Consumer } from './consumer.ts'
import { createEndings } from './endings.ts'
import { historyConsumer, type Skim } from './history.ts'
import { KINDS, type Kind } from './journal.ts'
import { dropLease, enrol, leave, takeLease } from './lease.ts'
import {
  ALARM_FILL,
  ANCHOR_CHECK_MS,
  ENDINGS_MS,
  LAG_MS_MAX,
  LEASE_MARGIN_MS,
  LEASE_MS,
  LEASE_RENEW_MS,
  POLL_MS,
  STOP_MS,
} from './limits.ts'
import { workerMetrics } from './metrics.ts'
import { momentsConsumer } from './moments.ts'
import { rememberRooms } from './places.ts'
import { Pump } from './pump.ts'
import { segmentsConsumer } from './segments.ts'
import { createTierUps } from './tier-ups.ts'
import { SEND_POLL_MS } from './webhooks/limits.ts'
import { createWebhooks, type WebhookSettings, type Webhooks } from './webhooks/webhooks.ts'

export interface WorkerDeps {
  store: Store
  partitions: Partitions
  shards: Shards
  rulebook: () => PublishedRulebook
  clock: Clock
  log: Log
  dataDir: string
  /** Where the archive is anchored once a day; nowhere unless given. */
  anchors?: Anchors
  /** Elements a partition's journal may hold. */
  journalMax: number
  /** Of the data: opens who an account belongs to, and makes the secrets of webhooks. */
  pepper: Buffer
  webhooks: WebhookSettings
  /** The process's own unless given. */
  registry?: typeof registry
  /** Tests run scripts with a time of their own. */
  nowMs?: () => number
}

export interface WorkerHealth {
  ok: boolean
  problems: string[]
  /** Partitions this worker looks after. */
  partitions: number
  /** Of the partition with the longest journal, as part of the maximum. */
  fill: number
  lagMs: Record<Kind, number>
}

export interface Worker {
  /** Ends a room's live up to `ended`; its session points expire soon after. */
  endLive(room: string): Promise<LiveAnswer>
  health(): WorkerHealth
  /** Lets running steps finish, then leaves its partitions to others. */
  stop(): Promise<void>
}

/** Starts looking after partitions; resolves when it has asked for them once. */
export async function createWorker(deps: WorkerDeps): Promise<Worker> {
  const { store, partitions, shards, clock, log, journalMax } = deps
  const id = randomId()
  const pumps = new Map<number, Pump>()
  const endings = createEndings(deps)

  const longest = () => Math.max(0, ...[...pumps.values()].map((pump) => pump.length))
  const lagMs = (kind: Kind) => Math.max(0, ...[...pumps.values()].map((p) => p.lagMs(kind)))
  const metrics = workerMetrics(deps.registry ?? registry, {
    partitions: () => pumps.size,
    entries: longest,
    fill: () => longest() / journalMax,
    lagMs,
  })
  const { consumers, webhooks } = await createConsumers(deps, metrics.unreadable)

  async function renew(index: number): Promise<void> {
    const slot = partitions.slots[index]
    if (slot === undefined) return
    const heldUntil = await takeLease(store, { slot, worker: id })
    const pump = pumps.get(index)
    if (heldUntil === 0) {
      pumps.delete(index)
      await pump?.stop()
    } else if (pump) {
      pump.heldUntil = heldUntil
    } else if (!stopping) {
      const place = { index, slot }
      const fresh = new Pump({ store, shards, clock, log, metrics, place, consumers })
      fresh.heldUntil = heldUntil
      pumps.set(index, fresh)
    }
  }

  async function release(index: number): Promise<void> {
    const pump = pumps.get(index)
    if (!pump) return
    pumps.delete(index)
    await pump.stop()
    await dropLease(store, { slot: pump.place.slot, worker: id })
  }

  /** Keeps what it has, up to its share, and takes what nobody has. */
  async function hold(): Promise<void> {
    const share = Math.ceil(partitions.count / Math.max(1, await enrol(store, id)))
    const mine = [...pumps.keys()]
    for (const index of mine.slice(share)) await release(index)
    const others = [...partitions.slots.keys()].filter((index) => !pumps.has(index))
    await settled(mine.slice(0, share).map(renew))
    for (const index of others) {
      if (pumps.size >= share) break
      await renew(index)
    }
  }

  const isMine = (pump: Pump | undefined) => pump !== undefined && elapsedMs() < pump.heldUntil
  /** What one worker does for all is done by that of the first partition. */
  const isFirst = () => isMine(pumps.get(0))
  const finish = async () => {
    if (isFirst()) await endings.pass()
  }
  const anchoring =
    deps.anchors && createAnchoring(deps.anchors, { ...deps, nowMs: () => clock.now() })
  const anchor = async () => {
    if (isFirst()) await anchoring?.()
  }

  /** It also sends what is queued outside the partitions. */
  const send = () =>
    webhooks.pass([
      ...[...pumps.values()].filter(isMine).map((pump) => pump.place.slot),
      ...(isFirst() ? [configSlot] : []),
    ])

  let stopping = false
  const quietly = onlyOne(log)
  const timers = [
    clock.every(LEASE_RENEW_MS, quietly('partitions cannot be held', hold)),
    clock.every(POLL_MS, () => {
      for (const pump of pumps.values()) void pump.poll()
    }),
    clock.every(ENDINGS_MS, quietly('lives cannot be finished', finish)),
    clock.every(ANCHOR_CHECK_MS, quietly('the archive cannot be anchored', anchor)),
    clock.every(SEND_POLL_MS, quietly('webhooks cannot be sent', send)),
  ]
  const unwatch = shards.onEpoch((shard) => {
    endings.repeat()
    for (const pump of pumps.values())
      if (shards.indexOfSlot(pump.place.slot) === shard) pump.restart()
  })
  await hold().catch((error: unknown) => log.warn({ err: error }, 'partitions cannot be held yet'))

  return {
    endLive: (room) => endings.endLive(room),
    health: () => healthOf({ pumps: [...pumps.values()], fill: longest() / journalMax, lagMs }),
    async stop() {
      stopping = true
      for (const stop of timers) stop()
      unwatch()
      const left = quietly
        .done()
        .then(() => webhooks.stop())
        .then(() => settled([...pumps.keys()].map(release)))
        .then(() => leave(store, id))
        .catch((error: unknown) => log.warn({ err: error }, 'partitions are left to their leases'))
      const enough = new AbortController()
      await Promise.race([left, clock.sleep(STOP_MS, enough.signal)])
      enough.abort()
      metrics.remove()
    },
  }
}

/** All are tried; the first failure is thrown after the last has ended. */
async function settled(all: Promise<unknown>[]): Promise<void> {
  for (const result of await Promise.allSettled(all))
    if (result.status === 'rejected') throw result.reason
}

/** Makes functions for timers: a run that is not over when the next is due is not joined by another. */
function onlyOne(log: Log) {
  const running = new Set<Promise<void>>()
  const make = (what: string, run: () => Promise<void>) => {
    let now: Promise<void> | undefined
    return () => {
      if (now) return
      const started = run()
        .catch((error: unknown) => log.warn({ err: error }, what))
        .finally(() => {
          running.delete(started)
          now = undefined
        })
      now = started
      running.add(started)
    }
  }
  return Object.assign(make, { done: () => Promise.all(running) })
}

interface Unreadable {
  inc(labels: { consumer: string }): void
}

async function createConsumers(
  deps: WorkerDeps,
  unreadable: Unreadable,
): Promise<{ consumers: Consumer[]; webhooks: Webhooks }> {
  const { store, log } = deps
  const roomOf = rememberRooms(store)
  const skimFor = (kind: Kind): Skim => {
    return (element) => {
      try {
        return element.skim()
      } catch (error) {
        unreadable.inc({ consumer: kind })
        log.error({ err: error, id: element.id, consumer: kind }, 'a journal element is unreadable')
        return undefined
      }
    }
  }
  const webhooks = await createWebhooks({
    ...deps,
    registry: deps,
    roomOf,
    skim: skimFor('webhooks'),
    metrics: deps.registry ?? registry,
    settings: deps.webhooks,
  })
  const consumers = [
    segmentsConsumer({ store, dataDir: deps.dataDir, log }),
    momentsConsumer({ roomOf, skim: skimFor('moments'), tierUps: createTierUps(deps) }),
    claimsConsumer({ ...deps, roomOf, skim: skimFor('claims') }),
    historyConsumer({ store, log, skim: skimFor('history') }),
    webhooks.consumer,
  ]
  return { consumers, webhooks }
}

function healthOf(of: {
  pumps: readonly Pump[]
  fill: number
  lagMs: (kind: Kind) => number
}): WorkerHealth {
  const { pumps, fill } = of
  const lags = Object.fromEntries(KINDS.map((kind) => [kind, of.lagMs(kind)])) as Record<
    Kind,
    number
  >
  const problems = KINDS.filter((kind) => lags[kind] > LAG_MS_MAX).map(
    (kind) => `${kind} are ${Math.round(lags[kind] / 1000)} s behind`,
  )
  if (fill >= ALARM_FILL) problems.push(`a journal is ${Math.round(fill * 100)} % full`)
  const lost = pumps.filter((pump) => elapsedMs() > pump.heldUntil + LEASE_MARGIN_MS)
  if (lost.length > 0) problems.push(`${lost.length} leases of ${LEASE_MS} ms could not be renewed`)
  return { ok: problems.length === 0, problems, partitions: pumps.length, fill, lagMs: lags }
}
