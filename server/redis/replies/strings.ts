/** Byte strings where they stand in a reply: hundreds of them are one object, and none is copied. */
export class Strings {
  /** What holds them, and other things between them. */
  readonly bytes: Buffer
  readonly length: number
  /** Where each begins and ends, one pair after the other, from pair `#first` on. */
  readonly #bounds: Int32Array
  readonly #first: number

  constructor(bytes: Buffer, bounds: Int32Array, of: { first: number; length: number }) {
    this.bytes = bytes
    this.#bounds = bounds
    this.#first = of.first
    this.length = of.length
  }

  /** The same of strings that are apart. */
  static of(list: readonly Buffer[]): Strings {
    const bounds = new Int32Array(2 * list.length)
    let at = 0
    list.forEach((one, i) => {
      bounds[2 * i] = at
      at += one.length
      bounds[2 * i + 1] = at
    })
    return new Strings(Buffer.concat(list), bounds, { first: 0, length: list.length })
  }

  /** Throws RangeError where there is no such string. */
  begin(i: number): number {
    return this.#bound(i, 0)
  }

  /** Behind its last byte. */
  end(i: number): number {
    return this.#bound(i, 1)
  }

  /** Not a copy. */
  at(i: number): Buffer {
    return this.bytes.subarray(this.begin(i), this.end(i))
  }

  #bound(i: number, side: number): number {
    const bound = this.#bounds[2 * (this.#first + i) + side]
    if (i >= this.length || bound === undefined) throw new RangeError(`there is no string ${i}`)
    return bound
  }
}
