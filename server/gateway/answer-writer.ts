/** What one viewer is answered after a scoring call, as bytes: the account once, whatever number of answers shows it. */

import { JsonBytes, part, u32At } from '../kernel/index.ts'
import {
  AnswerReader,
  type Outcome,
  type Showing,
  writeAccount,
  writeReceipt,
} from '../scoring/index.ts'
import { FRAME_ROOM } from './sockets.ts'

const OK = part('{"ok":true,')
const DUP = part('"dup":true,')
const ACCOUNT = part('"account":')
const RECEIPTS = part(',"receipts":[')
const AT = part('],"atMs":')
const BEGIN = part('{')
const HIGH = part(',"applied":{"high":')
const MASK = part(',"mask":')
const APPLIED_END = part('}')
const END = part('}')
const COMMA = part(',')

/** Where a receipt has its number. */
const RECEIPT_SEQ = 4

interface Shown extends Showing {
  atMs: number
}

export class AnswerWriter {
  readonly #account = new JsonBytes()
  readonly #out = new JsonBytes()
  /** Receipts of the commands that a watermark answers. */
  readonly #marked = new JsonBytes()
  #isMarked = false
  /** More than one answer may show the account. */
  #isShared = false
  #answer = new AnswerReader()
  #shown: Shown | undefined

  /** From here on it is about this viewer and that many commands; what was written before is gone. */
  begin(answer: AnswerReader, shown: Shown, commands: number): void {
    this.#answer = answer
    this.#shown = shown
    this.#isShared = commands > 1
    this.#isMarked = false
    this.#account.clear()
    this.#marked.clear()
  }

  /** The answer to one command; good until the next. */
  answer(seq: number, outcome: Outcome): JsonBytes {
    const out = this.#out.clear(FRAME_ROOM).put(OK)
    if (outcome === 'dup') out.put(DUP)
    this.#putAccount(out.put(ACCOUNT)).put(RECEIPTS)
    if (outcome === 'applied') this.#receipts(out, seq)
    return out.put(AT).number(this.#of().atMs).put(END)
  }

  /** The command is answered by the watermark. */
  mark(seq: number, outcome: Outcome): void {
    this.#isMarked = true
    if (outcome === 'applied') this.#receipts(this.#marked, seq)
  }

  /** One answer to all commands that were marked; undefined where none was. */
  watermark(): JsonBytes | undefined {
    if (!this.#isMarked) return undefined
    const { high, mask } = this.#answer.state.applied
    const out = this.#putAccount(this.#out.clear(FRAME_ROOM).put(BEGIN).put(ACCOUNT))
    out.put(HIGH).number(high).put(MASK).number(mask).put(APPLIED_END)
    out.put(RECEIPTS).raw(this.#marked.view())
    return out.put(AT).number(this.#of().atMs).put(END)
  }

  #of(): Shown {
    if (!this.#shown) throw new Error('nobody has been answered yet')
    return this.#shown
  }

  #putAccount(out: JsonBytes): JsonBytes {
    const shared = this.#account
    if (!this.#isShared) return writeAccount(out, this.#answer.state, this.#of())
    if (shared.length === 0) writeAccount(shared, this.#answer.state, this.#of())
    return out.raw(shared.view())
  }

  /** Appends the receipts of one command. */
  #receipts(out: JsonBytes, seq: number): void {
    const { bytes, receiptCount, rulebook } = this.#answer
    const { book, atMs } = this.#of()
    let isFirst = out !== this.#marked || out.length === 0
    for (let i = 0; i < receiptCount; i++) {
      const at = this.#answer.receiptAt(i)
      if (u32At(bytes, at + RECEIPT_SEQ) !== seq) continue
      if (!isFirst) out.put(COMMA)
      isFirst = false
      writeReceipt(out, { bytes, at }, { book, rulebook, atMs })
    }
  }
}
