/** Ledger entries as journals hold them; the layout is that of lua/purse.lua. */

import {
  CAUSES,
  type Cause,
  HOLD_USES,
  type HoldUse,
  type LedgerEntry,
  PLACES,
  type Place,
} from '../../shared/ledger.ts'
import { named, Packer, type Unpacker } from '../kernel/index.ts'

const causeOf = named<Cause>(CAUSES)
const placeOf = named<Place>(PLACES)
const useOf = named<HoldUse>(HOLD_USES)

/** An entry and whose it is. */
export interface AccountEntry extends LedgerEntry {
  account: number
}

export function readLedgerEntry(from: Unpacker, atMs: number): AccountEntry {
  const account = from.u48()
  const version = from.u48()
  const cause = causeOf(from.u8())
  const use = from.u8()
  const entry: AccountEntry = {
    account,
    atMs,
    version,
    cause,
    ...(use > 0 && { use: useOf(use) }),
    at: from.u16(),
    live: from.u32(),
    ref: '',
    subject: '',
    by: '',
    moves: [],
  }
  const untilMs = from.u48()
  if (untilMs > 0) entry.untilMs = untilMs
  entry.ref = from.text()
  entry.subject = from.text()
  entry.by = from.text()
  for (let n = from.u8(); n > 0; n--)
    entry.moves.push({
      from: placeOf(from.u8()),
      to: placeOf(from.u8()),
      issuer: from.u16(),
      live: from.u32(),
      month: from.u16(),
      toMonth: from.u16(),
      points: from.u48(),
    })
  return entry
}

/** The inverse of `readLedgerEntry`; the time stands in the element. */
export function packLedgerEntry(entry: AccountEntry): Buffer {
  const out = new Packer()
    .u48(entry.account)
    .u48(entry.version)
    .u8(CAUSES[entry.cause])
    .u8(entry.use === undefined ? 0 : HOLD_USES[entry.use])
    .u16(entry.at)
    .u32(entry.live)
    .u48(entry.untilMs ?? 0)
    .text(entry.ref)
    .text(entry.subject)
    .text(entry.by)
    .u8(entry.moves.length)
  for (const { from, to, issuer, live, month, toMonth, points } of entry.moves)
    out.u8(PLACES[from]).u8(PLACES[to]).u16(issuer).u32(live).u16(month).u16(toMonth).u48(points)
  return out.bytes()
}
