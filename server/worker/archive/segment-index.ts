/**
 * What a closed segment tells of each account, in a file beside it: what it changed in every bucket, and where the
 * elements with lines of the history begin. Made from the segment alone, so it may be thrown away at any time.
 *
 * A header, a directory (first account and place of every block), blocks of accounts by number, CRC32 of all before it.
 */

import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { Balances } from '../../../shared/ledger.ts'
import { BUCKETS, type Bucket } from '../../../shared/receipt.ts'
import { Packer, Unpacker } from '../../kernel/index.ts'
import { ID_BYTES, packId, type StreamId, unpackId } from '../element.ts'

const MAGIC = Buffer.from('FFIDX2')
/** Accounts that are read together. */
const BLOCK = 128
const CRC_BYTES = 4
/** The end of the segment, so that an index of another one is known. */
export const TAIL_BYTES = 32
const HEADER_BYTES = MAGIC.length + 6 + TAIL_BYTES + 3 * ID_BYTES + 6 + 6 + 4
const ENTRY_BYTES = 6 + 4

export const BUCKET_NAMES = Object.keys(BUCKETS) as Bucket[]

/** Where in the chain a segment is, and when what it tells happened. */
export interface Extent {
  /** Size of the segment, and its last bytes. */
  bytes: number
  tail: Buffer
  /** The element that it continues. */
  begins: StreamId
  first: StreamId
  last: StreamId
  /** Earliest and latest time of what it tells, Unix ms. */
  minAtMs: number
  maxAtMs: number
}

/** What a segment has of one account. */
export interface Found {
  changes: Balances
  /** Where elements with its lines begin, oldest first. */
  offsets: number[]
}

/** An index that was read and is whole; the blocks stay on disk. */
export interface SegmentIndex extends Extent {
  path: string
  accounts: Float64Array
  places: Uint32Array
  /** All of it, where it could not be kept on disk. */
  held?: Buffer
}

export const indexPath = (segment: string): string => segment.replace(/\.seg$/, '.idx')

/** A whole number of either sign in as few bytes as it needs. */
function packNumber(out: Packer, value: number): void {
  let left = value < 0 ? -value * 2 - 1 : value * 2
  while (left > 127) {
    out.u8((left % 128) + 128)
    left = Math.floor(left / 128)
  }
  out.u8(left)
}

function readNumber(from: Unpacker): number {
  let value = 0
  for (let weight = 1; ; weight *= 128) {
    const byte = from.u8()
    value += (byte % 128) * weight
    if (byte < 128) break
  }
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2
}

function packFound(out: Packer, account: number, { changes, offsets }: Found): void {
  out.u48(account)
  for (const bucket of BUCKET_NAMES) packNumber(out, changes[bucket])
  packNumber(out, offsets.length)
  let last = 0
  for (const offset of offsets) {
    packNumber(out, offset - last)
    last = offset
  }
}

function readFound(from: Unpacker): { account: number; found: Found } {
  const account = from.u48()
  const changes: Balances = { spendable: 0, session: 0, pending: 0, held: 0, frozen: 0 }
  for (const bucket of BUCKET_NAMES) changes[bucket] = readNumber(from)
  const offsets: number[] = []
  for (let n = readNumber(from), at = 0; n > 0; n--) {
    at += readNumber(from)
    offsets.push(at)
  }
  return { account, found: { changes, offsets } }
}

