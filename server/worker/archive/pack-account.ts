/** Account records made from what the archive tells; the layout is that of `redis/lua/record.lua` and the sections'. */

import { BUCKETS } from '../../../shared/receipt.ts'
import { Packer } from '../../kernel/index.ts'
import { ACCOUNT_RECORD, packRecord, QUESTS } from '../../redis/index.ts'
import { DAY_PASS, type Wallet } from '../../wallet/index.ts'
import type { ReplayedAccount } from './replay.ts'
import type { DayPass } from './replay-kept.ts'

const UINT32_MAX = 0xffff_ffff

export function packWallet(wallet: Wallet): Buffer {
  const out = new Packer()
    .u48(wallet.issued)
    .u48(wallet.transferredIn)
    .u48(wallet.spent)
    .u48(wallet.expired)
    .u48(wallet.revoked)
    .u48(wallet.transferredOut)
    .u16(wallet.carries[0])
    .u16(wallet.carries[1])
    .u8(wallet.lots.length)
  for (const { bucket, issuer, live, month, points } of wallet.lots)
    out.u8(BUCKETS[bucket]).u16(issuer).u32(live).u16(month).u48(points)
  return out.bytes()
}

/** Fractions of growth are not in the journal; they begin at none. */
function packLadder({ ladder }: ReplayedAccount, pass: DayPass | undefined): Buffer {
  if (!ladder && !pass) return Buffer.alloc(0)
  const out = new Packer().u8((ladder ? 1 : 0) + (pass ? 1 : 0))
  if (ladder) out.u8(ladder.ladder).u8(ladder.rung).u16(ladder.promotions).u48(ladder.growth).u16(0)
  if (pass) out.u8(DAY_PASS).u8(pass.rungs).u16(0).u48(pass.untilMs).u16(0)
  return out.bytes()
}

/** Today's counters begin anew; what counts for ever counts on, so that nothing paid once is paid twice. */
function packCounters({ counted }: ReplayedAccount): Buffer {
  if (counted.size === 0) return Buffer.alloc(0)
  const out = new Packer().u8(2).u32(0).u8(0).u32(0).u8(counted.size)
  for (const [rule, units] of counted) out.u8(rule).u32(Math.min(units, UINT32_MAX))
  return out.bytes()
}

const STEPS_MAX = 255

/** Days, weeks and streaks begin anew; what is done once stays done. */
function packQuests({ quests }: ReplayedAccount): Buffer {
  const out = new Packer().u32(0).u8(quests.size)
  for (const [quest, paid] of quests) out.u8(quest).u32(0).u32(0).u8(Math.min(paid, STEPS_MAX))
  return out.bytes()
}

/**
 * `floorMs`: client sessions that began up to then are over, because nobody knows any more which of their commands
 * were applied.
 */
export function packAccount(
  of: ReplayedAccount,
  { floorMs, pass }: { floorMs: number; pass?: DayPass | undefined },
): Buffer {
  const sections = [
    new Packer().u48(floorMs).u8(0).bytes(),
    packWallet(of.wallet),
    packLadder(of, pass),
    packCounters(of),
    Buffer.alloc(0),
  ]
  const extras = of.quests.size === 0 ? [] : [{ tag: QUESTS, bytes: packQuests(of) }]
  const head = { frozen: of.frozen, changes: of.changes, extras }
  return packRecord(ACCOUNT_RECORD, head, sections)
}
