/** An account record whose wallet, ladders and head can be changed; what else is in it stays as it is. */

import { Packer, Unpacker } from '../../kernel/index.ts'
import { ACCOUNT_RECORD, type Extra, packRecord } from '../../redis/index.ts'
import { DAY_PASS, EMPTY_RECORD, readAccountRecord, type Wallet } from '../../wallet/index.ts'
import { packWallet } from '../archive/pack-account.ts'

const PARTS = ACCOUNT_RECORD.fixed.length
const [WALLET, LADDERS, ATTENTION] = [1, 2, 4] as const
const LENGTH_BYTES = 2
export const PLATFORM_LADDER = 1
/** What stands in front of the clocks of an account, and a clock. */
const ATTENTION_HEAD_BYTES = 22
const CLOCK_BYTES = 20
const DUE_AT = 10

export interface LadderRow {
  ladder: number
  rung: number
  promotions: number
  growth: number
  /** Thousandths. */
  carry: number
}

export class EditableAccount {
  frozen: boolean
  changes: number
  wallet: Wallet
  readonly ladders: LadderRow[]
  readonly #fixed: Buffer[]
  readonly #sections: Buffer[]
  /** What stands behind the sections: carried along. */
  readonly #extras: Extra[]

  /** Undefined is an account that has not done anything. Throws where the record cannot be read. */
  constructor(bytes?: Buffer | null) {
    const read = bytes ? readAccountRecord(bytes) : structuredClone(EMPTY_RECORD)
    this.frozen = read.frozen
    this.changes = read.changes
    this.wallet = read.wallet
    this.#fixed = ACCOUNT_RECORD.fixed.map((size, part) =>
      bytes ? fixedOf(bytes, part) : Buffer.alloc(size),
    )
    const behind = bytes ? sectionsOf(bytes) : undefined
    this.#sections = behind?.sections ?? ACCOUNT_RECORD.fixed.map(() => Buffer.alloc(0))
    this.#extras = behind?.extras ?? []
    this.ladders = laddersOf(this.#part(this.#fixed, LADDERS), this.#part(this.#sections, LADDERS))
  }

  #part(of: readonly Buffer[], part: number): Buffer {
    return of[part] ?? Buffer.alloc(0)
  }

  ladder(no: number): LadderRow {
    const found = this.ladders.find(({ ladder }) => ladder === no)
    if (found) return found
    const row = { ladder: no, rung: 0, promotions: 0, growth: 0, carry: 0 }
    this.ladders.push(row)
    return row
  }

  get rung(): number {
    return this.ladders.find(({ ladder }) => ladder === PLATFORM_LADDER)?.rung ?? 0
  }

  setPass(pass: { rungs: number; untilMs: number }): void {
    Object.assign(this.ladder(DAY_PASS), { rung: pass.rungs, growth: pass.untilMs })
  }

  /** When the next beat of a client session is due; 0 where its clock stands still or it has none. */
  clockDue(session: number): number {
    const at = this.#clockAt(session)
    return at === undefined ? 0 : this.#part(this.#sections, ATTENTION).readUIntBE(at + DUE_AT, 6)
  }

  /** Stops the clock of a client session, as a hidden page does. */
  pauseClock(session: number): void {
    const at = this.#clockAt(session)
    if (at === undefined) return
    const section = Buffer.from(this.#part(this.#sections, ATTENTION))
    section.writeUIntBE(0, at + DUE_AT, 6)
    this.#sections[ATTENTION] = section
  }

  #clockAt(session: number): number | undefined {
    const section = this.#part(this.#sections, ATTENTION)
    const count = section[ATTENTION_HEAD_BYTES] ?? 0
    for (let i = 0; i < count; i++) {
      const at = ATTENTION_HEAD_BYTES + 1 + CLOCK_BYTES * i
      if (section.readUInt32BE(at) === session) return at
    }
    return undefined
  }

  bytes(): Buffer {
    const changed = new Map<number, Part>([
      [WALLET, packWalletParts(this.wallet)],
      [LADDERS, packLadders(this.ladders)],
    ])
    const fixed = this.#fixed.map((part, i) => changed.get(i)?.fixed ?? part)
    const sections = this.#sections.map((part, i) => changed.get(i)?.section ?? part)
    const { frozen, changes } = this
    return packRecord(ACCOUNT_RECORD, { frozen, changes, fixed, extras: this.#extras }, sections)
  }
}

const NO_LADDER: LadderRow = { ladder: 0, rung: 0, promotions: 0, growth: 0, carry: 0 }

function fixedOf(bytes: Buffer, part: number): Buffer {
  const at = ACCOUNT_RECORD.fixedAt[part] ?? 0
  return bytes.subarray(at, at + (ACCOUNT_RECORD.fixed[part] ?? 0))
}

function sectionsOf(bytes: Buffer): { sections: Buffer[]; extras: Extra[] } {
  const lengths = new Unpacker(bytes, ACCOUNT_RECORD.bytes)
  const from = new Unpacker(bytes, ACCOUNT_RECORD.bytes + LENGTH_BYTES * PARTS)
  const sections = Array.from({ length: PARTS }, () => from.raw(lengths.u16()))
  const extras: Extra[] = []
  while (!from.done) extras.push({ tag: from.u8(), bytes: from.raw(from.u16()) })
  return { sections, extras }
}

function laddersOf(fixed: Buffer, section: Buffer): LadderRow[] {
  const rows: LadderRow[] = []
  if (section.length > 0) {
    const from = new Unpacker(section)
    for (let n = from.u8(); n > 0; n--) rows.push(readRow(from.u8(), from))
  }
  const from = new Unpacker(fixed)
  const platform = readRow(PLATFORM_LADDER, from)
  const pass = { ladder: DAY_PASS, rung: from.u8(), promotions: 0, growth: from.u48(), carry: 0 }
  for (const row of [platform, pass])
    if (row.rung + row.promotions + row.growth + row.carry > 0) rows.push(row)
  return rows
}

const readRow = (ladder: number, from: Unpacker): LadderRow => ({
  ...{ ladder, rung: from.u8(), promotions: from.u16(), growth: from.u48(), carry: from.u16() },
})

interface Part {
  fixed: Buffer
  section: Buffer
}

const PLACES_BYTES = 24

/**
 * Fractions stand in the fixed part and lots do not: the script's short cut reads the ones and asks for the others, and
 * whatever it changes would count beside what stood in the section.
 */
function packWalletParts(wallet: Wallet): Part {
  const [spendable, session] = wallet.carries
  return {
    fixed: new Packer().u48(0).u16(spendable).u16(session).raw(Buffer.alloc(PLACES_BYTES)).bytes(),
    section: packWallet({ ...wallet, carries: [0, 0] }),
  }
}

/** The platform's ladder and the day pass stand in the fixed part, as scripts write them. */
function packLadders(rows: readonly LadderRow[]): Part {
  const of = (no: number) => rows.find(({ ladder }) => ladder === no) ?? NO_LADDER
  const [platform, pass] = [of(PLATFORM_LADDER), of(DAY_PASS)]
  const others = rows.filter(({ ladder }) => ladder !== PLATFORM_LADDER && ladder !== DAY_PASS)
  const section = new Packer().u8(others.length)
  for (const { ladder, rung, promotions, growth, carry } of others)
    section.u8(ladder).u8(rung).u16(promotions).u48(growth).u16(carry)
  const fixed = new Packer()
    .u8(platform.rung)
    .u16(platform.promotions)
    .u48(platform.growth)
    .u16(platform.carry)
    .u8(pass.rung)
    .u48(pass.growth)
  return { fixed: fixed.bytes(), section: section.bytes() }
}
