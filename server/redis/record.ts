/** Packed records as `lua/record.lua` lays them out, for those who read them outside of scripts. */

import { assert, Packer, Unpacker, u8At, u16At, u48At } from '../kernel/index.ts'

const VERSION = 2
const FROZEN_FLAG = 1
const HEAD_BYTES = 8
const LENGTH_BYTES = 2
/** Tag and length of an extra. No extra has tag 0. */
const EXTRA_HEAD_BYTES = 3
const NO_TAG = 0
const NO_BYTES = Buffer.alloc(0)

/** Tag of how far an account is in quests. */
export const QUESTS = 1

/** Bytes of each module's fixed part, and where they begin. */
export interface RecordLayout {
  fixed: readonly number[]
  fixedAt: readonly number[]
  /** Of everything before the lengths of the sections. */
  bytes: number
}

function layout(...fixed: number[]): RecordLayout {
  let bytes = HEAD_BYTES
  const fixedAt = fixed.map((size) => {
    bytes += size
    return bytes - size
  })
  return { fixed, fixedAt, bytes }
}

/** Client sessions, wallet, growth, day counters, attention. */
export const ACCOUNT_RECORD = layout(27, 34, 18, 13, 13)
/** Counters, attention, tasks. */
export const VISIT_RECORD = layout(18, 6, 0)

/** A record cut into its parts, by number of the module from 0. */
export class PackedRecord {
  frozen = false
  changes = 0
  readonly #layout: RecordLayout
  #bytes: Buffer = NO_BYTES
  #end = 0
  #from = 0
  /** Where the lengths of the sections begin. */
  #lengthsAt = 0
  #sectionsAt = 0
  /** Where extras begin, if there are any. */
  #extrasAt = 0

  /** Throws where the record is of another version or torn. */
  constructor(bytes: Buffer, of: RecordLayout) {
    this.#layout = of
    this.open(bytes, 0, bytes.length)
  }

  /** From here on it is about the record between these places. Throws as the constructor. */
  open(bytes: Buffer, from: number, end: number): this {
    const { fixed, bytes: before } = this.#layout
    const version = from < end ? u8At(bytes, from) : undefined
    if (version !== VERSION) throw new Error(`record of unknown version ${version}`)
    this.#bytes = bytes
    this.#end = end
    this.frozen = u8At(bytes, from + 1) % 2 === FROZEN_FLAG
    this.changes = u48At(bytes, from + 2)
    this.#from = from
    this.#lengthsAt = from + before
    this.#sectionsAt = this.#lengthsAt + LENGTH_BYTES * fixed.length
    this.#extrasAt = this.#sectionAt(fixed.length)
    const isWhole = this.#extrasAt === end || this.#extraAt(NO_TAG) === end
    assert(isWhole, 'a record is as long as its sections and extras')
    return this
  }

  /** Bytes of a section. */
  length(part: number): number {
    return u16At(this.#bytes, this.#lengthsAt + LENGTH_BYTES * part)
  }

  #sectionAt(part: number): number {
    let at = this.#sectionsAt
    for (let i = 0; i < part; i++) at += this.length(i)
    return at
  }

  /** Where the extra of that tag begins; the end where there is none. */
  #extraAt(tag: number): number {
    let at = this.#extrasAt
    while (at + EXTRA_HEAD_BYTES <= this.#end && this.#bytes[at] !== tag)
      at += EXTRA_HEAD_BYTES + u16At(this.#bytes, at + 1)
    return at
  }

  /** What few accounts have, by its tag. Undefined where this one has not. */
  extra(tag: number): Unpacker | undefined {
    const at = this.#extraAt(tag)
    if (at >= this.#end) return undefined
    const from = at + EXTRA_HEAD_BYTES
    return new Unpacker(this.#bytes.subarray(from, from + u16At(this.#bytes, at + 1)))
  }

  /** What `fixedAt` is about. */
  get fixedBytes(): Buffer {
    return this.#bytes
  }

  /** Where a fixed part begins. */
  fixedAt(part: number): number {
    return this.#from + (this.#layout.fixedAt[part] ?? 0)
  }

  fixed(part: number): Unpacker {
    return new Unpacker(this.#bytes, this.fixedAt(part))
  }

  /** Undefined where it is empty. */
  section(part: number): Unpacker | undefined {
    if (this.length(part) === 0) return undefined
    return new Unpacker(this.#bytes, this.#sectionAt(part))
  }
}

export interface Extra {
  tag: number
  bytes: Buffer
}

/** What stands in a record beside its sections. Without `fixed` there is nothing in the fixed parts. */
export interface RecordHead {
  frozen: boolean
  changes: number
  fixed?: readonly Buffer[]
  extras?: readonly Extra[]
}

export function packRecord(
  of: RecordLayout,
  head: RecordHead,
  sections: readonly Buffer[],
): Buffer {
  const out = new Packer(of.bytes + LENGTH_BYTES * sections.length)
  out
    .u8(VERSION)
    .u8(head.frozen ? FROZEN_FLAG : 0)
    .u48(head.changes)
  for (const part of head.fixed ?? [Buffer.alloc(of.bytes - HEAD_BYTES)]) out.raw(part)
  for (const section of sections) out.u16(section.length)
  for (const section of sections) out.raw(section)
  for (const { tag, bytes } of head.extras ?? []) out.u8(tag).u16(bytes.length).raw(bytes)
  return out.bytes()
}
