/** The audit: counters, walked accounts and journal are summed independently and must agree. */

import { parseArgs } from 'node:util'
import { formatAccount } from '../../shared/ids.ts'
import type { Config } from '../config.ts'
import { must } from '../kernel/index.ts'
import { connect, createPartitions, type SlotTag, type Store } from '../redis/index.ts'
import { readJournal } from '../scoring/index.ts'
import {
  accountKey,
  accountsKey,
  emptyTotals,
  imbalance,
  journalKey,
  readAccountRecord,
  sumsOfAccount,
  type Totals,
  totalsKey,
} from '../wallet/index.ts'
import { compareIds, formatId, type JournalElement, type StreamId, ZERO } from './element.ts'
import { readAfter, readNewest } from './journal.ts'
import { AUDIT_ATTEMPTS, ELEMENTS_PER_STEP, PROBLEMS_SHOWN } from './limits.ts'
import { readSegments } from './segment-file.ts'
import { addSums, COUNTERS, changesOf, sumsOfTotals } from './sums.ts'

export interface PartitionAudit {
  partition: number
  accounts: number
  elements: number
  counters: Totals
  walked: Totals
  journal: Totals
  /** Sentences; empty where all three agree. */
  problems: string[]
  /** The partition was in use the whole time, so that no comparison was possible. */
  busy: boolean
}

interface Place {
  store: Store
  slot: SlotTag
  partition: number
}

/** Totals and newest journal id of the same instant. */
async function instant({ store, slot }: Place): Promise<{ totals: Totals; newest: string }> {
  const [totals, info] = must(
    await store.multi().hgetall(totalsKey(slot)).xinfo('STREAM', journalKey(slot)).exec(),
    'results of a transaction',
  )
  const [error, sums] = must(totals, 'totals')
  if (error) throw error
  return {
    totals: sumsOfTotals(sums as Record<string, string>),
    newest: readNewest(must(info, 'the stream')),
  }
}

/** An account as one of the two sources tells it. */
interface Told {
  sums: Totals
  /** How often it has changed. */
  changes: number
  /** Change counter of the newest change. */
  newest: number
}

const nothingTold = (): Told => ({ sums: emptyTotals(), changes: 0, newest: 0 })

interface Walk {
  sums: Totals
  byAccount: Map<number, Told>
  problems: string[]
}

async function walkAccounts({ store, slot }: Place): Promise<Walk> {
  const walk: Walk = { sums: emptyTotals(), byAccount: new Map(), problems: [] }
  let cursor = '0'
  do {
    const [next, members] = await store.sscan(accountsKey(slot), cursor, 'COUNT', 500)
    cursor = next
    const accounts = members.map(Number).filter((account) => !walk.byAccount.has(account))
    if (accounts.length === 0) continue
    const records = await store.mgetBuffer(accounts.map((account) => accountKey(slot, account)))
    accounts.forEach((account, i) => {
      const record = records[i]
      try {
        const read = readAccountRecord(must(record, 'it is missing'))
        const sums = sumsOfAccount(read)
        walk.byAccount.set(account, { sums, changes: read.changes, newest: read.changes })
        addSums(walk.sums, sums)
        const off = imbalance(sums)
        if (off !== 0)
          walk.problems.push(`account ${formatAccount(account)} is off by ${off} points`)
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        walk.problems.push(`account ${formatAccount(account)} cannot be read: ${why}`)
      }
    })
  } while (cursor !== '0')
  return walk
}

/** The stream first: what is trimmed from it meanwhile is in the segments by then. */
async function* wholeJournal(place: Place, dataDir: string): AsyncGenerator<JournalElement> {
  const stream: JournalElement[] = []
  for (let after: StreamId = ZERO; ; ) {
    const some = await readAfter(place.store, place.slot, { after, limit: ELEMENTS_PER_STEP })
    stream.push(...some)
    const last = some.at(-1)
    if (!last) break
    after = last.id
  }
  let last = ZERO
  for (const element of readSegments(dataDir, place.partition)) {
    last = element.id
    yield element
  }
  for (const element of stream) if (compareIds(element.id, last) > 0) yield element
}

interface JournalSums {
  sums: Totals
  byAccount: Map<number, Told>
  elements: number
}

async function sumJournal(place: Place, dataDir: string): Promise<JournalSums> {
  const found: JournalSums = { sums: emptyTotals(), byAccount: new Map(), elements: 0 }
  for await (const { id, bytes } of wholeJournal(place, dataDir)) {
    found.elements++
    let changes: ReturnType<typeof changesOf>
    try {
      changes = changesOf(readJournal(bytes))
    } catch (cause) {
      throw new Error(`journal element ${formatId(id)} cannot be read`, { cause })
    }
    for (const { account, version, sums } of changes) {
      addSums(found.sums, sums)
      const told = found.byAccount.get(account) ?? nothingTold()
      addSums(told.sums, sums)
      told.changes++
      told.newest = Math.max(told.newest, version)
      found.byAccount.set(account, told)
    }
  }
  return found
}

