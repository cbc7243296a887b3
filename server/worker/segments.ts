/** Archives journals: appends every durable element to segments in the data folder, synced before it is acknowledged. */

import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { follow, type Link } from './archive/chain.ts'
import { raiseHead } from './archive/head.ts'
import { type Archive, openTail, type Tail } from './archive/tail.ts'
import type { Consumer, PartitionPlace } from './consumer.ts'
import { compareIds, type JournalElement, type StreamId } from './element.ts'
import { SEGMENT_BYTES, SEGMENT_MS } from './limits.ts'
import { frame, HEADER_BYTES, partitionFolder, segmentHeader, segmentName } from './segment-file.ts'

export interface SegmentsOptions extends Archive {
  /** A new file begins from this size on. */
  rollBytes?: number
}

export function segmentsConsumer({ rollBytes = SEGMENT_BYTES, ...archive }: SegmentsOptions) {
  const tails = new Map<number, Tail>()

  async function append(
    place: PartitionPlace,
    tail: Tail,
    fresh: readonly JournalElement[],
  ): Promise<void> {
    const [first] = fresh
    if (!first) return
    if (tail.file && tail.bytes >= rollBytes) {
      await tail.file.close()
      tail.file = undefined
    }
    if (!tail.file) {
      tail.file = await begin(partitionFolder(archive.dataDir, place.index), first.id, {
        partition: place.index,
        link: tail.link,
      })
      tail.bytes = HEADER_BYTES
    }
    let { link } = tail
    const frames = fresh.map((element) => {
      link = follow(link, element)
      return frame(element, link.hash)
    })
    const bytes = Buffer.concat(frames)
    await writeAll(tail.file, bytes, tail.bytes)
    await tail.file.datasync()
    // A file that was removed takes every byte, and nobody ever reads them.
    if ((await tail.file.stat()).nlink === 0) throw new Error('the segment was removed')
    tail.bytes += bytes.length
    tail.link = link
  }

  return {
    kind: 'segments',
    everyMs: SEGMENT_MS,
    durableOnly: true,
    async open(place) {
      await tails.get(place.index)?.file?.close()
      tails.set(place.index, await openTail(archive, place))
    },
    async handle(place, elements) {
      const tail = tails.get(place.index) ?? (await openTail(archive, place))
      tails.set(place.index, tail)
      const fresh = elements.filter((element) => compareIds(element.id, tail.link.id) > 0)
      try {
        await append(place, tail, fresh)
        // Before the cursor, so that nothing leaves the journal that the head does not vouch for.
        await raiseHead(archive.store, place.slot, tail.link)
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
}

async function begin(
  folder: string,
  first: StreamId,
  { partition, link }: { partition: number; link: Link },
): Promise<FileHandle> {
  // Never over a file that is there: somebody else may have acknowledged what is in it.
  const file = await open(join(folder, segmentName(first)), 'wx')
  try {
    await writeAll(file, segmentHeader(partition, link), 0)
    // The name must survive as well as the bytes.
    const entry = await open(folder, 'r')
    await entry.sync()
    await entry.close()
    return file
  } catch (error) {
    await file.close()
    throw error
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
