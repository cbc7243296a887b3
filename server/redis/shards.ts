/** The masters as shards: where a partition lives, each shard's epoch, and how far it is durable. */

import { type Clock, type Log, must } from '../kernel/index.ts'
import {
  asLevel,
  type DurabilitySetting,
  type DurableLevel,
  decideDurability,
} from './durability.ts'
import type { SlotTag } from './keys.ts'
import type { Store } from './script.ts'
import { SLOTS, slotOf } from './slots.ts'
import {
  connectTo,
  coversAllSlots,
  follow,
  type MasterPlace,
  readTopology,
  topologyText,
} from './topology.ts'
import { rewriteAfterStart } from './torn.ts'
import { MasterWatch } from './watermark.ts'

export interface ShardHealth {
  shard: number
  epoch: string
  durableAtMs: number
  /** Clock less that of the first shard, ms. */
  skewMs: number
  problem?: string
}

export interface ShardsHealth {
  ok: boolean
  /** Why points cannot be taken. */
  problems: string[]
  /** What somebody should look at, though points are taken. */
  notes: string[]
  shards: ShardHealth[]
}

export type EpochListener = (shard: number, epoch: string, isSetBack: boolean) => void

export interface Shards {
  /** Masters now. Changes where a cluster grows or shrinks. */
  readonly count: number
  /** How many replicas must have a write, or which kind of sync counts. */
  readonly level: DurableLevel
  indexOfSlot(slot: SlotTag): number
  /** `master_replid` of the shard; empty while it was never reached. */
  epoch(shard: number): string
  /** Redis time in ms up to which each shard is durable, in shard order; 0 where unknown. */
  durableAt(): number[]
  /**
   * Called where accounts of a shard may have lost their newest changes or have another shard now: after a
   * crash, a failover, or when slots moved; and where its clock was set back, so that what follows is told with earlier times
   * than what was told before. The answer ends it.
   */
  onEpoch(changed: EpochListener): () => void
  /** Time of the first shard less this process's `elapsedMs`, ms; undefined where it was not reached yet. */
  offsetMs(): number | undefined
  health(): ShardsHealth
  stop(): Promise<void>
}

export interface ShardsOptions {
  store: Store
  /** Tags of all partitions, to say which shards really hold accounts. */
  partitions: readonly SlotTag[]
  clock: Clock
  durability: DurabilitySetting
  log: Log
}

const TOPOLOGY_MS = 1000
/** A view of the cluster counts when two reads this far apart agree: nodes learn of changes one by one. */
const CONFIRM_MS = 200
/** Masters whose clocks differ by more would decide caps and deadlines differently. */
const SKEW_MAX_MS = 100

interface Shard {
  place: MasterPlace
  watch: MasterWatch
}

/** Places that differ from `shape`, once two readings agree on them. */
async function readConfirmed(
  { store, clock }: ShardsOptions,
  shape: string,
  signal: AbortSignal,
): Promise<MasterPlace[] | undefined> {
  const first = await readTopology(store)
  if (topologyText(first) === shape || !coversAllSlots(first)) return undefined
  await clock.sleep(CONFIRM_MS, signal)
  const second = await readTopology(store)
  if (topologyText(first) !== topologyText(second)) return undefined
  // Commands go there before the new epoch is known here, so that no answer of a master that was left counts in it.
  return (await follow(store, second)) ? second : undefined
}

