/** Records of accounts, for figures: one that cannot be read is as one that has nothing, and stops nobody. */

import { isWalked, noteUsed, walked } from '../../economy/index.ts'
import type { SlotTag, Store } from '../../redis/index.ts'
import {
  type AccountRecord,
  accountKey,
  accountsKey,
  EMPTY_RECORD,
  readAccountRecord,
} from '../../wallet/index.ts'

/** Accounts that are read at once. */
const READ_PER_CALL = 500

export function recordOf(bytes: Buffer | null | undefined): AccountRecord {
  if (!bytes) return EMPTY_RECORD
  try {
    return readAccountRecord(bytes)
  } catch {
    // The audit names it.
    return EMPTY_RECORD
  }
}

/** Looks through who had spent points before counting began: once in the life of a partition. */
export async function walkOnce(store: Store, slot: SlotTag): Promise<void> {
  if (await isWalked(store, slot)) return
  let cursor = '0'
  do {
    const [next, members] = await store.sscan(accountsKey(slot), cursor, 'COUNT', READ_PER_CALL)
    cursor = next
    const accounts = members.map(Number)
    if (accounts.length === 0) continue
    const records = await store.mgetBuffer(accounts.map((account) => accountKey(slot, account)))
    const used = accounts.filter((_, i) => recordOf(records[i]).wallet.spent > 0)
    if (used.length > 0) await noteUsed(store, slot, used)
  } while (cursor !== '0')
  await walked(store, slot)
}
