/** Writes the balances of a brand's accounts as CSV. */

import { formatAccount } from '../../../shared/ids.ts'
import { monthText } from '../../../shared/ledger.ts'
import type { Rulebook } from '../../../shared/rulebook/schema.ts'
import { type Registry, readWhose } from '../../identity/index.ts'
import { chunks } from '../../kernel/index.ts'
import type { Partitions, SlotTag } from '../../redis/index.ts'
import { readIssuers } from '../../rooms/index.ts'
import {
  type AccountRecord,
  accountKey,
  accountsKey,
  readAccountRecord,
  sumsOfAccount,
} from '../../wallet/index.ts'
import { csvRow } from './csv.ts'

const ACCOUNTS_PER_CALL = 500
const PLATFORM_LADDER = 1
const HEADER = [
  ...['viewer', 'account', 'spendable', 'session', 'pending', 'held', 'frozen', 'tier'],
  'next_expiry',
]

export interface ExportOptions {
  registry: Registry
  partitions: Partitions
  brand: string
  ladder: Rulebook['ladder']
}

/**
 * One row for each account of the brand, and for each that nobody can be told of any more and that has points of
 * the brand, its rooms or hosts. Everything is read page by page; an account that changes meanwhile is as it was when its page was read.
 */
export async function* exportRows(options: ExportOptions): AsyncGenerator<string> {
  yield csvRow(HEADER)
  for (const slot of options.partitions.slots) {
    const accounts = (await options.registry.store.smembers(accountsKey(slot))).map(Number)
    for (const some of chunks(accounts, ACCOUNTS_PER_CALL)) yield* rowsOf(options, slot, some)
  }
}

async function* rowsOf(
  { registry, brand, ladder }: ExportOptions,
  slot: SlotTag,
  accounts: readonly number[],
): AsyncGenerator<string> {
  const whose = await readWhose(registry, accounts)
  const stored = await registry.store.mgetBuffer(accounts.map((one) => accountKey(slot, one)))
  const records = stored.map((bytes) => bytes && readAccountRecord(bytes))
  const owners = await readIssuers(
    registry.store,
    records.flatMap((record) => record?.wallet.lots.map(({ issuer }) => issuer) ?? []),
  )
  for (const [i, account] of accounts.entries()) {
    const record = records[i]
    if (!record) continue
    const identity = whose.get(account)
    const ours = identity
      ? identity.brand === brand
      : record.wallet.lots.some(({ issuer }) => owners.get(issuer)?.brand === brand)
    if (!ours) continue
    const sums = sumsOfAccount(record)
    yield csvRow([
      identity?.id ?? '',
      formatAccount(account),
      ...[sums.spendable, sums.session, sums.pending, sums.held, sums.frozen],
      ladder.rungs[rungOf(record)]?.id ?? '',
      nextExpiry(record),
    ])
  }
}

const rungOf = ({ ladders }: AccountRecord): number =>
  ladders.find(({ ladder }) => ladder === PLATFORM_LADDER)?.rung ?? 0

/** The month at whose start the first points are gone; empty where none ever are. */
function nextExpiry({ wallet }: AccountRecord): string {
  const months = wallet.lots.flatMap(({ bucket, month }) =>
    bucket === 'spendable' && month > 0 ? [month] : [],
  )
  return months.length === 0 ? '' : (monthText(Math.min(...months)) ?? '')
}
