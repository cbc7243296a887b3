/** Compares what the archive tells with what Redis has, account by account: every sum, every lot, every open hold. */

import { formatAccount } from '../../../shared/ids.ts'
import { chunks, must } from '../../kernel/index.ts'
import type { SlotTag, Store } from '../../redis/index.ts'
import {
  type AccountRecord,
  accountKey,
  accountsKey,
  holdKey,
  holdsKey,
  journalKey,
  type Lot,
  readAccountRecord,
  readHoldRecord,
  readTotals,
  settlementKey,
  totalsKey,
  type Wallet,
} from '../../wallet/index.ts'
import type { PartitionPlace } from '../consumer.ts'
import { compareIds, type JournalElement, ZERO } from '../element.ts'
import { readNewest } from '../journal.ts'
import { AUDIT_ATTEMPTS } from '../limits.ts'
import { COUNTERS } from '../sums.ts'
import { readArchive } from './file-walk.ts'
import { readJournalAfter } from './head.ts'
import { totalsOf } from './rebuild.ts'
import { Replay, type ReplayedAccount } from './replay.ts'
import { compareClubs } from './replay-clubs.ts'
import { compareKept, type DayPass } from './replay-kept.ts'

const ACCOUNTS_PER_CALL = 500

export interface Comparison {
  partition: number
  accounts: number
  holds: number
  elements: number
  /** Sentences; empty where both agree. */
  problems: string[]
  /** In use the whole time, so that nothing could be compared. */
  busy: boolean
}

/** Replays the archive and what the journal has behind it; where the partition is in use, tries again a few times. */
export async function comparePartition(
  store: Store,
  place: PartitionPlace,
  dataDirs: readonly string[],
): Promise<Comparison> {
  const { slot } = place
  for (let attempt = 1; ; attempt++) {
    const before = await newestOf(store, slot)
    const replay = await replayAll(store, place, dataDirs)
    const problems = [
      ...replay.problems,
      ...(await compareAccounts(store, slot, replay)),
      ...(await compareHolds(store, slot, replay)),
      ...(await compareSums(store, slot, replay)),
      ...(await compareClubs(store, slot, { kept: replay.kept, nowMs: replay.lastAtMs })),
      ...(await compareKept(store, slot, { kept: replay.kept, nowMs: replay.lastAtMs })),
    ]
    const busy = before !== (await newestOf(store, slot))
    if (busy && attempt < AUDIT_ATTEMPTS) continue
    return {
      partition: place.index,
      accounts: replay.accounts.size,
      holds: replay.openHolds().length,
      elements: replay.elements,
      problems: busy ? [] : problems,
      busy,
    }
  }
}

async function newestOf(store: Store, slot: SlotTag): Promise<string> {
  const results = await store.multi().xinfo('STREAM', journalKey(slot)).exec()
  return readNewest(must(results?.[0], 'the stream'))
}

/** The journal first: what is trimmed from it meanwhile is in the archive by then. */
async function replayAll(
  store: Store,
  { slot, index }: PartitionPlace,
  dataDirs: readonly string[],
): Promise<Replay> {
  const journal: JournalElement[] = []
  for await (const element of readJournalAfter(store, slot, ZERO)) journal.push(element)
  const replay = new Replay()
  let last = ZERO
  for (const element of readArchive(dataDirs, index)) {
    replay.take(element)
    last = element.id
  }
  for (const element of journal) if (compareIds(element.id, last) > 0) replay.take(element)
  replay.forget()
  return replay
}

