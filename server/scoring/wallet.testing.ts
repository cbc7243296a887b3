/** Reads and changes packed accounts for tests. */

import { ACCOUNT_RECORD, packRecord, type Store } from '../redis/index.ts'
import { readAccountRecord } from '../wallet/index.ts'

const FLAGS_AT = 1

export type Wallet = Record<
  | ('issued' | 'received' | 'spent' | 'expired' | 'revoked' | 'given')
  | ('spendable' | 'session' | 'pending' | 'held' | 'frozen'),
  bigint
>

/** Sums of a packed account's wallet; a missing record has nothing. */
export function readWallet(raw: Buffer | undefined): Wallet {
  const sums = {
    ...{ issued: 0n, received: 0n, spent: 0n, expired: 0n, revoked: 0n, given: 0n },
    ...{ spendable: 0n, session: 0n, pending: 0n, held: 0n, frozen: 0n },
  }
  if (!raw) return sums
  const { wallet } = readAccountRecord(raw)
  sums.issued = BigInt(wallet.issued)
  sums.received = BigInt(wallet.transferredIn)
  sums.spent = BigInt(wallet.spent)
  sums.expired = BigInt(wallet.expired)
  sums.revoked = BigInt(wallet.revoked)
  sums.given = BigInt(wallet.transferredOut)
  for (const { bucket, points } of wallet.lots) sums[bucket] += BigInt(points)
  return sums
}

/** Sets the flag that stops an account from earning. An account without a record gets an empty one. */
export async function setFrozen(store: Store, key: string, frozen: boolean): Promise<void> {
  const sections = ACCOUNT_RECORD.fixed.map(() => Buffer.alloc(0))
  const empty = packRecord(ACCOUNT_RECORD, { frozen: false, changes: 0 }, sections)
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
