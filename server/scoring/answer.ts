/**
 * What the scoring script answers for one viewer, read where it stands: on the hot path objects that are only made to
 * be written as text cost more than scoring. `readAnswer` says the same with objects.
 */

import { ACTIONS } from '../../shared/receipt.ts'
import { assert, must, Unpacker, u8At, u16At, u32At, u48At } from '../kernel/index.ts'
import { Strings } from '../redis/index.ts'
import type { StoredState } from './account-view.ts'
import { type JournalEntry, readEntry } from './journal.ts'
import { RECEIPT_BYTES, RECEIPT_POINTS } from './receipts.ts'
import { emptyState, type Reading, readStanding, readStored, type Stored } from './stored-state.ts'

/** As it came: the records as they are now, and how to read them. */
export interface PackedAnswer extends Stored {
  /** Status; where it is ok, outcomes and heat. */
  head: Buffer
  /** Of the journal; empty where everything had been applied before. */
  entry: Buffer
  reading: Reading
}

/** Of one viewer: how it went, account, visit, entry. */
const STRINGS_PER_VIEWER = 4
const [HEAD, ACCOUNT, VISIT, ENTRY] = [0, 1, 2, 3]

/** Of a call, in the order of its viewers, where they stand in its reply. */
export class PackedAnswers {
  readonly strings: Strings
  /** How to read the one of each. */
  readonly #readings: (i: number) => Reading

  /** Throws where there are not four strings for each of so many viewers. */
  constructor(strings: Strings, count: number, readings: (i: number) => Reading) {
    assert(strings.length === STRINGS_PER_VIEWER * count, 'an answer for each viewer')
    this.strings = strings
    this.#readings = readings
  }

  /** Of answers that are apart. */
  static of(answers: readonly PackedAnswer[]): PackedAnswers {
    const list = answers.flatMap(({ head, account, visit, entry }) => [head, account, visit, entry])
    const reading = (i: number): Reading => must(answers[i], 'an answer').reading
    return new PackedAnswers(new Strings(list), answers.length, reading)
  }

  get length(): number {
    return this.strings.length / STRINGS_PER_VIEWER
  }

  reading(i: number): Reading {
    return this.#readings(i)
  }

  at(i: number): PackedAnswer {
    const first = STRINGS_PER_VIEWER * i
    return {
      head: this.strings.at(first + HEAD),
      account: this.strings.at(first + ACCOUNT),
      visit: this.strings.at(first + VISIT),
      entry: this.strings.at(first + ENTRY),
      reading: { ...this.reading(i) },
    }
  }

  all(): PackedAnswer[] {
    return Array.from({ length: this.length }, (_, i) => this.at(i))
  }
}

const OUTCOMES = ['applied', 'dup', 'too_old'] as const
export type Outcome = (typeof OUTCOMES)[number]
const STATUS = ['ok', 'internal', 'session_expired', 'room_ended'] as const
export type Status = (typeof STATUS)[number]

export interface ViewerScore {
  status: 'ok'
  outcomes: Outcome[]
  state: StoredState
  /** Thousandths that still fitted into the viewer's window, and by action. */
  heat: number
  heatBy: Map<number, number>
  /** Gateways on which the account has other sessions. */
  elsewhere: readonly number[]
  /** Absent where everything had been applied before. */
  entry?: JournalEntry
}
export type ViewerAnswer = ViewerScore | { status: Exclude<Status, 'ok'> }

export function readAnswer(answer: PackedAnswer): ViewerAnswer {
  const from = new Unpacker(answer.head)
  const status = must(STATUS[from.u8()], 'a status')
  if (status !== 'ok') return { status }
  const outcomes: Outcome[] = []
  for (let n = from.u8(); n > 0; n--) outcomes.push(must(OUTCOMES[from.u8()], 'an outcome'))
  const heat = from.u32()
  const heatBy = new Map<number, number>()
  for (let n = from.u8(); n > 0; n--) heatBy.set(from.u8(), from.u32())
  const { state, gateways } = readStored(answer, answer.reading)
  const scored: ViewerScore = { status, outcomes, state, heat, heatBy, elsewhere: gateways }
  if (answer.entry.length === 0) return scored
  return { ...scored, entry: readEntry(new Unpacker(answer.entry)) }
}

