/** Reads and changes packed accounts for tests; the layouts are those of record.lua and lots.lua. */

import { Unpacker } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'

const SECTIONS = 5
const WALLET = 1
const FLAGS_AT = 1
const BUCKETS = ['', 'spendable', 'session', 'pending', 'held', 'frozen'] as const
const FLOWS = ['issued', 'received', 'spent', 'expired', 'revoked', 'given'] as const

export type Wallet = Record<(typeof FLOWS)[number] | Exclude<(typeof BUCKETS)[number], ''>, bigint>

/** Sums of a packed account's wallet; a missing record has nothing. */
export function readWallet(raw: Buffer | undefined): Wallet {
  const wallet = { issued: 0n, received: 0n, spent: 0n, expired: 0n, revoked: 0n, given: 0n }
  const buckets = { spendable: 0n, session: 0n, pending: 0n, held: 0n, frozen: 0n }
  if (!raw) return { ...wallet, ...buckets }
  const head = new Unpacker(raw, 8)
  const lengths = Array.from({ length: SECTIONS }, () => head.u16())
  if (lengths[WALLET] === 0) return { ...wallet, ...buckets }
  const from = new Unpacker(raw, head.at + (lengths[0] ?? 0))
  for (const flow of FLOWS) wallet[flow] = BigInt(from.u48())
  from.raw(4)
  for (let n = from.u8(); n > 0; n--) {
    const bucket = BUCKETS[from.u8()]
    from.raw(8)
    if (!bucket) throw new Error('a lot without a bucket')
    buckets[bucket] += BigInt(from.u48())
  }
  return { ...wallet, ...buckets }
}

/** Sets the flag that stops an account from earning. An account without a record gets an empty one. */
export async function setFrozen(store: Store, key: string, frozen: boolean): Promise<void> {
  const empty = Buffer.alloc(8 + 2 * SECTIONS)
  empty.writeUInt8(1, 0)
  const raw = (await store.getBuffer(key)) ?? empty
  const flags = raw.readUInt8(FLAGS_AT)
  raw.writeUInt8(frozen ? flags | 1 : flags & ~1, FLAGS_AT)
  await store.set(key, raw)
}

/** Makes the record one of a version that this release does not know. */
export async function spoil(store: Store, key: string): Promise<void> {
  const raw = (await store.getBuffer(key)) ?? Buffer.alloc(1)
  raw.writeUInt8(99, 0)
  await store.set(key, raw)
}
