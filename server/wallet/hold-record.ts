/** Holds as they are stored; the layout is that of lua/holds.lua. */

import { HOLD_USES, type HoldUse, type LotId } from '../../shared/ledger.ts'
import { BUCKETS, type Bucket } from '../../shared/receipt.ts'
import { must, Unpacker } from '../kernel/index.ts'

export type HoldState = 'open' | 'captured' | 'voided'

export interface HoldLot extends LotId {
  bucket: Bucket
  points: number
  /** How many of them are spent: captured and not refunded. */
  spent: number
}

/** Points put aside for something. */
export interface Hold {
  id: string
  state: HoldState
  use: HoldUse
  points: number
  captured: number
  refunded: number
  /** Deadline by the clock of the account's partition, Unix ms. */
  untilMs: number
  openedAtMs: number
  /** What for. */
  subject: string
  by: string
  /** Operation that captured or voided it; empty while open. */
  settledBy: string
  /** Number of the brand at which it is spent. */
  at: number
  live: number
  lots: HoldLot[]
}

const VERSION = 1
const HASH_BYTES = 16
const STATES: readonly (HoldState | undefined)[] = [undefined, 'open', 'captured', 'voided']
const USES = Object.entries(HOLD_USES) as [HoldUse, number][]
const BUCKET_NAMES = Object.entries(BUCKETS) as [Bucket, number][]

function nameOf<T extends string>(table: readonly [T, number][], no: number): T {
  return must(
    table.find(([, number]) => number === no),
    `number ${no} of a hold`,
  )[0]
}

/** Throws where the record is of another version. */
export function readHoldRecord(id: string, bytes: Buffer): Hold {
  const from = new Unpacker(bytes)
  const version = from.u8()
  if (version !== VERSION) throw new Error(`hold record of version ${version}`)
  const state = must(STATES[from.u8()], 'a state of a hold')
  const use = nameOf(USES, from.u8())
  from.u8()
  from.raw(HASH_BYTES)
  const hold: Hold = {
    id,
    state,
    use,
    points: from.u48(),
    captured: from.u48(),
    refunded: from.u48(),
    untilMs: from.u48(),
    openedAtMs: from.u48(),
    live: from.u32(),
    at: from.u16(),
    subject: from.text(),
    by: from.text(),
    settledBy: from.text(),
    lots: [],
  }
  for (let n = from.u8(); n > 0; n--)
    hold.lots.push({
      bucket: nameOf(BUCKET_NAMES, from.u8()),
      issuer: from.u16(),
      live: from.u32(),
      month: from.u16(),
      points: from.u48(),
      spent: from.u48(),
    })
  return hold
}
