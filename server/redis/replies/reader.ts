/**
 * Reads the replies of one connection's commands that want them as they stand (`Strings`); all others, and whatever is not
 * as expected, goes to the client's own parser, byte for byte. The client keeps the order of commands, reconnects and
 * redirects: in the place of a reply that was taken it gets one that costs nothing.
 */

import { ReplyScanner } from './scanner.ts'
import type { StandingReply } from './standing.ts'

/** A command that takes its reply as it stands. */
export interface Taker {
  /** Comes before the client says that the command was answered, and only where it was answered with an array. */
  take(reply: StandingReply): void
}

export interface ReplyReaderOptions {
  /** The client's own parser. */
  parse: (bytes: Buffer) => void
  /** The command that is answered next, where it takes its reply as it stands. */
  taker: () => Taker | undefined
}

const ARRAY = '*'.charCodeAt(0)
/** What the client hears instead. */
const TAKEN = Buffer.from(':0\r\n')

export class ReplyReader {
  readonly #options: ReplyReaderOptions
  readonly #scanner = new ReplyScanner()
  /** Of the reply under way; undefined where the client's parser has it. */
  #taker: Taker | undefined
  /** What came of it so far, in chunks before. */
  #kept: Buffer[] = []

  constructor(options: ReplyReaderOptions) {
    this.#options = options
  }

  read(chunk: Buffer): void {
    const scanner = this.#scanner
    for (let from = 0; from < chunk.length; ) {
      if (scanner.isLost) return this.#options.parse(rest(chunk, from))
      if (scanner.isBetween) {
        this.#taker = chunk[from] === ARRAY ? this.#options.taker() : undefined
        scanner.begin(this.#taker !== undefined)
      }
      const to = scanner.scan(chunk, from)
      this.#part(chunk, from, scanner.isLost ? chunk.length : to)
      if (scanner.isLost) return
      from = to
    }
  }

  /** Some or all of one reply. */
  #part(chunk: Buffer, from: number, to: number): void {
    const scanner = this.#scanner
    const part = rest(chunk, from, to)
    if (!this.#taker) return this.#options.parse(part)
    if (scanner.isOdd || scanner.isLost) return this.#giveUp(part)
    if (!scanner.isBetween) return void this.#kept.push(part)
    const bytes = this.#kept.length === 0 ? part : Buffer.concat([...this.#kept, part])
    this.#kept = []
    this.#taker.take({ bytes, bounds: scanner.bounds, count: scanner.count })
    this.#options.parse(TAKEN)
  }

  /** The rest of this reply is the client's, and what came of it. */
  #giveUp(part: Buffer): void {
    this.#taker = undefined
    for (const kept of this.#kept.splice(0)) this.#options.parse(kept)
    this.#options.parse(part)
  }
}

const rest = (chunk: Buffer, from: number, to = chunk.length): Buffer =>
  from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to)