async function compareAccounts(store: Store, slot: SlotTag, replay: Replay): Promise<string[]> {
  const problems: string[] = []
  const members = new Set((await store.smembers(accountsKey(slot))).map(Number))
  for (const account of members)
    if (!replay.accounts.has(account))
      problems.push(`account ${formatAccount(account)} is not in the archive`)
  for (const some of chunks([...replay.accounts.values()], ACCOUNTS_PER_CALL)) {
    const records = await store.mgetBuffer(some.map(({ account }) => accountKey(slot, account)))
    for (const [i, of] of some.entries()) {
      const record = records[i]
      const name = `account ${formatAccount(of.account)}`
      if (!record || !members.has(of.account)) problems.push(`${name} is not in Redis`)
      else
        problems.push(
          ...differences(of, readAccountRecord(record), replay.kept.passOf(of.account)).map(
            (what) => `${name}: ${what}`,
          ),
        )
    }
  }
  return problems
}

const SUMS = ['issued', 'transferredIn', 'spent', 'expired', 'revoked', 'transferredOut'] as const

const lotText = ({ bucket, issuer, live, month, points }: Lot): string =>
  `${points} ${bucket} of issuer ${issuer}, live ${live}, month ${month}`
const lotsText = ({ lots }: Wallet): string => lots.map(lotText).sort().join('; ')

/** Sentences, archive first. */
export function differences(of: ReplayedAccount, record: AccountRecord, pass?: DayPass): string[] {
  const found: string[] = []
  const check = (what: string, archive: unknown, redis: unknown) => {
    if (archive !== redis) found.push(`${what}: the archive says ${archive}, Redis ${redis}`)
  }
  check('changes', of.changes, record.changes)
  check('frozen', of.frozen, record.frozen)
  for (const sum of SUMS) check(sum, of.wallet[sum], record.wallet[sum])
  check('lots', lotsText(of.wallet), lotsText(record.wallet))
  for (const no of [0, 1] as const)
    if (!of.carryUnknown[no])
      check('thousandths kept', of.wallet.carries[no], record.wallet.carries[no])
  const ladder = record.ladders.find((one) => one.ladder === of.ladder?.ladder)
  for (const what of ['growth', 'rung', 'promotions'] as const)
    check(what, of.ladder?.[what] ?? 0, ladder?.[what] ?? 0)
  if (pass) check('day pass ends', pass.untilMs, record.pass?.untilMs ?? 0)
  return found
}

async function compareHolds(store: Store, slot: SlotTag, replay: Replay): Promise<string[]> {
  const problems: string[] = []
  const open = replay.openHolds()
  const listed = await store.zcard(holdsKey(slot))
  if (listed !== open.length)
    problems.push(`the archive has ${open.length} open holds, Redis lists ${listed}`)
  for (const hold of open) {
    const name = `hold ${hold.id} of account ${formatAccount(hold.account)}`
    const bytes = await store.getBuffer(holdKey(slot, hold.account, hold.id))
    if (!bytes) {
      problems.push(`${name} is not in Redis`)
      continue
    }
    const kept = readHoldRecord(hold.id, bytes)
    for (const what of ['state', 'use', 'points', 'untilMs', 'subject', 'at', 'live'] as const)
      if (kept[what] !== hold[what])
        problems.push(`${name}: ${what}: the archive says ${hold[what]}, Redis ${kept[what]}`)
    if (kept.lots.map(lotText).join() !== hold.lots.map(lotText).join())
      problems.push(`${name} is of other lots`)
  }
  return problems
}

async function compareSums(store: Store, slot: SlotTag, replay: Replay): Promise<string[]> {
  const problems: string[] = []
  const told = totalsOf(replay)
  const kept = await readTotals(store, totalsKey(slot))
  for (const counter of COUNTERS)
    if (told[counter] !== kept[counter])
      problems.push(`${counter}: the archive says ${told[counter]}, Redis ${kept[counter]}`)
  const owed = await store.hgetall(settlementKey(slot))
  for (const field of new Set([...Object.keys(owed), ...replay.settlement.keys()])) {
    const [archive, redis] = [replay.settlement.get(field) ?? 0, Number(owed[field] ?? 0)]
    if (archive !== redis)
      problems.push(`settlement ${field}: the archive says ${archive}, Redis ${redis}`)
  }
  return problems
}
