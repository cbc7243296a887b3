/** JSON written as bytes, into memory that is used again: for what is written many thousand times a second. */

const ZERO = 48
/** Whole numbers below it are divided as such. */
const BILLION = 1_000_000_000
const BILLION_DIGITS = 9
/** More than the longest number has, and than words are longer than their bytes. */
const NUMBER_BYTES = 16
const WORD_BYTES = 4
/** Views of fewer bytes are made once. */
const VIEWS_KEPT = 2048

/** Constant text, in words of four bytes: a part is short, and a call that copies takes longer than a few stores. */
export interface Part {
  /** The last one is filled up with zeros. */
  readonly words: Int32Array
  readonly bytes: number
}

/** Made once, of any text that is JSON as it stands. */
export function part(text: string): Part {
  const bytes = Buffer.from(text)
  const words = new Int32Array(Math.ceil(bytes.length / WORD_BYTES))
  const padded = Buffer.concat([bytes], words.byteLength)
  for (let i = 0; i < words.length; i++) words[i] = padded.readInt32LE(i * WORD_BYTES)
  return { words, bytes: bytes.length }
}

export class JsonBytes {
  #bytes: Uint8Array
  #view: DataView
  #at = 0
  #from = 0
  /**
   * By where they begin and by their length: what is written again and again is about as long each time and begins in one of
   * the few places that `clear` and `before` lead to, and to make a view takes longer than to write a number.
   */
  #views: ((Uint8Array | undefined)[] | undefined)[] = []

  constructor(size = 16_384) {
    // Not a Buffer: views of those take a slower way.
    this.#bytes = new Uint8Array(size)
    this.#view = new DataView(this.#bytes.buffer)
  }

  /** Begins anew, with room for what `before` is to put in front. */
  clear(room = 0): this {
    this.#at = this.#from = room
    return this
  }

  get length(): number {
    return this.#at - this.#from
  }

  put({ words, bytes }: Part): this {
    this.#room(bytes + WORD_BYTES)
    const view = this.#view
    let at = this.#at
    this.#at += bytes
    for (let i = 0; i < words.length; i++) {
      view.setInt32(at, words[i] ?? 0, true)
      at += WORD_BYTES
    }
    return this
  }

  /** Bytes that are JSON already. */
  raw(bytes: Uint8Array): this {
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
    return this
  }

  /** A whole number from 0 to 2^53 - 1. */
  number(value: number): this {
    this.#room(NUMBER_BYTES)
    const digits = digitsOf(value)
    this.#write(value, this.#at, digits)
    this.#at += digits
    return this
  }

  #write(value: number, at: number, digits: number): void {
    if (value < BILLION) return this.#writeSmall(value, at, digits)
    const billions = Math.floor(value / BILLION)
    const high = digits - BILLION_DIGITS
    this.#writeSmall(billions, at, high)
    this.#writeSmall(value - billions * BILLION, at + high, BILLION_DIGITS)
  }

  /** The last digits of a number below a billion. */
  #writeSmall(value: number, at: number, digits: number): void {
    const bytes = this.#bytes
    let rest = value | 0
    for (let place = at + digits - 1; place >= at; place--) {
      const less = (rest / 10) | 0
      bytes[place] = ZERO + rest - less * 10
      rest = less
    }
  }

  /** Puts ASCII in front of what was written; `clear` has kept room for it. */
  before(text: string): this {
    this.#from -= text.length
    for (let i = 0; i < text.length; i++) this.#bytes[this.#from + i] = text.charCodeAt(i)
    return this
  }

  /** The same with a whole number. */
  numberBefore(value: number): this {
    const digits = digitsOf(value)
    this.#from -= digits
    this.#write(value, this.#from, digits)
    return this
  }

  /** Not a copy: good until the next `clear`. */
  view(): Uint8Array {
    const { length } = this
    if (length >= VIEWS_KEPT) return new Uint8Array(this.#bytes.buffer, this.#from, length)
    let views = this.#views[this.#from]
    if (!views) {
      // Of its full length from the beginning: one that grows by leaps becomes slow to read.
      views = new Array<Uint8Array | undefined>(VIEWS_KEPT)
      this.#views[this.#from] = views
    }
    views[length] ??= new Uint8Array(this.#bytes.buffer, this.#from, length)
    return views[length]
  }

  toString(): string {
    return Buffer.from(this.view()).toString()
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at + bytes))
    grown.set(this.#bytes.subarray(0, this.#at))
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
    this.#views = []
  }
}

function digitsOf(value: number): number {
  let digits = 1
  for (let power = 10; value >= power; power *= 10) digits += 1
  return digits
}
