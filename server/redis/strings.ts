/** Byte strings of a reply, one behind the other in one piece of memory: who reads numbers out of hundreds needs no object for each. */
export class Strings {
  readonly bytes: Buffer
  readonly length: number
  /** Where each ends. */
  readonly #ends: Int32Array

  constructor(list: readonly Buffer[]) {
    this.bytes = Buffer.concat(list)
    this.length = list.length
    this.#ends = new Int32Array(list.length)
    let at = 0
    for (let i = 0; i < list.length; i++) {
      at += list[i]?.length ?? 0
      this.#ends[i] = at
    }
  }

  /** Throws RangeError where there is no such string. */
  begin(i: number): number {
    return i === 0 && this.length > 0 ? 0 : this.end(i - 1)
  }

  /** Behind its last byte. */
  end(i: number): number {
    const end = this.#ends[i]
    if (end === undefined) throw new RangeError(`there is no string ${i}`)
    return end
  }

  /** Not a copy. */
  at(i: number): Buffer {
    return this.bytes.subarray(this.begin(i), this.end(i))
  }
}
