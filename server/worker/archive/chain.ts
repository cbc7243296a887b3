/**
 * The hash chain over a partition's archive: SHA-256 of the hash before, the id and the bytes. It is made of the
 * elements alone, not of files or batches, so that workers with different folders come to the same hashes.
 */

import { createHash } from 'node:crypto'
import {
  compareIds,
  formatId,
  ID_BYTES,
  type JournalElement,
  packId,
  type StreamId,
  ZERO,
} from '../element.ts'

export const HASH_BYTES = 32

/** Where the chain stands after an element. */
export interface Link {
  id: StreamId
  /** Elements of the chain up to this one. */
  count: number
  hash: Buffer
}

/** Where a partition's chain begins: before its first element, or after those whose head was lost. */
export const origin = (partition: number, after: StreamId = ZERO): Link => ({
  id: after,
  count: 0,
  hash: createHash('sha256')
    .update(`fanfare archive, partition ${partition}, after ${formatId(after)}`)
    .digest(),
})

export function follow({ count, hash }: Link, { id, bytes }: JournalElement): Link {
  const packed = Buffer.allocUnsafe(ID_BYTES)
  packId(id, packed, 0)
  return {
    id,
    count: count + 1,
    hash: createHash('sha256').update(hash).update(packed).update(bytes).digest(),
  }
}

export const sameLink = (a: Link, b: Link): boolean =>
  compareIds(a.id, b.id) === 0 && a.count === b.count && a.hash.equals(b.hash)