function compare(counters: Totals, walk: Walk, journal: JournalSums): string[] {
  const problems = [...walk.problems]
  for (const counter of COUNTERS) {
    const [a, b, c] = [counters[counter], walk.sums[counter], journal.sums[counter]]
    if (a !== b || b !== c)
      problems.push(`${counter}: counters say ${a}, accounts ${b}, journal ${c}`)
  }
  const off = imbalance(counters)
  if (off !== 0) problems.push(`the counters are off by ${off} points`)
  for (const account of new Set([...walk.byAccount.keys(), ...journal.byAccount.keys()])) {
    const record = walk.byAccount.get(account) ?? nothingTold()
    const told = journal.byAccount.get(account) ?? nothingTold()
    const name = `account ${formatAccount(account)}`
    const differs = COUNTERS.filter((counter) => record.sums[counter] !== told.sums[counter])
    if (differs.length > 0) problems.push(`${name} differs from its journal: ${differs.join(', ')}`)
    // Each change is journalled once, also one that paid nothing: numbers are whole or something was lost.
    if (record.changes !== told.changes || record.newest !== told.newest)
      problems.push(
        `${name} changed ${record.changes} times, its journal has ${told.changes} up to number ${told.newest}`,
      )
  }
  return problems
}

/** Compares one partition; where it is in use, as often as it takes to find it at rest, up to a limit. */
export async function auditPartition(place: Place, dataDir: string): Promise<PartitionAudit> {
  for (let attempt = 1; ; attempt++) {
    const before = await instant(place)
    const walk = await walkAccounts(place)
    const journal = await sumJournal(place, dataDir)
    const after = await instant(place)
    const busy = before.newest !== after.newest
    if (busy && attempt < AUDIT_ATTEMPTS) continue
    return {
      partition: place.partition,
      accounts: walk.byAccount.size,
      elements: journal.elements,
      counters: after.totals,
      walked: walk.sums,
      journal: journal.sums,
      problems: busy ? walk.problems : compare(after.totals, walk, journal),
      busy,
    }
  }
}

const pad = (text: string | number, width: number) => String(text).padStart(width)

export function renderAudit(audits: readonly PartitionAudit[]): string {
  const total = { counters: emptyTotals(), walked: emptyTotals(), journal: emptyTotals() }
  for (const audit of audits) {
    addSums(total.counters, audit.counters)
    addSums(total.walked, audit.walked)
    addSums(total.journal, audit.journal)
  }
  const lines = [
    `${'points'.padEnd(16)}${['counters', 'accounts', 'journal'].map((h) => pad(h, 18)).join('')}`,
  ]
  for (const counter of COUNTERS)
    lines.push(
      `${counter.padEnd(16)}${[total.counters, total.walked, total.journal]
        .map((sums) => pad(sums[counter], 18))
        .join('')}`,
    )
  const accounts = audits.reduce((sum, audit) => sum + audit.accounts, 0)
  const elements = audits.reduce((sum, audit) => sum + audit.elements, 0)
  lines.push('', `${audits.length} partitions, ${accounts} accounts, ${elements} journal elements`)
  const problems = audits.flatMap((audit) => [
    ...audit.problems.map((problem) => `partition ${audit.partition}: ${problem}`),
    ...(audit.busy ? [`partition ${audit.partition}: in use, could not be compared`] : []),
  ])
  lines.push(...problems.slice(0, PROBLEMS_SHOWN))
  if (problems.length > PROBLEMS_SHOWN) lines.push(`and ${problems.length - PROBLEMS_SHOWN} more`)
  lines.push(problems.length === 0 ? 'All three agree.' : 'They do not agree.')
  return lines.join('\n')
}

const USAGE = `audit [--partition N]   compares counters, accounts and journal; run it while nobody earns points`

/** `npm run audit`. Code 1 where anything differs, 2 where the arguments are wrong. */
export async function auditCommand(
  argv: readonly string[],
  config: Config,
): Promise<{ text: string; code: number }> {
  const { values } = parseArgs({
    args: [...argv],
    options: { partition: { type: 'string' }, help: { type: 'boolean' } },
  })
  if (values.help) return { text: USAGE, code: 0 }
  const partitions = createPartitions(config.redis.partitions)
  const only = values.partition === undefined ? undefined : Number(values.partition)
  if (only !== undefined && partitions.slots[only] === undefined) return { text: USAGE, code: 2 }
  const store = await connect(config.redis.url.reveal())
  try {
    const audits: PartitionAudit[] = []
    for (const [partition, slot] of partitions.slots.entries()) {
      if (only !== undefined && partition !== only) continue
      audits.push(await auditPartition({ store, slot, partition }, config.dataDir))
    }
    const good = audits.every((audit) => audit.problems.length === 0 && !audit.busy)
    return { text: renderAudit(audits), code: good ? 0 : 1 }
  } finally {
    store.disconnect()
  }
}
