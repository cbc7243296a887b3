/**
 * Journal segments on disk. A file begins with the magic, the partition's number (2) and the link of the chain that
 * it continues: id (6 ms, 4 seq), count (6), hash (32). Then frames: length of the bytes (4), id, bytes, and the
 * chain's hash after it (32). All big-endian. A file is named by its first id.
 */

import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { follow, HASH_BYTES, type Link } from './archive/chain.ts'
import {
  compareIds,
  formatId,
  ID_BYTES,
  JournalElement,
  packId,
  parseId,
  type StreamId,
  unpackId,
  ZERO,
} from './element.ts'

const MAGIC = Buffer.from('FFSEG2')
export const LENGTH_BYTES = 4
const COUNT_BYTES = 6
const LINK_AT = MAGIC.length + 2
const COUNT_AT = LINK_AT + ID_BYTES
const HASH_AT = COUNT_AT + COUNT_BYTES
export const HEADER_BYTES = HASH_AT + HASH_BYTES
/** What everybody earned and bought is nothing for others on the machine. */
const FOLDER_MODE = 0o750
/** No element is larger; a length above is not one. */
const ELEMENT_BYTES_MAX = 64_000_000

export function segmentHeader(partition: number, begins: Link): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  MAGIC.copy(header)
  header.writeUInt16BE(partition, MAGIC.length)
  packId(begins.id, header, LINK_AT)
  header.writeUIntBE(begins.count, COUNT_AT, COUNT_BYTES)
  begins.hash.copy(header, HASH_AT)
  return header
}

/** An element as it is on disk; `hash` is the chain's after it. */
export function frame({ id, bytes }: JournalElement, hash: Buffer): Buffer {
  const out = Buffer.allocUnsafe(LENGTH_BYTES + ID_BYTES + bytes.length + HASH_BYTES)
  out.writeUInt32BE(bytes.length, 0)
  packId(id, out, LENGTH_BYTES)
  bytes.copy(out, LENGTH_BYTES + ID_BYTES)
  hash.copy(out, out.length - HASH_BYTES)
  return out
}

export const partitionFolder = (dataDir: string, partition: number): string =>
  join(dataDir, 'journal', String(partition))

/** Paths of a partition's segments, oldest first. Makes the folder where it is missing. */
export function segmentPaths(dataDir: string, partition: number): string[] {
  const folder = partitionFolder(dataDir, partition)
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE })
  return readdirSync(folder)
    .filter((name) => name.endsWith('.seg'))
    .map((name) => ({ name, id: parseId(name) }))
    .sort((a, b) => compareIds(a.id, b.id))
    .map(({ name }) => join(folder, name))
}

export const segmentName = (first: StreamId): string => `${formatId(first)}.seg`

/** A frame of the length it says; whether it says the truth is for the reader of the chain to find out. */
export interface Frame {
  element: JournalElement
  /** What the file says the chain's hash is after it. */
  hash: Buffer
  /** Where it begins and ends in the file. */
  at: number
  end: number
}

/** Reads one file frame by frame. Holds the file in memory, which is a segment's size at most. */
export class SegmentReader {
  readonly path: string
  /** Size of the file. */
  readonly bytes: number
  /** Undefined where the file is too short to say, or is not a segment. */
  readonly partition: number | undefined
  /** The link that the file continues; undefined as `partition` is. */
  readonly begins: Link | undefined
  /** Whether there is a header at all. */
  readonly short: boolean
  readonly #file: Buffer
  #at: number

  constructor(path: string) {
    const file = readFileSync(path)
    this.path = path
    this.bytes = file.length
    this.#file = file
    this.#at = file.length
    const isOurs = file.subarray(0, MAGIC.length).equals(MAGIC)
    this.short = file.length < (isOurs ? HEADER_BYTES : LINK_AT)
    if (this.short || !isOurs) return
    this.partition = file.readUInt16BE(MAGIC.length)
    this.begins = {
      id: unpackId(file, LINK_AT),
      count: file.readUIntBE(COUNT_AT, COUNT_BYTES),
      hash: file.subarray(HASH_AT, HEADER_BYTES),
    }
    this.#at = HEADER_BYTES
  }

  /** Where the next frame would begin. */
  get at(): number {
    return this.#at
  }

  /** The last bytes of the file. */
  tail(bytes: number): Buffer {
    const tail = Buffer.alloc(bytes)
    this.#file.copy(tail, 0, Math.max(0, this.#file.length - bytes))
    return tail
  }

  /** The next frame, or the one at a place where one begins; undefined where no whole one follows. */
  next(from = 0): Frame | undefined {
    const file = this.#file
    const at = from > 0 ? from : this.#at
    if (at + LENGTH_BYTES + ID_BYTES + HASH_BYTES > file.length) return undefined
    const length = file.readUInt32BE(at)
    const bytesAt = at + LENGTH_BYTES + ID_BYTES
    const end = bytesAt + length + HASH_BYTES
    if (length > ELEMENT_BYTES_MAX || end > file.length) return undefined
    const element = new JournalElement(
      unpackId(file, at + LENGTH_BYTES),
      file.subarray(bytesAt, end - HASH_BYTES),
    )
    this.#at = end
    return { element, hash: file.subarray(end - HASH_BYTES, end), at, end }
  }
}

export interface SoundFrame extends Frame {
  /** Where the chain stands after it, counted from the file's own header. */
  link: Link
}

/** Frames up to the first that is torn or is not what the file's own chain says. */
export function* soundFrames(reader: SegmentReader): Generator<SoundFrame> {
  let link = reader.begins
  for (let next = reader.next(); next && link; next = reader.next()) {
    link = follow(link, next.element)
    if (!next.hash.equals(link.hash)) return
    yield { ...next, link }
  }
}

/**
 * Every archived element of a partition, in order and once each, though two files may overlap where two workers
 * took turns. Reads a file up to its first element that is not whole: a crash ends a file so. Whether anything was
 * changed or lost is for `verifyPartition` to say. Throws where a file is not a segment of this partition.
 */
export function* readSegments(dataDir: string, partition: number): Generator<JournalElement> {
  let last = ZERO
  for (const path of segmentPaths(dataDir, partition)) {
    const reader = new SegmentReader(path)
    if (reader.short) continue
    if (reader.partition === undefined) throw new Error(`${path} is not a journal segment`)
    if (reader.partition !== partition)
      throw new Error(`${path} is a segment of partition ${reader.partition}`)
    for (const { element } of soundFrames(reader)) {
      if (compareIds(element.id, last) <= 0) continue
      last = element.id
      yield element
    }
  }
}
