/**
 * Journal segments on disk. A file begins with the magic and the partition's number; then frames: length of the
 * bytes (4), id (6 ms, 4 seq), bytes, CRC32 of id and bytes (4). All big-endian. A file is named by its first id.
 */

import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
} from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { compareIds, formatId, JournalElement, parseId, type StreamId, ZERO } from './element.ts'

const MAGIC = Buffer.from('FFSEG1')
export const HEADER_BYTES = MAGIC.length + 2
const ID_BYTES = 10
const FRAME_BYTES = 4 + ID_BYTES + 4
/** No element is larger; a length above is not one. */
const ELEMENT_BYTES_MAX = 64_000_000

export const segmentHeader = (partition: number): Buffer => {
  const header = Buffer.alloc(HEADER_BYTES)
  MAGIC.copy(header)
  header.writeUInt16BE(partition, MAGIC.length)
  return header
}

export function frame({ id, bytes }: JournalElement): Buffer {
  const out = Buffer.allocUnsafe(FRAME_BYTES + bytes.length)
  out.writeUInt32BE(bytes.length, 0)
  out.writeUIntBE(id.ms, 4, 6)
  out.writeUInt32BE(id.seq, 10)
  bytes.copy(out, 4 + ID_BYTES)
  out.writeUInt32BE(crc32(out.subarray(4, 4 + ID_BYTES + bytes.length)), out.length - 4)
  return out
}

export const partitionFolder = (dataDir: string, partition: number): string =>
  join(dataDir, 'journal', String(partition))

/** Paths of a partition's segments, oldest first. Makes the folder where it is missing. */
export function segmentPaths(dataDir: string, partition: number): string[] {
  const folder = partitionFolder(dataDir, partition)
  mkdirSync(folder, { recursive: true })
  return readdirSync(folder)
    .filter((name) => name.endsWith('.seg'))
    .map((name) => ({ name, id: parseId(name) }))
    .sort((a, b) => compareIds(a.id, b.id))
    .map(({ name }) => join(folder, name))
}

export const segmentName = (first: StreamId): string => `${formatId(first)}.seg`

export interface ScannedSegment {
  elements: JournalElement[]
  /** Where the last whole frame ends; less than the file's size where its tail is torn. */
  wholeBytes: number
  bytes: number
}

/** Reads a whole segment. A torn tail ends it; the caller decides whether one may be there. */
export function scanSegment(path: string): ScannedSegment {
  const file = readFileSync(path)
  const elements: JournalElement[] = []
  if (file.length < HEADER_BYTES || !file.subarray(0, MAGIC.length).equals(MAGIC))
    return { elements, wholeBytes: 0, bytes: file.length }
  let at = HEADER_BYTES
  while (at + FRAME_BYTES <= file.length) {
    const length = file.readUInt32BE(at)
    const end = at + FRAME_BYTES + length
    if (length > ELEMENT_BYTES_MAX || end > file.length) break
    const body = file.subarray(at + 4, end - 4)
    if (crc32(body) !== file.readUInt32BE(end - 4)) break
    const id = { ms: body.readUIntBE(0, 6), seq: body.readUInt32BE(6) }
    elements.push(new JournalElement(id, body.subarray(ID_BYTES)))
    at = end
  }
  return { elements, wholeBytes: at, bytes: file.length }
}

/**
 * Every archived element of a partition, in order and once each, though two files may overlap where two workers
 * took turns. A torn tail is allowed at the end of any file, because a crash ends a file; throws where a file is
 * not a segment of this partition.
 */
export function* readSegments(dataDir: string, partition: number): Generator<JournalElement> {
  let last = ZERO
  for (const path of segmentPaths(dataDir, partition)) {
    const owner = ownerOf(path)
    if (owner === undefined) continue
    if (owner !== partition) throw new Error(`${path} is a segment of partition ${owner}`)
    for (const element of scanSegment(path).elements) {
      if (compareIds(element.id, last) <= 0) continue
      last = element.id
      yield element
    }
  }
}

/** The partition a file says it belongs to; undefined where the file ends before it could. */
function ownerOf(path: string): number | undefined {
  const fd = openSync(path, 'r')
  try {
    if (fstatSync(fd).size < HEADER_BYTES) return undefined
    const header = Buffer.alloc(HEADER_BYTES)
    readSync(fd, header, 0, HEADER_BYTES, 0)
    if (!header.subarray(0, MAGIC.length).equals(MAGIC))
      throw new Error(`${path} is not a journal segment`)
    return header.readUInt16BE(MAGIC.length)
  } finally {
    closeSync(fd)
  }
}
