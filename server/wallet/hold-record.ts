/** Holds as they are stored; the layout is that of lua/holds.lua. */

import { HOLD_USES, type HoldUse, type LotId } from '../../shared/ledger.ts'
import { BUCKETS, type Bucket } from '../../shared/receipt.ts'
import { must, Packer, Unpacker } from '../kernel/index.ts'

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
/** Stands for any input: what was rebuilt from the archive does not know its own (lua/purse.lua). */
export const REBUILT_HASH = '0'.repeat(HASH_BYTES)
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

/** The record of a hold that was rebuilt. */
export function packHold(hold: Hold): Buffer {
  const out = new Packer()
    .u8(VERSION)
    .u8(STATES.indexOf(hold.state))
    .u8(HOLD_USES[hold.use])
    .u8(0)
    .raw(Buffer.from(REBUILT_HASH))
    .u48(hold.points)
    .u48(hold.captured)
    .u48(hold.refunded)
    .u48(hold.untilMs)
    .u48(hold.openedAtMs)
    .u32(hold.live)
    .u16(hold.at)
    .text(hold.subject)
    .text(hold.by)
    .text(hold.settledBy)
    .u8(hold.lots.length)
  for (const { bucket, issuer, live, month, points, spent } of hold.lots)
    out.u8(BUCKETS[bucket]).u16(issuer).u32(live).u16(month).u48(points).u48(spent)
  return out.bytes()
}
