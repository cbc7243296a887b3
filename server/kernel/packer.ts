/** Big-endian writer and reader of packed records; the other half is `struct` in the Lua scripts. */

import { assert, must } from './assert.ts'

const U8_MAX = 2 ** 8 - 1
const U16_MAX = 2 ** 16 - 1
const U32_MAX = 2 ** 32 - 1
const U48_MAX = 2 ** 48 - 1

function within(value: number, most: number): void {
  if (value >= 0 && value <= most) return
  throw new RangeError(`${value} is not between 0 and ${most}`)
}

export class Packer {
  #buffer: Buffer
  #at = 0

  constructor(size = 512) {
    this.#buffer = Buffer.allocUnsafe(size)
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + bytes))
    this.#buffer.copy(grown, 0, 0, this.#at)
    this.#buffer = grown
  }

  u8(value: number): this {
    within(value, U8_MAX)
    this.#room(1)
    this.#buffer[this.#at++] = value
    return this
  }

  u16(value: number): this {
    within(value, U16_MAX)
    this.#room(2)
    const at = this.#at
    this.#buffer[at] = value >>> 8
    this.#buffer[at + 1] = value
    this.#at = at + 2
    return this
  }

  u32(value: number): this {
    within(value, U32_MAX)
    this.#room(4)
    const at = this.#at
    this.#buffer[at] = value >>> 24
    this.#buffer[at + 1] = value >>> 16
    this.#buffer[at + 2] = value >>> 8
    this.#buffer[at + 3] = value
    this.#at = at + 4
    return this
  }

  u48(value: number): this {
    within(value, U48_MAX)
    const high = Math.floor(value / 2 ** 32)
    return this.u16(high).u32(value - high * 2 ** 32)
  }

  raw(bytes: Uint8Array): this {
    this.#room(bytes.length)
    this.#buffer.set(bytes, this.#at)
    this.#at += bytes.length
    return this
  }

  /** A part of other bytes. */
  part(bytes: Buffer, from: number, to: number): this {
    this.#room(to - from)
    this.#at += bytes.copy(this.#buffer, this.#at, from, to)
    return this
  }

  /** A text of up to 255 bytes behind its length. Throws RangeError where it is longer. */
  text(value: string): this {
    const bytes = Buffer.from(value)
    return this.u8(bytes.length).raw(bytes)
  }

  /** A text of ASCII as it is; where all of it is known to be that, this is the quickest way. */
  ascii(value: string): this {
    this.#room(value.length)
    this.#at += this.#buffer.write(value, this.#at, 'latin1')
    return this
  }

  /** How many bytes were written. */
  get size(): number {
    return this.#at
  }

  /** What was written. Not a copy: the writer is done with it, or is cleared once the bytes are not needed any more. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#at)
  }

  /** Begins anew in the same memory. */
  clear(): this {
    this.#at = 0
    return this
  }
}

function ended(): never {
  throw new RangeError('a packed record ended early')
}

// Numbers where they stand, some times as quick as the methods of Buffer. Each throws where the bytes end before.
export const u8At = (bytes: Uint8Array, at: number): number => bytes[at] ?? ended()
export const u16At = (bytes: Uint8Array, at: number): number =>
  (u8At(bytes, at) << 8) | u8At(bytes, at + 1)
export const u32At = (bytes: Uint8Array, at: number): number =>
  u16At(bytes, at) * 2 ** 16 + u16At(bytes, at + 2)
export const u48At = (bytes: Uint8Array, at: number): number =>
  u16At(bytes, at) * 2 ** 32 + u32At(bytes, at + 2)

export class Unpacker {
  readonly #buffer: Buffer
  #at: number

  constructor(buffer: Buffer, at = 0) {
    this.#buffer = buffer
    this.#at = at
  }

  get at(): number {
    return this.#at
  }

  get done(): boolean {
    return this.#at >= this.#buffer.length
  }

  u8(): number {
    return u8At(this.#buffer, this.#at++)
  }

  u16(): number {
    const at = this.#at
    this.#at = at + 2
    return u16At(this.#buffer, at)
  }

  u32(): number {
    const at = this.#at
    this.#at = at + 4
    return u32At(this.#buffer, at)
  }

  u48(): number {
    const at = this.#at
    this.#at = at + 6
    return u48At(this.#buffer, at)
  }

  /** A text of up to 255 bytes behind its length. */
  text(): string {
    return this.raw(this.u8()).toString()
  }

  skip(bytes: number): void {
    this.#at += bytes
  }

  raw(bytes: number): Buffer {
    assert(this.#at + bytes <= this.#buffer.length, 'a packed record ended early')
    const part = this.#buffer.subarray(this.#at, this.#at + bytes)
    this.#at += bytes
    return part
  }
}

/** Names of a table by their numbers, as packed records hold them. Throws on a number that has none. */
export const named = <T extends string>(table: Record<T, number>) => {
  const names: T[] = []
  for (const [name, no] of Object.entries(table) as [T, number][]) names[no] = name
  return (no: number): T => must(names[no], `number ${no} of a packed record`)
}
