/**
 * The commands that make up nearly all frames, read from their bytes. Only the form in which clients write them is
 * known here: whatever is written otherwise goes the common way, through `JSON.parse` and the schema of the
 * command. So this can refuse nothing; it can only know that a frame is good.
 */

import { LIKES_PER_COMMAND } from '../../shared/protocol/limits.ts'

/** What one hot frame says. `count` is of likes, the others of beats. */
export interface HotCommand {
  name: 'like.send' | 'watch.beat'
  /** Number of the acknowledgement; -1 where none is asked for. */
  ack: number
  seq: number
  count: number
  nonce: number
  visible: boolean
}

const SEQ_MAX = 0xffff_fffe
const NONCE_MAX = 0xffff_ffff
/** Digits of an acknowledgement that are read here. */
const ACK_DIGITS = 9
const U32_DIGITS = 10

const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))
const EVENT = ascii('42')
const LIKE = ascii('["like.send",{"')
const BEAT = ascii('["watch.beat",{"')
const END = ascii('}]')
const SEQ = ascii('seq":')
const COUNT = ascii('count":')
const NONCE = ascii('nonce":')
const VISIBLE = ascii('visible":')
const NEXT = ascii(',"')
const TRUE = ascii('true')
const FALSE = ascii('false')

const ZERO = 48
const NINE = 57
/** Where a number begins that is none. */
const NONE = -1

/** Reads one frame at a time; what it found is in `command` until the next. */
export class HotReader {
  readonly command: HotCommand = {
    name: 'like.send',
    ack: NONE,
    seq: 0,
    count: 0,
    nonce: 0,
    visible: false,
  }
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0

  /** True where the frame is a hot command that fits its schema. */
  read(bytes: Uint8Array): boolean {
    this.#bytes = bytes
    this.#at = 0
    if (!this.#skip(EVENT)) return false
    const { command } = this
    command.ack = NONE
    if (this.#peekDigit()) {
      command.ack = this.#number(ACK_DIGITS)
      if (command.ack === NONE) return false
    }
    if (this.#skip(LIKE)) return this.#like(command)
    return this.#skip(BEAT) && this.#beat(command)
  }

  #like(command: HotCommand): boolean {
    command.name = 'like.send'
    command.seq = command.count = NONE
    do {
      if (command.seq === NONE && this.#skip(SEQ)) command.seq = this.#number(U32_DIGITS)
      else if (command.count === NONE && this.#skip(COUNT)) command.count = this.#number(U32_DIGITS)
      else return false
    } while (this.#skip(NEXT))
    return (
      this.#isEnd() && this.#isSeq() && command.count >= 1 && command.count <= LIKES_PER_COMMAND
    )
  }

  #beat(command: HotCommand): boolean {
    command.name = 'watch.beat'
    command.seq = command.nonce = NONE
    let seen = false
    do {
      if (command.seq === NONE && this.#skip(SEQ)) command.seq = this.#number(U32_DIGITS)
      else if (command.nonce === NONE && this.#skip(NONCE)) command.nonce = this.#number(U32_DIGITS)
      else if (!seen && this.#skip(VISIBLE)) {
        seen = true
        command.visible = this.#skip(TRUE)
        if (!command.visible && !this.#skip(FALSE)) return false
      } else return false
    } while (this.#skip(NEXT))
    return (
      this.#isEnd() && seen && this.#isSeq() && command.nonce >= 0 && command.nonce <= NONCE_MAX
    )
  }

  #isSeq(): boolean {
    return this.command.seq >= 1 && this.command.seq <= SEQ_MAX
  }

  #isEnd(): boolean {
    return this.#skip(END) && this.#at === this.#bytes.length
  }

  #skip(text: Uint8Array): boolean {
    for (let i = 0; i < text.length; i++) if (this.#bytes[this.#at + i] !== text[i]) return false
    this.#at += text.length
    return true
  }

  #peekDigit(): boolean {
    const byte = this.#bytes[this.#at]
    return byte !== undefined && byte >= ZERO && byte <= NINE
  }

  /** A whole number as JSON writes it, of at most `digits`; NONE where there is none. */
  #number(digits: number): number {
    const from = this.#at
    let value = 0
    while (this.#peekDigit()) value = value * 10 + (this.#bytes[this.#at++] ?? 0) - ZERO
    const length = this.#at - from
    if (length === 0 || length > digits) return NONE
    return length > 1 && this.#bytes[from] === ZERO ? NONE : value
  }
}
