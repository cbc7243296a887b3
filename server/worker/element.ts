/** One element of a partition's journal: its id, its bytes, and what it says. */

import { type SkimmedBatch, skimJournal } from '../scoring/index.ts'

/** Redis stream ids are `ms-seq`; both parts are exact numbers here. */
export interface StreamId {
  ms: number
  seq: number
}

export const ZERO: StreamId = { ms: 0, seq: 0 }

export function parseId(text: string): StreamId {
  const [ms, seq] = text.split('-').map(Number)
  return { ms: ms ?? 0, seq: seq ?? 0 }
}

export const formatId = (id: StreamId): string => `${id.ms}-${id.seq}`

/** Below, at or above 0 where `a` is older than, the same as or newer than `b`. */
export const compareIds = (a: StreamId, b: StreamId): number => a.ms - b.ms || a.seq - b.seq

export class JournalElement {
  readonly id: StreamId
  readonly bytes: Buffer
  #skimmed: SkimmedBatch | undefined

  constructor(id: StreamId, bytes: Buffer) {
    this.id = id
    this.bytes = bytes
  }

  /** Read once, whoever asks. Throws on a layout this release does not know. */
  skim(): SkimmedBatch {
    this.#skimmed ??= skimJournal(this.bytes)
    return this.#skimmed
  }
}
