/** Big-endian writer and reader of packed records; the other half is `struct` in the Lua scripts. */

import { assert } from './assert.ts'

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
    this.#room(1)
    this.#at = this.#buffer.writeUInt8(value, this.#at)
    return this
  }

  u16(value: number): this {
    this.#room(2)
    this.#at = this.#buffer.writeUInt16BE(value, this.#at)
    return this
  }

  u32(value: number): this {
    this.#room(4)
    this.#at = this.#buffer.writeUInt32BE(value, this.#at)
    return this
  }

  u48(value: number): this {
    this.#room(6)
    this.#at = this.#buffer.writeUIntBE(value, this.#at, 6)
    return this
  }

  raw(bytes: Buffer): this {
    this.#room(bytes.length)
    this.#at += bytes.copy(this.#buffer, this.#at)
    return this
  }

  /** A text of up to 255 bytes behind its length. Throws RangeError where it is longer. */
  text(value: string): this {
    const bytes = Buffer.from(value)
    return this.u8(bytes.length).raw(bytes)
  }

  /** What was written. Not a copy: the writer is done with it. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#at)
  }
}

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
    const byte = this.#buffer[this.#at++]
    if (byte === undefined) throw new RangeError('a packed record ended early')
    return byte
  }

  u16(): number {
    return this.u8() * 2 ** 8 + this.u8()
  }

  u32(): number {
    return this.u16() * 2 ** 16 + this.u16()
  }

  u48(): number {
    return this.u16() * 2 ** 32 + this.u32()
  }

  /** A text of up to 255 bytes behind its length. */
  text(): string {
    return this.raw(this.u8()).toString()
  }

  raw(bytes: number): Buffer {
    assert(this.#at + bytes <= this.#buffer.length, 'a packed record ended early')
    const part = this.#buffer.subarray(this.#at, this.#at + bytes)
    this.#at += bytes
    return part
  }
}