const HEAT_BYTES = 5
const NO_BYTES = Buffer.alloc(0)
/** Places in a journal entry. */
const ENTRY_RULEBOOK = 14
const ENTRY_RECEIPTS = 28
/** Place in a receipt. */
const RECEIPT_COUNTED = 12

/** One answer at a time; what it says is good until the next is read. */
export class AnswerReader {
  /** The account, the same object each time. */
  readonly state: StoredState = emptyState()
  status: Status = 'internal'
  /** Thousandths that still fitted into the viewer's window. */
  heat = 0
  /** Kinds of action that made it. */
  heats = 0
  /** Whether something was applied now, and the account is in other places too. */
  hasEntry = false
  isElsewhere = false
  rulebook = 0
  receiptCount = 0
  #answers: PackedAnswers | undefined
  #i = 0
  /** What the places below are in. */
  #bytes: Buffer = NO_BYTES
  #headAt = 0
  #entryAt = 0
  #heatsAt = 0

  /** The i-th of them. Throws where it is none. */
  read(answers: PackedAnswers, i: number): this {
    const { strings } = answers
    const { bytes } = strings
    const first = STRINGS_PER_VIEWER * i
    const head = strings.begin(first + HEAD)
    this.#answers = answers
    this.#i = i
    this.#bytes = bytes
    this.#headAt = head
    this.status = must(STATUS[u8At(bytes, head)], 'a status')
    this.hasEntry = false
    this.receiptCount = 0
    if (this.status !== 'ok') return this
    const heatAt = head + 2 + u8At(bytes, head + 1)
    this.heat = u32At(bytes, heatAt)
    this.heats = u8At(bytes, heatAt + 4)
    this.#heatsAt = heatAt + HEAT_BYTES
    const gateways = readStanding({ strings, i: first + ACCOUNT }, answers.reading(i), this.state)
    this.isElsewhere = gateways.length > 0
    const entry = strings.begin(first + ENTRY)
    if (strings.end(first + ENTRY) > entry) this.#readEntry(bytes, entry)
    return this
  }

  #readEntry(bytes: Buffer, at: number): void {
    this.hasEntry = true
    this.#entryAt = at
    this.rulebook = u32At(bytes, at + ENTRY_RULEBOOK)
    this.receiptCount = u16At(bytes, at + ENTRY_RECEIPTS)
  }

  /** Where receipts stand. */
  get bytes(): Buffer {
    return this.#bytes
  }

  /** Of the i-th action of the call. */
  outcome(i: number): Outcome {
    return must(OUTCOMES[u8At(this.#bytes, this.#headAt + 2 + i)], 'an outcome')
  }

  /** Number of the i-th kind of action that warmed the room. */
  heatAction(i: number): number {
    return u8At(this.#bytes, this.#heatsAt + HEAT_BYTES * i)
  }

  heatOf(i: number): number {
    return u32At(this.#bytes, this.#heatsAt + HEAT_BYTES * i + 1)
  }

  /** Where the i-th receipt begins. */
  receiptAt(i: number): number {
    return this.#entryAt + ENTRY_RECEIPTS + 2 + RECEIPT_BYTES * i
  }

  /** Points of all receipts. */
  issued(): number {
    let points = 0
    for (let i = 0; i < this.receiptCount; i++)
      points += u48At(this.#bytes, this.receiptAt(i) + RECEIPT_POINTS)
    return points
  }

  /** Whether time of watching counted. */
  watched(): boolean {
    for (let i = 0; i < this.receiptCount; i++) {
      const at = this.receiptAt(i)
      if (u8At(this.#bytes, at + 1) !== ACTIONS.watch) continue
      if (u32At(this.#bytes, at + RECEIPT_COUNTED) > 0) return true
    }
    return false
  }

  /** All of it as objects. */
  whole(): ViewerAnswer {
    return readAnswer(must(this.#answers, 'answers').at(this.#i))
  }
}
