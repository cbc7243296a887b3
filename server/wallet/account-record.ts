/** Unpacks accounts for audits, statements and support: written from the layout, not from the scripts, so that each checks the other. */

import { BUCKETS, type Bucket } from '../../shared/receipt.ts'
import { Unpacker } from '../kernel/index.ts'

const VERSION = 1
const SECTIONS = 5
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
  /** Bytes of each section: sessions, wallet, growth, day counters, attention. */
  sectionBytes: number[]
}

const BUCKET_NAMES = Object.entries(BUCKETS) as [Bucket, number][]

function bucketOf(no: number): Bucket {
  const found = BUCKET_NAMES.find(([, number]) => number === no)
  if (!found) throw new Error(`bucket ${no} is unknown`)
  return found[0]
}

const emptyWallet = (): Wallet => ({
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

function readWallet(bytes: Buffer): Wallet {
  if (bytes.length === 0) return emptyWallet()
  const from = new Unpacker(bytes)
  const wallet: Wallet = {
    issued: from.u48(),
    transferredIn: from.u48(),
    spent: from.u48(),
    expired: from.u48(),
    revoked: from.u48(),
    transferredOut: from.u48(),
    carries: [from.u16(), from.u16()],
    lots: [],
  }
  for (let n = from.u8(); n > 0; n--)
    wallet.lots.push({
      bucket: bucketOf(from.u8()),
      issuer: from.u16(),
      live: from.u32(),
      month: from.u16(),
      points: from.u48(),
    })
  if (!from.done) throw new Error('the wallet is longer than its lots')
  return wallet
}

function readLadders(bytes: Buffer): Rung[] {
  if (bytes.length === 0) return []
  const from = new Unpacker(bytes)
  const ladders: Rung[] = []
  for (let n = from.u8(); n > 0; n--) {
    ladders.push({
      ladder: from.u8(),
      rung: from.u8(),
      promotions: from.u16(),
      growth: from.u48(),
    })
    from.u16()
  }
  return ladders
}

/** Throws where the record is of another version or torn. */
export function readAccountRecord(bytes: Buffer): AccountRecord {
  const from = new Unpacker(bytes)
  const version = from.u8()
  if (version !== VERSION) throw new Error(`account record of version ${version}`)
  const flags = from.u8()
  const changes = from.u48()
  const lengths = Array.from({ length: SECTIONS }, () => from.u16())
  const sections = lengths.map((length) => from.raw(length))
  if (!from.done) throw new Error('the record is longer than its sections')
  const [, wallet = Buffer.alloc(0), ladders = Buffer.alloc(0)] = sections
  const rungs = readLadders(ladders)
  const pass = rungs.find(({ ladder }) => ladder === DAY_PASS)
  return {
    frozen: flags % 2 === 1,
    changes,
    wallet: readWallet(wallet),
    ladders: rungs.filter(({ ladder }) => ladder !== DAY_PASS),
    ...(pass && { pass: { rungs: pass.rung, untilMs: pass.growth } }),
    sectionBytes: lengths,
  }
}

/** Spendable points that are gone at the start of that month. */
export const expiringIn = ({ wallet }: AccountRecord, of: number): number =>
  wallet.lots.reduce(
    (sum, { bucket, month, points }) => sum + (bucket === 'spendable' && month === of ? points : 0),
    0,
  )