export function packIndex(extent: Extent, found: ReadonlyMap<number, Found>): Buffer {
  const accounts = [...found].sort(([a], [b]) => a - b)
  const blocks = Math.ceil(accounts.length / BLOCK)
  const ids = Buffer.alloc(3 * ID_BYTES)
  for (const [i, id] of [extent.begins, extent.first, extent.last].entries())
    packId(id, ids, i * ID_BYTES)
  const directory = new Packer(blocks * ENTRY_BYTES)
  const body = new Packer(1_000_000)
  const start = HEADER_BYTES + blocks * ENTRY_BYTES
  for (const [i, [account, of]] of accounts.entries()) {
    if (i % BLOCK === 0) directory.u48(account).u32(start + body.bytes().length)
    packFound(body, account, of)
  }
  const all = new Packer(start + body.bytes().length + CRC_BYTES)
    .raw(MAGIC)
    .u48(extent.bytes)
    .raw(extent.tail)
    .raw(ids)
    .u48(extent.minAtMs)
    .u48(extent.maxAtMs)
    .u32(blocks)
    .raw(directory.bytes())
    .raw(body.bytes())
  return all.u32(crc32(all.bytes())).bytes()
}

/** Undefined where the bytes are not a whole index. */
export function readIndex(path: string, bytes: Buffer): SegmentIndex | undefined {
  if (bytes.length < HEADER_BYTES + CRC_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC))
    return undefined
  const end = bytes.length - CRC_BYTES
  if (crc32(bytes.subarray(0, end)) !== bytes.readUInt32BE(end)) return undefined
  const from = new Unpacker(bytes, MAGIC.length)
  const size = from.u48()
  const tail = Buffer.from(from.raw(TAIL_BYTES))
  const ids = from.raw(3 * ID_BYTES)
  const of = {
    path,
    bytes: size,
    tail,
    begins: unpackId(ids, 0),
    first: unpackId(ids, ID_BYTES),
    last: unpackId(ids, 2 * ID_BYTES),
    minAtMs: from.u48(),
    maxAtMs: from.u48(),
  }
  const blocks = from.u32()
  const accounts = new Float64Array(blocks)
  const places = new Uint32Array(blocks + 1)
  for (let i = 0; i < blocks; i++) {
    accounts[i] = from.u48()
    places[i] = from.u32()
  }
  places[blocks] = end
  return { ...of, accounts, places }
}

/** Beside the segment, whole or not at all. Throws where the folder cannot be written. */
export async function saveIndex(segment: string, bytes: Buffer): Promise<void> {
  const unfinished = `${indexPath(segment)}.${process.pid}.part`
  try {
    await writeFile(unfinished, bytes)
    await rename(unfinished, indexPath(segment))
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

/** The index of a segment as it is now; undefined where there is none, or it is of another file or damaged. */
export async function loadIndex(segment: string): Promise<SegmentIndex | undefined> {
  const path = indexPath(segment)
  const bytes = await readFile(path).catch(() => undefined)
  const index = bytes && readIndex(path, bytes)
  if (!index) return undefined
  const { size } = await stat(segment)
  return size === index.bytes && (await tailOf(segment, size)).equals(index.tail)
    ? index
    : undefined
}

async function tailOf(segment: string, size: number): Promise<Buffer> {
  const file = await open(segment, 'r')
  try {
    const tail = Buffer.alloc(TAIL_BYTES)
    await file.read(tail, 0, TAIL_BYTES, Math.max(0, size - TAIL_BYTES))
    return tail
  } finally {
    await file.close()
  }
}

/** What an index has of an account: one read of one block. Undefined where it has nothing. */
export async function lookUp(
  { path, accounts, places, held }: SegmentIndex,
  account: number,
): Promise<Found | undefined> {
  let low = 0
  let high = accounts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((accounts[middle] ?? 0) <= account) low = middle + 1
    else high = middle
  }
  if (low === 0) return undefined
  const [at = 0, end = 0] = places.subarray(low - 1, low + 1)
  const block = held?.subarray(at, end) ?? (await readBlock(path, at, end))
  const from = new Unpacker(block)
  while (!from.done) {
    const one = readFound(from)
    if (one.account === account) return one.found
    if (one.account > account) return undefined
  }
  return undefined
}

async function readBlock(path: string, at: number, end: number): Promise<Buffer> {
  const file = await open(path, 'r')
  try {
    const block = Buffer.alloc(end - at)
    await file.read(block, 0, block.length, at)
    return block
  } finally {
    await file.close()
  }
}
