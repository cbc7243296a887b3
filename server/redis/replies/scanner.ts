/** Finds where replies of Redis end, in chunks cut anywhere, without making anything of them. */

const LF = 10
const MINUS = 45
const [ZERO, NINE] = [48, 57]
const LINE_END_BYTES = 2

const typeOf = (sign: string): number => sign.charCodeAt(0)
const [BYTES, VERBATIM, BLOB_ERROR] = [typeOf('$'), typeOf('='), typeOf('!')]
const [ARRAY, SET, PUSH, MAP] = [typeOf('*'), typeOf('~'), typeOf('>'), typeOf('%')]
const INTEGER = typeOf(':')
/** Types that are one line. */
const LINES = [INTEGER, ...['+', '-', '_', '#', ',', '('].map(typeOf)]
const KNOWN: readonly number[] = [BYTES, VERBATIM, BLOB_ERROR, ARRAY, SET, PUSH, MAP, ...LINES]
const isKnown = Uint8Array.from({ length: 256 }, (_, type) => (KNOWN.includes(type) ? 1 : 0))

/** Places of values in a reply: room for the answers of most calls. */
const BOUNDS = 1024
/** No header is cut off. */
const NONE = 0

export class ReplyScanner {
  /** Values of the reply that have not ended; 0 between two replies. */
  #left = 0
  /** Bytes of a byte string that are still to come, with the end of its line. */
  #rest = 0
  #type = NONE
  #number = 0
  #negative = false
  /** Where the present line began. */
  #lineAt = 0
  /** Of the reply, in the chunks before. */
  #before = 0
  /** Begin and end of each value that is no array, by its place in the reply; undefined where nobody asked. */
  #bounds: Int32Array | undefined
  #count = 0
  /** Something that is neither array, byte string nor number came; its places mean nothing. */
  isOdd = false
  /** A type that is not known: nobody can say where the reply ends. */
  isLost = false

  get isBetween(): boolean {
    return this.#left === 0
  }

  /** Values whose places are known. */
  get count(): number {
    return this.#count
  }

  /** They are the caller's: the next reply has others. */
  get bounds(): Int32Array {
    return this.#bounds ?? new Int32Array(0)
  }

  /** From here on it is about the next reply; `places` where those of its values are to be kept. */
  begin(places: boolean): void {
    this.#left = 1
    this.#before = 0
    this.#count = 0
    this.isOdd = false
    this.#bounds = places ? new Int32Array(BOUNDS) : undefined
  }

  /** Reads on from there; answers where the reply ends, or the end of the chunk. */
  scan(chunk: Uint8Array, from: number): number {
    const base = this.#before - from
    let at = from
    while (this.#left > 0 && at < chunk.length && !this.isLost) {
      if (this.#rest > 0) at = this.#skip(chunk, at)
      else {
        if (this.#type === NONE) at = this.#open(chunk, at, base)
        at = this.#line(chunk, at, base)
      }
    }
    this.#before = base + at
    return at
  }

  #skip(chunk: Uint8Array, at: number): number {
    const step = Math.min(this.#rest, chunk.length - at)
    this.#rest -= step
    if (this.#rest === 0) this.#left -= 1
    return at + step
  }

  #open(chunk: Uint8Array, at: number, base: number): number {
    const type = chunk[at] ?? NONE
    if (isKnown[type] !== 1) this.isLost = true
    if (type !== ARRAY && type !== BYTES && type !== INTEGER) this.isOdd = true
    this.#type = type
    this.#number = 0
    this.#negative = false
    this.#lineAt = base + at + 1
    return at + 1
  }

  /** To the end of the line, or of the chunk. */
  #line(chunk: Uint8Array, from: number, base: number): number {
    let number = this.#number
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] ?? LF
      if (byte >= ZERO && byte <= NINE) number = number * 10 + byte - ZERO
      else if (byte === LF) {
        this.#number = number
        this.#close(base + at + 1)
        return at + 1
      } else if (byte === MINUS) this.#negative = true
    }
    this.#number = number
    return chunk.length
  }

  /** A line is over; what follows it begins there. */
  #close(next: number): void {
    const type = this.#type
    this.#type = NONE
    this.#left -= 1
    if (type === INTEGER) return this.#place(this.#lineAt, next - LINE_END_BYTES)
    // What has a length of -1 is nothing.
    if (this.#negative) this.isOdd = true
    else this.#follow(type, next)
  }

  /** What the header says that is still to come. */
  #follow(type: number, next: number): void {
    const number = this.#number
    switch (type) {
      case BYTES:
      case VERBATIM:
      case BLOB_ERROR:
        this.#left += 1
        this.#rest = number + LINE_END_BYTES
        this.#place(next, next + number)
        break
      case ARRAY:
      case SET:
      case PUSH:
        this.#left += number
        break
      case MAP:
        this.#left += 2 * number
    }
  }

  #place(begin: number, end: number): void {
    let bounds = this.#bounds
    if (!bounds) return
    const at = 2 * this.#count++
    if (at === bounds.length) {
      bounds = new Int32Array(2 * bounds.length)
      bounds.set(this.bounds)
      this.#bounds = bounds
    }
    bounds[at] = begin
    bounds[at + 1] = end
  }
}
