/** One element of a partition's journal: its id, its bytes, and what it says. */

import { type About, aboutElement, type SkimmedBatch, skimJournal } from '../scoring/index.ts'

/** Redis stream ids are `ms-seq`; both parts are exact numbers here. */
export interface StreamId {
  ms: number
  seq: number
}

export const ZERO: StreamId = { ms: 0, seq: 0 }
export const ID_BYTES = 10

export function parseId(text: string): StreamId {
  const [ms, seq] = text.split('-').map(Number)
  return { ms: ms ?? 0, seq: seq ?? 0 }
}

export const formatId = (id: StreamId): string => `${id.ms}-${id.seq}`

/** Below, at or above 0 where `a` is older than, the same as or newer than `b`. */
export const compareIds = (a: StreamId, b: StreamId): number => a.ms - b.ms || a.seq - b.seq

/** An id on disk: 6 bytes of ms, 4 of seq, big-endian. */
export function packId(id: StreamId, into: Buffer, at: number): void {
  into.writeUIntBE(id.ms, at, 6)
  into.writeUInt32BE(id.seq, at + 6)
}

export const unpackId = (from: Buffer, at: number): StreamId => ({
  ms: from.readUIntBE(at, 6),
  seq: from.readUInt32BE(at + 6),
})

export class JournalElement {
  readonly id: StreamId
  readonly bytes: Buffer
  #about: About | undefined
  #skimmed: SkimmedBatch | undefined

  constructor(id: StreamId, bytes: Buffer) {
    this.id = id
    this.bytes = bytes
  }

  /** Found out once, whoever asks. Throws where the element is damaged. */
  about(): About {
    this.#about ??= aboutElement(this.bytes)
    return this.#about
  }

  /** Read once, whoever asks. Throws on a layout this release does not know. */
  skim(): SkimmedBatch {
    this.#skimmed ??= skimJournal(this.bytes)
    return this.#skimmed
  }
}
