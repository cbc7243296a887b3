/** The worker: looks after partitions, feeds their journals to the consumers, and finishes lives. */

import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import type { Boards } from '../boards/index.ts'
import type { Clubs } from '../clubs/index.ts'
import type { Issuance } from '../governance/index.ts'
import { type Clock, elapsedMs, type Log, randomId, registry } from '../kernel/index.ts'
import { configSlot, type Partitions, type Shards, type Store } from '../redis/index.ts'
import type { LiveAnswer } from '../rooms/index.ts'
import type { Invites } from '../scoring/index.ts'
import type { Targeting } from '../targeting/index.ts'
import type { Teams } from '../teams/index.ts'
import type { Wallets } from '../wallet/index.ts'
import type { Anchors } from './archive/anchoring.ts'
import { type Chore, choresOf } from './chores.ts'
import { createConsumers } from './consumers.ts'
import { economyMetrics } from './economy/metrics.ts'
import type { Study } from './economy/study.ts'
import { createEndings, type EndingsOptions } from './endings.ts'
import { createHoldings } from './holdings.ts'
import { KINDS, type Kind } from './journal.ts'
import {
  ALARM_FILL,
  FAILING_SHOWN,
  LAG_MS_MAX,
  LEASE_MARGIN_MS,
  LEASE_MS,
  LEASE_RENEW_MS,
  POLL_MS,
  STOP_MS,
} from './limits.ts'
import { workerMetrics } from './metrics.ts'
import type { Resolvers } from './overdue.ts'
import type { Pump } from './pump.ts'
import { SEND_POLL_MS } from './webhooks/limits.ts'
import type { WebhookSettings } from './webhooks/webhooks.ts'

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
  wallets: Wallets
  invites: Pick<Invites, 'done'>
  /** Makes segments of what viewers do, and gives what follows. */
  targeting?: Targeting
  /** Weekly boards; nothing is counted without them. */
  boards?: Boards
  /** Fan clubs; nothing is counted without them. */
  clubs?: Clubs
  /** Team tasks; nothing is counted without them. */
  teams?: Teams
  /** Who says how an overdue hold ends; those of other uses are voided. */
  resolvers?: Resolvers
  /** Ends draws and votes whose time is over. */
  games?: { pass(): Promise<number> }
  /** Pays the bonus of a comment, once; nobody does without it. */
  creditTopComment?: EndingsOptions['creditTopComment']
  /** Goes on with merges of accounts. */
  merges?: { pass(): Promise<number> }
  /** The platform's cap on what is issued; any number of points without it. */
  issuance?: Issuance
  /** Elements a partition's journal may hold. */
  journalMax: number
  /** Of the data: opens who an account belongs to, and makes the secrets of webhooks. */
  pepper: Buffer
  webhooks: WebhookSettings
  /** Experiments of which each account is counted. */
  studies?: () => readonly Study[]
  /** The platform's own brand, which is told of the economy's alarms. */
  economy?: { brand: string }
  /** What it does beside its own. */
  chores?: readonly Chore[]
  /** The process's own unless given. */
  registry?: typeof registry
  /** Tests run scripts with a time of their own. */
  nowMs?: () => number
}

export interface WorkerHealth {
  ok: boolean
  problems: string[]
  /** What fails and is tried again, with the reason, while there is time for it. */
  notes: string[]
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
  const { shards, clock, log, journalMax } = deps
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
  const economy = economyMetrics(deps.registry ?? registry)
  const { consumers, webhooks } = await createConsumers(deps, metrics.unreadable)

  const holdings = createHoldings({ ...deps, id, metrics, consumers }, pumps)
  const isMine = (pump: Pump | undefined) => pump !== undefined && elapsedMs() < pump.heldUntil

  /** What one worker does for all is done by that of the first partition; and only while a lease may be relied upon. */
  async function doChore({ by, run }: Chore): Promise<void> {
    for (const pump of [...pumps.values()])
      if (isMine(pump) && (by === 'each' || pump.place.index === 0)) await run(pump.place.slot)
  }

  /** It also sends what is queued outside the partitions. */
  const send = () =>
    webhooks.pass([
      ...[...pumps.values()].filter(isMine).map((pump) => pump.place.slot),
      ...(isMine(pumps.get(0)) ? [configSlot] : []),
    ])

  const quietly = onlyOne(log)
  const timers = [
    clock.every(LEASE_RENEW_MS, quietly('partitions cannot be held', holdings.hold)),
    clock.every(POLL_MS, () => {
      for (const pump of pumps.values()) void pump.poll()
    }),
    ...[...choresOf(deps, endings, economy), ...(deps.chores ?? [])].map((chore) =>
      clock.every(
        chore.everyMs,
        quietly(chore.waits, () => doChore(chore)),
      ),
    ),
    clock.every(SEND_POLL_MS, quietly('webhooks cannot be sent', send)),
  ]
  const unwatch = shards.onEpoch((shard) => {
    endings.repeat()
    for (const pump of pumps.values())
      if (shards.indexOfSlot(pump.place.slot) === shard) pump.restart()
  })
  await holdings
    .hold()
    .catch((error: unknown) => log.warn({ err: error }, 'partitions cannot be held yet'))

  return {
    endLive: (room) => endings.endLive(room),
    health: () => healthOf({ pumps: [...pumps.values()], fill: longest() / journalMax, lagMs }),
    async stop() {
      for (const stop of timers) stop()
      unwatch()
      const left = quietly
        .done()
        .then(() => webhooks.stop())
        .then(() => holdings.leave())
        .catch((error: unknown) => log.warn({ err: error }, 'partitions are left to their leases'))
      const enough = new AbortController()
      await Promise.race([left, clock.sleep(STOP_MS, enough.signal)])
      enough.abort()
      metrics.remove()
      economy.remove()
    },
  }
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
  const notes = pumps.flatMap((pump) => pump.failing()).slice(0, FAILING_SHOWN)
  const partitions = pumps.length
  return { ok: problems.length === 0, problems, notes, partitions, fill, lagMs: lags }
}
