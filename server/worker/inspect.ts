/** Prints one account for people: `inspect account ID`. */

import { formatAccount, parseAccount } from '../../shared/ids.ts'
import type { IssuerNames } from '../../shared/ledger.ts'
import type { Config } from '../config.ts'
import { connect, createPartitions, type Store } from '../redis/index.ts'
import { nameIssuers } from '../rooms/index.ts'
import { type HistoryLine, readHistory } from '../scoring/index.ts'
import {
  type AccountRecord,
  accountKey,
  imbalance,
  readAccountRecord,
  sumsOfAccount,
} from '../wallet/index.ts'
import { CAME, THERE, WENT } from './sums.ts'

const USAGE = `inspect account ID   prints one account; ID is ten characters, or #NUMBER`
const LINES_SHOWN = 20

/** Month number of a lot as a date after which its points are gone. */
function expiry(month: number): string {
  if (month === 0) return 'never'
  const last = new Date(Date.UTC(2000, month, 0))
  return last.toISOString().slice(0, 10)
}

/** `room night of acme`, or the number where nobody is known by it. */
const issuerText = (names: IssuerNames, no: number): string => {
  const name = names[no]
  if (!name) return `issuer ${no}`
  return name.kind === 'brand' ? `brand ${name.id}` : `${name.kind} ${name.id} of ${name.brand}`
}

export function renderAccount(
  account: number,
  record: AccountRecord,
  names: IssuerNames = {},
): string {
  const sums = sumsOfAccount(record)
  const list = (counters: readonly (keyof typeof sums)[]) =>
    counters
      .filter((counter) => sums[counter] !== 0)
      .map((counter) => `${counter} ${sums[counter]}`)
      .join(', ') || 'nothing'
  const off = imbalance(sums)
  return [
    `account ${formatAccount(account)} (${account})${record.frozen ? ', FROZEN' : ''}, ${record.changes} changes`,
    `came in: ${list(CAME)}`,
    `is there: ${list(THERE)}`,
    `went: ${list(WENT)}`,
    off === 0 ? 'balanced' : `OFF BY ${off} POINTS`,
    `fractions kept: ${record.wallet.carries[0]}/1000 spendable, ${record.wallet.carries[1]}/1000 session`,
    ...record.ladders.map(
      ({ ladder, rung, growth, promotions }) =>
        `ladder ${ladder}: rung ${rung}, growth ${growth}, ${promotions} promotions`,
    ),
    ...record.wallet.lots.map(
      ({ bucket, issuer, live, month, points }) =>
        `lot: ${points} ${bucket}, ${issuerText(names, issuer)}, ${live > 0 ? `live ${live}` : `expires ${expiry(month)}`}`,
    ),
    `bytes: sessions ${record.sectionBytes[0]}, wallet ${record.sectionBytes[1]}, growth ${record.sectionBytes[2]}, day ${record.sectionBytes[3]}, attention ${record.sectionBytes[4]}`,
  ].join('\n')
}

function renderLine(line: HistoryLine): string {
  if (line.kind === 'moved') {
    const { cause, ref, subject, by, moves } = line.entry
    const moved = moves.map(({ from, to, points }) => `${points} ${from} to ${to}`).join(', ')
    const named = [ref, subject && `for ${subject}`, by && `by ${by}`].filter(Boolean).join(' ')
    return `${cause} ${named}: ${moved}`
  }
  const { receipt, rulebook, live } = line
  const { action, reason, counted, units, points, bucket, growth, multiplier, ruleNo } = receipt
  return `${action} ${reason}: ${counted} of ${units} counted, ${points} ${bucket}, growth ${growth}, x${multiplier / 1000}, rule ${ruleNo} of rulebook ${rulebook}, live ${live}`
}

async function inspect(store: Store, partitions: number, account: number): Promise<string> {
  const slot = createPartitions(partitions).slotOf(account)
  const bytes = await store.getBuffer(accountKey(slot, account))
  if (!bytes) return `account ${formatAccount(account)} has no record`
  const { lines } = await readHistory(store, { slot, account, limit: LINES_SHOWN })
  const history = lines.map((line) => `${new Date(line.atMs).toISOString()} ${renderLine(line)}`)
  const record = readAccountRecord(bytes)
  const issuers = record.wallet.lots.map(({ issuer }) => issuer)
  return [
    renderAccount(account, record, await nameIssuers(store, issuers)),
    'history, newest first:',
    ...history,
  ].join('\n')
}

/** `npm run inspect -- account ID`. Code 2 where the arguments are wrong. */
export async function inspectCommand(
  argv: readonly string[],
  config: Config,
): Promise<{ text: string; code: number }> {
  const [what, id = ''] = argv
  const account = id.startsWith('#') ? Number(id.slice(1)) : (parseAccount(id) ?? Number.NaN)
  if (what !== 'account' || !Number.isSafeInteger(account)) return { text: USAGE, code: 2 }
  const store = await connect(config.redis.url.reveal())
  try {
    return { text: await inspect(store, config.redis.partitions, account), code: 0 }
  } finally {
    store.disconnect()
  }
}
