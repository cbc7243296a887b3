/** JSON written as bytes, into memory that is used again: for what is written many thousand times a second. */

const ZERO = 48
const NINES_MAX = 2 ** 30

/** Constant parts, made once. ASCII only. */
export const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))

export class JsonBytes {
  #bytes: Uint8Array
  #at = 0
  #from = 0

  constructor(size = 16_384) {
    // Not a Buffer: views of those take a slower way.
    this.#bytes = new Uint8Array(size)
  }

  /** Begins anew, with room for what `before` is to put in front. */
  clear(room = 0): this {
    this.#at = this.#from = room
    return this
  }

  get length(): number {
    return this.#at - this.#from
  }

  put(part: Uint8Array): this {
    this.#room(part.length)
    this.#bytes.set(part, this.#at)
    this.#at += part.length
    return this
  }

  /** A whole number from 0 to 2^53 - 1. */
  number(value: number): this {
    this.#room(16)
    if (value < 10) {
      this.#bytes[this.#at++] = ZERO + value
      return this
    }
    let digits = 1
    for (let power = 10; value >= power; power *= 10) digits += 1
    this.#at += digits
    let at = this.#at
    let rest = value
    while (rest >= NINES_MAX) {
      const less = Math.floor(rest / 10)
      this.#bytes[--at] = ZERO + rest - less * 10
      rest = less
    }
    // Integers of 31 bits divide quicker.
    let small = rest | 0
    while (small > 0) {
      const less = (small / 10) | 0
      this.#bytes[--at] = ZERO + small - less * 10
      small = less
    }
    return this
  }

  /** Puts ASCII in front of what was written; `clear` has kept room for it. */
  before(text: string): this {
    this.#from -= text.length
    for (let i = 0; i < text.length; i++) this.#bytes[this.#from + i] = text.charCodeAt(i)
    return this
  }

  /** Not a copy: good until the next `clear`. */
  view(): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#from, this.length)
  }

  toString(): string {
    return Buffer.from(this.view()).toString()
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at + bytes))
    grown.set(this.#bytes.subarray(0, this.#at))
    this.#bytes = grown
  }
}
