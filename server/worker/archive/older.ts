/** Whether Redis has less than the archive: an old backup was restored, or nothing. Then nobody may earn or spend. */

import { type Clock, type Log, must } from '../../kernel/index.ts'
import { fence, type Partitions, type Shards, type Store } from '../../redis/index.ts'
import { journalKey } from '../../wallet/index.ts'
import type { PartitionPlace } from '../consumer.ts'
import { compareIds, formatId, parseId, type StreamId, ZERO } from '../element.ts'
import { readCursors } from '../journal.ts'
import { olderKey } from '../keys.ts'
import { SegmentReader, segmentPaths, soundFrames } from '../segment-file.ts'
import { readHead } from './head.ts'

const LOOK_MS = 1000

/** What the archive has up to `end` went through this Redis: the head says so, or it is still in the journal. */
async function isKnown(store: Store, { slot }: PartitionPlace, end: StreamId): Promise<boolean> {
  const id = formatId(end)
  // In this order: an element leaves the journal only after the head is raised.
  const [found] = await store.xrange(journalKey(slot), id, id)
  if (found) return true
  const head = await readHead(store, slot)
  // Releases without a chain had the cursor alone.
  const upTo = head?.id ?? (await readCursors(store, slot)).get('segments') ?? ZERO
  return compareIds(upTo, end) >= 0
}

/** Throws where this Redis has less than the archive: what comes now must not be archived behind it. */
export async function assertKnown(
  store: Store,
  place: PartitionPlace,
  end: StreamId,
): Promise<void> {
  if (await isKnown(store, place, end)) return
  await store.hset(olderKey, place.index, formatId(end))
  throw new Error(sentence(1))
}

const sentence = (partitions: number): string =>
  `Redis has less than the archive in ${partitions} partition${partitions > 1 ? 's' : ''}: it is an old backup; see the runbook, "Redis is older than the archive"`

/** The newest element in this folder; undefined where there is none. */
function endOf(dataDir: string, partition: number): StreamId | undefined {
  for (const path of segmentPaths(dataDir, partition).reverse()) {
    let last: StreamId | undefined
    for (const { element } of soundFrames(new SegmentReader(path))) last = element.id
    if (last) return last
  }
  return undefined
}

export interface OlderWatch {
  /** A sentence; empty while Redis has all that the archive has, and scripts run. */
  why(): string
  stop(): void
}

export interface WatchOptions {
  store: Store
  partitions: Partitions
  shards: Shards
  clock: Clock
  log: Log
  /** Of a worker: it looks at the start and whenever Redis began anew, and says so to all. */
  dataDir?: string
}

/** Keeps every script from a Redis that is older than the archive. Resolves when it has looked once. */
export async function watchOlder(options: WatchOptions): Promise<OlderWatch> {
  const { store, partitions, shards, clock, log, dataDir } = options
  let why = ''
  let hasToLook = dataDir !== undefined
  let isLooking = false

  async function lookAtFolder(dir: string): Promise<void> {
    for (const [index, slot] of partitions.slots.entries()) {
      const end = endOf(dir, index)
      if (end && !(await isKnown(store, { index, slot }, end)))
        await store.hset(olderKey, index, formatId(end))
    }
  }

  async function look(): Promise<void> {
    if (hasToLook && dataDir !== undefined) {
      hasToLook = false
      await lookAtFolder(dataDir).catch((error: unknown) => {
        hasToLook = true
        throw error
      })
    }
    let older = 0
    for (const [field, id] of Object.entries(await store.hgetall(olderKey))) {
      const slot = must(partitions.slots[Number(field)], 'a partition')
      if (await isKnown(store, { index: Number(field), slot }, parseId(id)))
        await store.hdel(olderKey, field)
      else older++
    }
    const now = older > 0 ? sentence(older) : ''
    if (now !== why) log[older > 0 ? 'error' : 'warn']({ older }, now || 'Redis has it all again')
    why = now
    fence(store, now === '' ? undefined : now)
  }

  const again = () => {
    if (isLooking) return
    isLooking = true
    look()
      .catch((error: unknown) => log.debug({ err: error }, 'nobody knows how old Redis is'))
      .finally(() => {
        isLooking = false
      })
  }
  const unhear = shards.onEpoch(() => {
    hasToLook = dataDir !== undefined
    again()
  })
  await look()
  const unwatch = clock.every(LOOK_MS, again)
  return {
    why: () => why,
    stop() {
      unhear()
      unwatch()
      fence(store, undefined)
    },
  }
}
