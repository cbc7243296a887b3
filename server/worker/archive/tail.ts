/** Where a worker goes on archiving a partition: behind what its folder has, or behind what Redis says is archived. */

import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import type { Log } from '../../kernel/index.ts'
import type { Store } from '../../redis/index.ts'
import type { PartitionPlace } from '../consumer.ts'
import { compareIds, formatId, type StreamId, ZERO } from '../element.ts'
import { readCursors } from '../journal.ts'
import { HEADER_BYTES, SegmentReader, segmentPaths, soundFrames } from '../segment-file.ts'
import { type Link, origin, sameLink } from './chain.ts'
import { readHead } from './head.ts'
import { assertKnown } from './older.ts'

export interface Tail {
  /** Undefined where the next element begins a new file. */
  file: FileHandle | undefined
  bytes: number
  /** Of the newest element that is archived, here or in another worker's folder. */
  link: Link
}

export interface Archive {
  store: Store
  dataDir: string
  log: Log
}

/** Picks up where the archive ends, and cuts what a crash left half written behind the head. */
export async function openTail(archive: Archive, place: PartitionPlace): Promise<Tail> {
  const { store, log } = archive
  const { index, slot } = place
  const head = await readHead(store, slot)
  const cursor = (await readCursors(store, slot)).get('segments') ?? ZERO
  const here = await openNewest(archive, index, head)
  try {
    if (here) await assertKnown(store, place, here.link.id)
  } catch (error) {
    await here?.file?.close()
    throw error
  }
  if (head && (!here || compareIds(here.link.id, head.id) < 0)) {
    log.info(
      { partition: index, archived: formatId(head.id), here: here && formatId(here.link.id) },
      'newer segments of this partition are in the data folder of another worker',
    )
    return fresh(head)
  }
  if (here && (head || compareIds(here.link.id, cursor) >= 0)) return here
  await here?.file?.close()
  // Archived into another folder, and Redis lost the head: what is new begins a chain.
  return fresh(origin(index, cursor))
}

const fresh = (link: Link): Tail => ({ file: undefined, bytes: 0, link })

/** The newest file with elements. */
async function openNewest(
  { dataDir, log }: Archive,
  partition: number,
  head: Link | undefined,
): Promise<Tail | undefined> {
  for (const path of segmentPaths(dataDir, partition).reverse()) {
    const end = endOf(path, head)
    if (!end.last || !end.link) {
      await putAway(path, end.size)
      continue
    }
    if (head && compareIds(end.last, head.id) < 0) return fresh(end.link)
    if (head && end.differs) {
      log.error({ path, partition }, 'the archive is not what was archived: verify it')
      return fresh(head)
    }
    const torn = end.soundBytes < end.size
    // Without a head nobody knows what was acknowledged, so nothing is cut.
    if (torn && !head) return fresh(end.link)
    const file = await open(path, 'r+')
    if (torn) {
      log.warn(
        { path, from: end.soundBytes, to: end.size },
        'the end of a segment was torn, is cut',
      )
      await file.truncate(end.soundBytes)
      await file.sync()
    }
    return { file, bytes: end.soundBytes, link: end.link }
  }
  return undefined
}

interface End {
  size: number
  /** Where the last sound frame ends. */
  soundBytes: number
  last: StreamId | undefined
  /** Undefined where the file is no segment. */
  link: Link | undefined
  /** Whether the element that the head names is here with another hash. */
  differs: boolean
}

function endOf(path: string, head: Link | undefined): End {
  const reader = new SegmentReader(path)
  const end: End = {
    size: reader.bytes,
    soundBytes: reader.at,
    last: undefined,
    link: reader.begins,
    differs: false,
  }
  const check = (link: Link | undefined) => {
    if (head && link && compareIds(link.id, head.id) === 0 && !sameLink(link, head))
      end.differs = true
  }
  check(reader.begins)
  for (const { element, link, end: soundBytes } of soundFrames(reader)) {
    check(link)
    Object.assign(end, { last: element.id, link, soundBytes })
  }
  return end
}

/** A crash right after a file was begun leaves one without elements; bytes of any are kept for people to look at. */
async function putAway(path: string, size: number): Promise<void> {
  if (size <= HEADER_BYTES) await rm(path)
  else await rename(path, `${path}.torn`)
}
