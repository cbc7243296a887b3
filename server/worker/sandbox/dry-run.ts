/**
 * Plays the archive again: once by the rules that were in force, which must make the ledger again, and beside it by
 * others. Knows the archive (read only) and a Redis of its own, and no other.
 */

import type { DryRunReport } from '../../../shared/dry-run.ts'
import type { Rulebook } from '../../../shared/rulebook/schema.ts'
import { openTestClock } from '../../redis/index.ts'
import { readArchive } from '../archive/file-walk.ts'
import type { JournalElement } from '../element.ts'
import { SegmentReader, segmentPaths } from '../segment-file.ts'
import { PROGRESS_MS, RUN_MS_MAX } from './limits.ts'
import { PartitionRun } from './partition-run.ts'
import { People } from './people.ts'
import { RoomsTold } from './rooms-told.ts'
import { DryRunEnded, type DryRunOptions, type Run } from './run.ts'
import { startScratch } from './scratch.ts'
import { Tally } from './tally.ts'

/** Throws DryRunEnded where there is no result, NoScratch where there is no redis-server. */
export async function dryRun(options: DryRunOptions): Promise<DryRunReport> {
  const { asked, partitions, dataDirs, clock } = options
  const beganMs = clock.now()
  const run = createRun(options, beganMs)
  const scratch = await startScratch(options.program)
  // Only in the process of a dry run: its scripts are told the time of the archive.
  openTestClock()
  try {
    for (const [index, slot] of partitions.slots.entries()) {
      if (!dataDirs.some((dataDir) => segmentPaths(dataDir, index).length > 0)) continue
      const partition = new PartitionRun(run, scratch, slot)
      for (const [element, next] of inPairs(readArchive(dataDirs, index)))
        if (!(await partition.take(element, next))) break
      await partition.close()
      await scratch.told.flushall()
    }
  } finally {
    await scratch.stop()
  }
  return {
    asked,
    versions: [...run.versions].sort((a, b) => a - b),
    ...run.found,
    proof: run.proof,
    told: run.told.sums(),
    ...(options.book && {
      tried: run.tried.sums(),
      people: run.people.compare(run.told, run.tried),
    }),
    ambiguousHeat: run.rooms.ambiguous,
    tookMs: clock.now() - beganMs,
  }
}

/** Warnings and falls are played as they were told: scripts decide none, because nobody walks the accounts once a day. */
const withoutFalls = (book: Rulebook): Rulebook => ({ ...book, demotion: { kind: 'highWater' } })

function createRun(options: DryRunOptions, beganMs: number): Run {
  const { sources, clock, signal, progress } = options
  const total = elementsOf(options)
  let [done, saidMs] = [0, 0]
  const told = new Tally()
  return {
    options: { ...options, ...(options.book && { book: withoutFalls(options.book) }) },
    told,
    tried: new Tally(),
    rooms: new RoomsTold(),
    people: new People(),
    versions: new Set(),
    found: { entries: 0, before: 0, accounts: 0, salesFen: 0 },
    proof: { entries: 0, sameEntries: 0, balances: 0, sameBalances: 0, differences: [] },
    books: remembered(async (version) => {
      const found = await sources.book(version)
      if (!found)
        throw new DryRunEnded(
          'version_gone',
          `rulebook ${version} was in force and is no longer kept; begin later`,
        )
      return withoutFalls(found.book)
    }),
    settings: remembered((live) => sources.room(live)),
    step() {
      done++
      const nowMs = clock.now()
      if (signal?.aborted) throw new DryRunEnded('cancelled')
      if (nowMs - beganMs > RUN_MS_MAX)
        throw new DryRunEnded(
          'too_slow',
          `not done within ${RUN_MS_MAX / 60_000} minutes; follow one account of several (--one-of)`,
        )
      if (nowMs - saidMs < PROGRESS_MS) return
      saidMs = nowMs
      progress?.({ done, of: total })
    },
  }
}

function remembered<T>(read: (key: number) => Promise<T>): (key: number) => Promise<T> {
  const known = new Map<number, Promise<T>>()
  return (key) => {
    const found = known.get(key) ?? read(key)
    known.set(key, found)
    return found
  }
}

/** By what the chain counts; without opening more than the newest file of each partition. */
function elementsOf({ partitions, dataDirs }: DryRunOptions): number {
  return partitions.slots.reduce((sum, _, index) => {
    const counts = dataDirs.map((dataDir) => {
      const newest = segmentPaths(dataDir, index).at(-1)
      if (newest === undefined) return 0
      const reader = new SegmentReader(newest)
      let count = reader.begins?.count ?? 0
      while (reader.next()) count++
      return count
    })
    return sum + Math.max(0, ...counts)
  }, 0)
}

/** Each with the one behind it. */
function* inPairs(
  all: Iterable<JournalElement>,
): Generator<[JournalElement, JournalElement | undefined]> {
  let last: JournalElement | undefined
  for (const one of all) {
    if (last) yield [last, one]
    last = one
  }
  if (last) yield [last, undefined]
}