/** Starts watching; resolves when every shard was reached once or 5 s have passed. */
export async function createShards(options: ShardsOptions): Promise<Shards> {
  const { store, clock, log } = options
  const by = await decideDurability(store, options.durability)
  const stopping = new AbortController()
  const listeners = new Set<EpochListener>()
  const indexOf = new Uint16Array(SLOTS)
  let shards: Shard[] = []
  let shape = ''
  let refreshing: Promise<void> | undefined

  const tell = (shard: number, epoch: string, isSetBack = false) => {
    log.warn({ shard, epoch, isSetBack }, 'a shard has a new epoch')
    for (const changed of listeners) changed(shard, epoch, isSetBack)
  }

  function open(place: MasterPlace): Shard {
    let known = false
    const connection = connectTo(store, place)
    const shard: Shard = {
      place,
      watch: new MasterWatch({
        connection,
        by,
        clock,
        log,
        onEpoch(epoch, isSetBack) {
          const index = shards.indexOf(shard)
          // The first epoch of the first topology is no change; a master that took over is one.
          if (index >= 0 && (known || started)) tell(index, epoch, isSetBack)
          known = true
          void rewriteAfterStart(connection, log)
        },
        onTrouble: () => void refresh(),
      }),
    }
    return shard
  }

  function adopt(places: MasterPlace[]): void {
    const before = shards
    const owner = indexOf.map((shard) => shard)
    shards = places.map(
      (place) => before.find((shard) => shard.place.name === place.name) ?? open(place),
    )
    const changed = new Set<number>()
    shards.forEach((shard, index) => {
      for (const [from, to] of places[index]?.ranges ?? []) {
        for (let slot = from; slot <= to; slot++) {
          if (before[owner[slot] ?? -1] !== shard || owner[slot] !== index) changed.add(index)
          indexOf[slot] = index
        }
      }
      shard.place = must(places[index], 'a master')
    })
    for (const shard of before) if (!shards.includes(shard)) shard.watch.stop()
    shape = topologyText(places)
    if (before.length === 0) return
    // A shard that was just opened tells by itself when its epoch is known.
    for (const index of changed) {
      const epoch = shards[index]?.watch.epoch() ?? ''
      if (epoch !== '') tell(index, epoch)
    }
  }

  function refresh(): Promise<void> {
    refreshing ??= readConfirmed(options, shape, stopping.signal)
      .then((places) => {
        if (places && !stopping.signal.aborted) adopt(places)
      })
      .catch((error: unknown) => log.debug({ err: error }, 'the topology cannot be read'))
      .finally(() => {
        refreshing = undefined
      })
    return refreshing
  }

  const numbers = new Map(options.partitions.map((tag) => [tag, slotOf(tag)]))
  let started = false
  adopt(await readTopology(store))
  for (let i = 0; i < 250 && shards.some((shard) => shard.watch.epoch() === ''); i++)
    await clock.sleep(20, stopping.signal)
  started = true
  const unwatch = clock.every(TOPOLOGY_MS, () => void refresh())

  return {
    get count() {
      return shards.length
    },
    level: asLevel(by),
    indexOfSlot: (slot) => must(indexOf[numbers.get(slot) ?? slotOf(slot)], 'a slot'),
    epoch: (shard) => shards[shard]?.watch.epoch() ?? '',
    durableAt: () => shards.map((shard) => shard.watch.durableAtMs()),
    onEpoch(changed) {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
    offsetMs: () => shards[0]?.watch.offsetMs(),
    health: () => healthOf(shards, new Set(options.partitions.map((tag) => indexOf[slotOf(tag)]))),
    async stop() {
      stopping.abort()
      unwatch()
      await refreshing
      for (const shard of shards) shard.watch.stop()
    },
  }
}

function healthOf(shards: readonly Shard[], used: ReadonlySet<number | undefined>): ShardsHealth {
  const base = shards[0]?.watch.offsetMs() ?? 0
  const list = shards.map((shard, index): ShardHealth => {
    const problem = shard.watch.problem()
    return {
      shard: index,
      epoch: shard.watch.epoch(),
      durableAtMs: shard.watch.durableAtMs(),
      skewMs: Math.round((shard.watch.offsetMs() ?? base) - base),
      ...(problem === undefined ? {} : { problem }),
    }
  })
  const problems = list.flatMap((shard) =>
    shard.problem !== undefined && used.has(shard.shard)
      ? [`shard ${shard.shard}: ${shard.problem}`]
      : [],
  )
  const notes = shards.flatMap(({ watch }, index) => {
    const waits = watch.waits()
    return waits === undefined ? [] : [`shard ${index}: ${waits}`]
  })
  const skews = list.map((shard) => shard.skewMs)
  const spread = Math.max(...skews) - Math.min(...skews)
  if (spread > SKEW_MAX_MS) problems.push(`clocks of the masters differ by ${spread} ms`)
  return { ok: problems.length === 0, problems, notes, shards: list }
}
