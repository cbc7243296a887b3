/**
 * What the scoring script answers for one viewer, read where it stands: on the hot path objects that are only made to
 * be written as text cost more than scoring. `readAnswer` says the same with objects.
 */

import { ACTIONS } from '../../shared/receipt.ts'
import { must, Unpacker } from '../kernel/index.ts'
import {
  type JournalEntry,
  RECEIPT_BYTES,
  RECEIPT_POINTS,
  readEntry,
  readGateways,
  readState,
  type StoredState,
} from './records.ts'

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
  elsewhere: number[]
  /** Absent where everything had been applied before. */
  entry?: JournalEntry
}
export type ViewerAnswer = ViewerScore | { status: Exclude<Status, 'ok'> }

export function readAnswer(bytes: Buffer): ViewerAnswer {
  const from = new Unpacker(bytes)
  const status = must(STATUS[from.u8()], 'a status')
  if (status !== 'ok') return { status }
  const outcomes: Outcome[] = []
  for (let n = from.u8(); n > 0; n--) outcomes.push(must(OUTCOMES[from.u8()], 'an outcome'))
  const state = readState(from)
  const heat = from.u32()
  const heatBy = new Map<number, number>()
  for (let n = from.u8(); n > 0; n--) heatBy.set(from.u8(), from.u32())
  const elsewhere = readGateways(from)
  return from.done
    ? { status, outcomes, state, heat, heatBy, elsewhere }
    : { status, outcomes, state, heat, heatBy, elsewhere, entry: readEntry(from) }
}

/** Places in a packed state, from its beginning; lua/earn.lua writes it. */
export const STATE = {
  version: 0,
  spendable: 6,
  session: 12,
  pending: 18,
  held: 24,
  frozen: 30,
  growth: 36,
  rung: 42,
  promotions: 43,
  boostRungs: 45,
  boostUntilMs: 46,
  dayEndsAtMs: 52,
  livePoints: 58,
  watchedMs: 64,
  continuousMs: 70,
  nonce: 76,
  dueAtMs: 80,
  high: 86,
  mask: 90,
  used: 94,
} as const
export const USED_BYTES = 5
export const TASK_BYTES = 19
/** Of one lot that somebody else owes. */
export const OTHER_BYTES = 8
const HEAT_BYTES = 5
const GATEWAY_BYTES = 2
/** Places in a journal entry. */
const ENTRY_RULEBOOK = 14
const ENTRY_RECEIPTS = 28
/** Place in a receipt. */
const RECEIPT_COUNTED = 12

const NOTHING = Buffer.alloc(0)

/** One answer at a time; what it says is good until the next is read. */
export class AnswerReader {
  bytes: Buffer = NOTHING
  status: Status = 'internal'
  /** Where the account begins in `bytes`. */
  state = 0
  /** Thousandths that still fitted into the viewer's window. */
  heat = 0
  /** Kinds of action that made it. */
  heats = 0
  /** Whether something was applied now, and the account is in other places too. */
  hasEntry = false
  isElsewhere = false
  rulebook = 0
  /** Where the receipts begin, and how many there are. */
  receipts = 0
  receiptCount = 0
  #heatsAt = 0

  /** Throws where it is none. */
  read(bytes: Buffer): this {
    this.bytes = bytes
    this.status = must(STATUS[bytes.readUInt8(0)], 'a status')
    this.hasEntry = false
    this.receiptCount = 0
    if (this.status !== 'ok') return this
    this.state = 2 + bytes.readUInt8(1)
    let at = this.state + STATE.used
    at += 1 + USED_BYTES * bytes.readUInt8(at)
    at += 1 + TASK_BYTES * bytes.readUInt8(at)
    at += 1 + OTHER_BYTES * bytes.readUInt8(at)
    this.heat = bytes.readUInt32BE(at)
    this.heats = bytes.readUInt8(at + 4)
    this.#heatsAt = at + 5
    at = this.#heatsAt + HEAT_BYTES * this.heats
    const elsewhere = bytes.readUInt8(at)
    this.isElsewhere = elsewhere > 0
    at += 1 + GATEWAY_BYTES * elsewhere
    if (at < bytes.length) this.#readEntry(at)
    return this
  }

  #readEntry(at: number): void {
    this.hasEntry = true
    this.rulebook = this.bytes.readUInt32BE(at + ENTRY_RULEBOOK)
    this.receiptCount = this.bytes.readUInt16BE(at + ENTRY_RECEIPTS)
    this.receipts = at + ENTRY_RECEIPTS + 2
  }

  /** Of the i-th action of the call. */
  outcome(i: number): Outcome {
    return must(OUTCOMES[this.bytes.readUInt8(2 + i)], 'an outcome')
  }

  tier(): StoredState['tier'] {
    const { bytes, state } = this
    const rungs = bytes.readUInt8(state + STATE.boostRungs)
    const tier = {
      growth: bytes.readUIntBE(state + STATE.growth, 6),
      rung: bytes.readUInt8(state + STATE.rung),
      promotions: bytes.readUInt16BE(state + STATE.promotions),
    }
    if (rungs === 0) return tier
    return { ...tier, boost: { rungs, untilMs: bytes.readUIntBE(state + STATE.boostUntilMs, 6) } }
  }

  /** Points of this live so far. */
  get livePoints(): number {
    return this.bytes.readUIntBE(this.state + STATE.livePoints, 6)
  }

  get high(): number {
    return this.bytes.readUInt32BE(this.state + STATE.high)
  }

  get mask(): number {
    return this.bytes.readUInt32BE(this.state + STATE.mask)
  }

  /** Number of the i-th kind of action that warmed the room. */
  heatAction(i: number): number {
    return this.bytes.readUInt8(this.#heatsAt + HEAT_BYTES * i)
  }

  heatOf(i: number): number {
    return this.bytes.readUInt32BE(this.#heatsAt + HEAT_BYTES * i + 1)
  }

  /** Where the i-th receipt begins. */
  receiptAt(i: number): number {
    return this.receipts + RECEIPT_BYTES * i
  }

  /** Points of all receipts. */
  issued(): number {
    let points = 0
    for (let i = 0; i < this.receiptCount; i++)
      points += this.bytes.readUIntBE(this.receiptAt(i) + RECEIPT_POINTS, 6)
    return points
  }

  /** Whether time of watching counted. */
  watched(): boolean {
    for (let i = 0; i < this.receiptCount; i++) {
      const at = this.receiptAt(i)
      if (this.bytes.readUInt8(at + 1) !== ACTIONS.watch) continue
      if (this.bytes.readUInt32BE(at + RECEIPT_COUNTED) > 0) return true
    }
    return false
  }

  /** All of it as objects. */
  whole(): ViewerAnswer {
    return readAnswer(this.bytes)
  }
}
