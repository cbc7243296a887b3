/** Archives journals: appends every durable element to segments in the data folder, synced before it is acknowledged. */

import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../kernel/index.ts'
import type { Consumer, PartitionPlace } from './consumer.ts'
import { compareIds, formatId, type JournalElement, type StreamId, ZERO } from './element.ts'
import { SEGMENT_BYTES, SEGMENT_MS } from './limits.ts'
import {
  frame,
  HEADER_BYTES,
  partitionFolder,
  scanSegment,
  segmentHeader,
  segmentName,
  segmentPaths,
} from './segment-file.ts'

interface Tail {
  file: FileHandle | undefined
  bytes: number
  /** Newest element in the folder. */
  last: StreamId
}

export interface SegmentsOptions {
  dataDir: string
  log: Log
  /** A new file begins from this size on. */
  rollBytes?: number
}

export function segmentsConsumer({ dataDir, log, rollBytes = SEGMENT_BYTES }: SegmentsOptions) {
  const tails = new Map<number, Tail>()

  /** Picks up where the folder ends, and cuts what a crash left half written. */
  async function openTail({ index }: PartitionPlace): Promise<Tail> {
    const paths = segmentPaths(dataDir, index)
    // A crash right after a file was begun leaves one without elements: the one before tells the last id.
    for (const path of paths.reverse()) {
      const { elements, wholeBytes, bytes } = scanSegment(path)
      const last = elements.at(-1)?.id
      if (!last) {
        await rm(path)
        continue
      }
      const file = await open(path, 'r+')
      if (wholeBytes < bytes) {
        log.warn({ path, wholeBytes, bytes }, 'the end of a segment was torn and is cut')
        await file.truncate(wholeBytes)
        await file.sync()
      }
      return { file, bytes: wholeBytes, last }
    }
    return { file: undefined, bytes: 0, last: ZERO }
  }

  async function begin(place: PartitionPlace, first: StreamId): Promise<FileHandle> {
    const folder = partitionFolder(dataDir, place.index)
    const path = join(folder, segmentName(first))
    // Never over a file that is there: somebody else may have acknowledged what is in it.
    const file = await open(path, 'wx')
    await writeAll(file, segmentHeader(place.index), 0)
    // The name must survive as well as the bytes.
    const entry = await open(folder, 'r')
    await entry.sync()
    await entry.close()
    return file
  }

  return {
    kind: 'segments',
    everyMs: SEGMENT_MS,
    durableOnly: true,
    async open(place, cursor) {
      await tails.get(place.index)?.file?.close()
      const tail = await openTail(place)
      tails.set(place.index, tail)
      if (compareIds(tail.last, cursor) < 0)
        log.info(
          { partition: place.index, archived: formatId(cursor), here: formatId(tail.last) },
          'newer segments of this partition are in the data folder of another worker',
        )
    },
    async handle(place, elements) {
      const tail = tails.get(place.index) ?? (await openTail(place))
      tails.set(place.index, tail)
      const fresh = elements.filter((element) => compareIds(element.id, tail.last) > 0)
      try {
        await append(place, tail, fresh)
      } catch (error) {
        // What is on disk now is unknown: look again before the next attempt.
        tails.delete(place.index)
        await tail.file?.close().catch(() => undefined)
        throw error
      }
      return elements.length
    },
    async close({ index }) {
      await tails.get(index)?.file?.close()
      tails.delete(index)
    },
  } satisfies Consumer

  async function append(
    place: PartitionPlace,
    tail: Tail,
    fresh: readonly JournalElement[],
  ): Promise<void> {
    const [first] = fresh
    const last = fresh.at(-1)
    if (!first || !last) return
    if (tail.file && tail.bytes >= rollBytes) {
      await tail.file.close()
      tail.file = undefined
    }
    if (!tail.file) {
      tail.file = await begin(place, first.id)
      tail.bytes = HEADER_BYTES
    }
    const bytes = Buffer.concat(fresh.map(frame))
    await writeAll(tail.file, bytes, tail.bytes)
    await tail.file.datasync()
    tail.bytes += bytes.length
    tail.last = last.id
  }
}

/** A write may be cut short without an error. */
async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done)
    done += bytesWritten
  }
}
