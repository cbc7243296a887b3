/**
 * Elements of the journal that say what viewers did, read where they stand: for readers that see every entry and keep
 * none. Others are read by `skimJournal`.
 */

import { ACTIONS, type Action } from '../../shared/receipt.ts'
import { assert, Unpacker, u8At, u16At, u32At, u48At } from '../kernel/index.ts'
import {
  type Claim,
  NEWEST_LAYOUT,
  NONE,
  type Promotion,
  readClaims,
  readPromotions,
  SCORED,
  type SkimmedEntry,
  unknownLayout,
} from './journal.ts'
import { RECEIPT_BYTES } from './receipts.ts'

/** Of an element: its layout (1), the time (6), how many entries (2). */
const TIME_AT = 1
const COUNT_AT = 7
const HEAD_BYTES = 9
/** Of an entry before its receipts, whose number is the last of it (2). */
const ENTRY_BYTES = 30
const EVERY_ACTION = -1

/** What an element may be about, so that whoever looks for what is rare passes over the rest. */
export interface About {
  /** Redis time of the script that wrote it. */
  atMs: number
  /** `eachScored` can read it. Any other element may be about everything, and nothing is known of its lives. */
  scored: boolean
  promotes: boolean
  claims: boolean
  /** Bits of `ACTIONS`: somebody may have done it. */
  actions: number
  /** Of its entries, each once; 0 is none. */
  lives: readonly number[]
}

/** Whether somebody may have done one of these. */
export const mayTellOf = ({ actions }: About, ...wanted: readonly Action[]): boolean =>
  wanted.some((action) => (actions & (1 << ACTIONS[action])) !== 0)

/** An entry where it stands. It moves from one to the next, so whoever keeps something of it copies that. */
class StandingEntry implements SkimmedEntry {
  account = 0
  live = 0
  session = 0
  rulebook = 0
  version = 0
  issuer = 0
  month = 0
  promotions: readonly Promotion[] = NONE
  claims: readonly Claim[] = NONE
  receiptsAt = 0
  receiptsEnd = 0
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get receipts(): Buffer {
    return this.#bytes.subarray(this.receiptsAt, this.receiptsEnd)
  }

  /** Answers where the entry ends. Throws where the bytes end before. */
  moveTo(at: number): number {
    const bytes = this.#bytes
    this.account = u48At(bytes, at)
    this.live = u32At(bytes, at + 6)
    this.session = u32At(bytes, at + 10)
    this.rulebook = u32At(bytes, at + 14)
    this.version = u48At(bytes, at + 18)
    this.issuer = u16At(bytes, at + 24)
    this.month = u16At(bytes, at + 26)
    this.receiptsAt = at + ENTRY_BYTES
    this.receiptsEnd = this.receiptsAt + RECEIPT_BYTES * u16At(bytes, at + 28)
    return this.#readRest(this.receiptsEnd)
  }

  /** Nearly no entry has any of it. */
  #readRest(at: number): number {
    if (u16At(this.#bytes, at) === 0) {
      this.promotions = NONE
      this.claims = NONE
      return at + 2
    }
    const from = new Unpacker(this.#bytes, at)
    this.promotions = readPromotions(from)
    this.claims = readClaims(from)
    return from.at
  }
}

/** Calls `visit` for each entry of an element that is `scored`, in order. Throws where it is damaged. */
export function eachScored(bytes: Buffer, visit: (entry: StandingEntry) => void): void {
  const entry = new StandingEntry(bytes)
  let at = HEAD_BYTES
  for (let n = u16At(bytes, COUNT_AT); n > 0; n--) {
    at = entry.moveTo(at)
    visit(entry)
  }
  assert(at === bytes.length, 'an element ends with its last entry')
}

/** Reads an element once from end to end. Throws where it is damaged, or of a layout that this release does not know. */
export function aboutElement(bytes: Buffer): About {
  const layout = u8At(bytes, 0)
  if (layout > NEWEST_LAYOUT) throw unknownLayout(layout)
  const atMs = u48At(bytes, TIME_AT)
  if (layout !== SCORED)
    return { atMs, scored: false, promotes: true, claims: true, actions: EVERY_ACTION, lives: [] }
  const lives: number[] = []
  const about = { atMs, scored: true, promotes: false, claims: false, actions: 0, lives }
  eachScored(bytes, (entry) => {
    about.promotes ||= entry.promotions.length > 0
    about.claims ||= entry.claims.length > 0
    for (let at = entry.receiptsAt; at < entry.receiptsEnd; at += RECEIPT_BYTES)
      about.actions |= 1 << u8At(bytes, at + 1)
    if (!lives.includes(entry.live)) lives.push(entry.live)
  })
  return about
}
