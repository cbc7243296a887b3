/** Unpacks accounts for audits, statements and support: written from the layout, not from the scripts, so that each checks the other. */

import { BUCKETS, type Bucket } from '../../shared/receipt.ts'
import type { Unpacker } from '../kernel/index.ts'
import { ACCOUNT_RECORD, PackedRecord } from '../redis/index.ts'

const WALLET = 1
const LADDERS = 2
const PLATFORM_LADDER = 1
/** Stands among the ladders: by how many rungs an account counts higher, and until when. */
export const DAY_PASS = 250

export interface Lot {
  bucket: Bucket
  issuer: number
  /** 0 for points of no live. */
  live: number
  /** Months since January 2000 after which they are gone; 0 is never. */
  month: number
  points: number
}

export interface Wallet {
  issued: number
  transferredIn: number
  spent: number
  expired: number
  revoked: number
  transferredOut: number
  /** Thousandths of a point kept for the next award: spendable, session. */
  carries: [number, number]
  lots: Lot[]
}

export interface Rung {
  ladder: number
  rung: number
  promotions: number
  growth: number
}

export interface AccountRecord {
  frozen: boolean
  /** How often the account has changed. */
  changes: number
  wallet: Wallet
  ladders: Rung[]
  /** Until when the account counts higher, and by how many rungs; also one that is over. */
  pass?: { rungs: number; untilMs: number }
  /** Bytes of each section, beside the fixed parts: sessions, wallet, growth, day counters, attention. */
  sectionBytes: number[]
}

const BUCKET_NAMES = Object.entries(BUCKETS) as [Bucket, number][]

function bucketOf(no: number): Bucket {
  const found = BUCKET_NAMES.find(([, number]) => number === no)
  if (!found) throw new Error(`bucket ${no} is unknown`)
  return found[0]
}

export const emptyWallet = (): Wallet => ({
  issued: 0,
  transferredIn: 0,
  spent: 0,
  expired: 0,
  revoked: 0,
  transferredOut: 0,
  carries: [0, 0],
  lots: [],
})

/** An account that has not done anything yet. */
export const EMPTY_RECORD: AccountRecord = {
  frozen: false,
  changes: 0,
  wallet: emptyWallet(),
  ladders: [],
  sectionBytes: [0, 0, 0, 0, 0],
}

/** Two lots stand in the fixed part, each at its place among the others. */
function readFixed(from: Unpacker): { wallet: Wallet; placed: Map<number, Lot> } {
  const wallet = emptyWallet()
  wallet.issued = from.u48()
  wallet.carries = [from.u16(), from.u16()]
  const placed = new Map<number, Lot>()
  const spendable = from.u8()
  placed.set(spendable, {
    bucket: 'spendable',
    issuer: from.u16(),
    live: 0,
    month: from.u16(),
    points: from.u48(),
  })
  const session = from.u8()
  placed.set(session, {
    bucket: 'session',
    issuer: from.u16(),
    live: from.u32(),
    month: 0,
    points: from.u48(),
  })
  placed.delete(0)
  return { wallet, placed }
}

const readLot = (from: Unpacker): Lot => ({
  bucket: bucketOf(from.u8()),
  issuer: from.u16(),
  live: from.u32(),
  month: from.u16(),
  points: from.u48(),
})

function readWallet(fixed: Unpacker, section: Unpacker | undefined): Wallet {
  const { wallet, placed } = readFixed(fixed)
  let count = placed.size
  if (section) {
    wallet.issued += section.u48()
    wallet.transferredIn = section.u48()
    wallet.spent = section.u48()
    wallet.expired = section.u48()
    wallet.revoked = section.u48()
    wallet.transferredOut = section.u48()
    wallet.carries[0] += section.u16()
    wallet.carries[1] += section.u16()
    count += section.u8()
  }
  for (let place = 1; place <= count; place++) {
    const lot = placed.get(place) ?? (section && readLot(section))
    if (lot) wallet.lots.push(lot)
  }
  return wallet
}

function readLadders(fixed: Unpacker, section: Unpacker | undefined): Rung[] {
  const ladders: Rung[] = []
  for (let n = section?.u8() ?? 0; section && n > 0; n--) {
    const ladder = section.u8()
    ladders.push(readRung(ladder, section))
  }
  ladders.push(readRung(PLATFORM_LADDER, fixed))
  const pass = { ladder: DAY_PASS, rung: fixed.u8(), promotions: 0, growth: fixed.u48() }
  ladders.push(pass)
  return ladders.filter(({ growth, promotions }) => growth + promotions > 0)
}

function readRung(ladder: number, from: Unpacker): Rung {
  const rung = { ladder, rung: from.u8(), promotions: from.u16(), growth: from.u48() }
  from.u16()
  return rung
}

/** Throws where the record is of another version or torn. */
export function readAccountRecord(bytes: Buffer): AccountRecord {
  const record = new PackedRecord(bytes, ACCOUNT_RECORD)
  const rungs = readLadders(record.fixed(LADDERS), record.section(LADDERS))
  const pass = rungs.find(({ ladder }) => ladder === DAY_PASS)
  return {
    frozen: record.frozen,
    changes: record.changes,
    wallet: readWallet(record.fixed(WALLET), record.section(WALLET)),
    ladders: rungs.filter(({ ladder }) => ladder < DAY_PASS),
    ...(pass && { pass: { rungs: pass.rung, untilMs: pass.growth } }),
    sectionBytes: ACCOUNT_RECORD.fixed.map((_, part) => record.length(part)),
  }
}

/** Spendable points that are gone at the start of that month. */
export const expiringIn = ({ wallet }: AccountRecord, of: number): number =>
  wallet.lots.reduce(
    (sum, { bucket, month, points }) => sum + (bucket === 'spendable' && month === of ? points : 0),
    0,
  )
