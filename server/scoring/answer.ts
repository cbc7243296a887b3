/**
 * What the scoring script answers for one viewer, read where it stands: on the hot path objects that are only made to
 * be written as text cost more than scoring. `readAnswer` says the same with objects.
 */

import { ACTIONS } from '../../shared/receipt.ts'
import { must, Unpacker, u8At, u16At, u32At, u48At } from '../kernel/index.ts'
import {
  type JournalEntry,
  RECEIPT_BYTES,
  RECEIPT_POINTS,
  readEntry,
  type StoredState,
} from './records.ts'
import { emptyState, type Reading, readStored, type Stored } from './stored-state.ts'

/** As it came: the records as they are now, and how to read them. */
export interface PackedAnswer extends Stored {
  /** Status; where it is ok, outcomes and heat. */
  head: Buffer
  /** Of the journal; empty where everything had been applied before. */
  entry: Buffer
  reading: Reading
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
  #answer: PackedAnswer | undefined
  #heatsAt = 0

  /** Throws where it is none. */
  read(answer: PackedAnswer): this {
    const { head } = answer
    this.#answer = answer
    this.status = must(STATUS[u8At(head, 0)], 'a status')
    this.hasEntry = false
    this.receiptCount = 0
    if (this.status !== 'ok') return this
    const heatAt = 2 + u8At(head, 1)
    this.heat = u32At(head, heatAt)
    this.heats = u8At(head, heatAt + 4)
    this.#heatsAt = heatAt + HEAT_BYTES
    this.isElsewhere = readStored(answer, answer.reading, this.state).gateways.length > 0
    if (answer.entry.length > 0) this.#readEntry(answer.entry)
    return this
  }

  #readEntry(entry: Buffer): void {
    this.hasEntry = true
    this.rulebook = u32At(entry, ENTRY_RULEBOOK)
    this.receiptCount = u16At(entry, ENTRY_RECEIPTS)
  }

  get #packed(): PackedAnswer {
    return must(this.#answer, 'an answer')
  }

  /** Where receipts stand. */
  get entry(): Buffer {
    return this.#packed.entry
  }

  /** Of the i-th action of the call. */
  outcome(i: number): Outcome {
    return must(OUTCOMES[u8At(this.#packed.head, 2 + i)], 'an outcome')
  }

  /** Number of the i-th kind of action that warmed the room. */
  heatAction(i: number): number {
    return u8At(this.#packed.head, this.#heatsAt + HEAT_BYTES * i)
  }

  heatOf(i: number): number {
    return u32At(this.#packed.head, this.#heatsAt + HEAT_BYTES * i + 1)
  }

  /** Where the i-th receipt begins. */
  receiptAt(i: number): number {
    return ENTRY_RECEIPTS + 2 + RECEIPT_BYTES * i
  }

  /** Points of all receipts. */
  issued(): number {
    let points = 0
    for (let i = 0; i < this.receiptCount; i++)
      points += u48At(this.entry, this.receiptAt(i) + RECEIPT_POINTS)
    return points
  }

  /** Whether time of watching counted. */
  watched(): boolean {
    for (let i = 0; i < this.receiptCount; i++) {
      const at = this.receiptAt(i)
      if (u8At(this.entry, at + 1) !== ACTIONS.watch) continue
      if (u32At(this.entry, at + RECEIPT_COUNTED) > 0) return true
    }
    return false
  }

  /** All of it as objects. */
  whole(): ViewerAnswer {
    return readAnswer(this.#packed)
  }
}
