/** Rebuilds a partition from the archive alone, into a Redis that has nothing of it. */

import { formatAccount } from '../../../shared/ids.ts'
import { restoreClubs } from '../../clubs/index.ts'
import { PERSON_KEYS } from '../../identity/index.ts'
import { type Clock, chunks, type Log } from '../../kernel/index.ts'
import { keyIn, masters, type Partitions, type Store } from '../../redis/index.ts'
import { skipLives } from '../../rooms/index.ts'
import { GROWN_MS, grownKey, packGrown } from '../../scoring/index.ts'
import {
  accountKey,
  accountsKey,
  doneKey,
  emptyTotals,
  holdersKey,
  holdKey,
  holdsKey,
  journalKey,
  memberOf,
  openKey,
  packHold,
  REBUILT_HASH,
  settlementKey,
  sumsOfAccount,
  type Totals,
  totalsKey,
} from '../../wallet/index.ts'
import type { PartitionPlace } from '../consumer.ts'
import { formatId, type JournalElement, type StreamId } from '../element.ts'
import { historyConsumer } from '../history.ts'
import { KINDS } from '../journal.ts'
import { chainKey, cursorsKey } from '../keys.ts'
import { ELEMENTS_PER_STEP } from '../limits.ts'
import { plainReading } from '../reading.ts'
import { addSums } from '../sums.ts'
import { readArchive } from './file-walk.ts'
import { raiseHead, readJournalAfter } from './head.ts'
import { packAccount } from './pack-account.ts'
import { type Invited, invitedIn } from './rebuild-friends.ts'
import { FIRST_ORDER, lifeOf, REMEMBERED_MS, Replay } from './replay.ts'
import { clubsOf, clubsReadTo } from './replay-clubs.ts'
import { rebuildKept } from './replay-kept.ts'
import { verifyPartition, type Witness } from './verify.ts'

/** Commands sent together. */
const COMMANDS_PER_CALL = 500
/** Keys looked at in one step. */
const SCANNED = 1000

export interface RebuildOptions {
  store: Store
  partitions: Partitions
  dataDirs: readonly string[]
  clock: Clock
  log: Log
  /** Of a partition: what anchors remember of it. */
  witnesses: (partition: number) => Witness[]
  /** What the partition has is thrown away first, once the archive is found to be good. */
  over?: boolean
}

export interface Rebuilt {
  partition: number
  elements: number
  accounts: number
  holds: number
  totals: Totals
  /** Operators' reasons whose keys are gone. */
  sealed: number
  /** Elements of the journal that were thrown away and are not in the archive. */
  dropped: number
  /** Who was invited by whom, in whatever partition: `rebuildFriends` puts it back when all partitions are there. */
  invited: Invited[]
  /** Sentences; where there is one, nothing was written. */
  problems: string[]
}

type Command = [name: string, ...args: (string | number | Buffer)[]]

/** Names what is there already; a rebuild mixes with nothing. */
export async function inTheWay(store: Store, partitions: Partitions): Promise<string[]> {
  const found: string[] = []
  for (const slot of partitions.slots) {
    const keys = [accountsKey, totalsKey, journalKey, cursorsKey, chainKey].map((key) => key(slot))
    for (const key of keys) if ((await store.exists(key)) === 1) found.push(key)
  }
  return found
}

/** What no archive has, and so is left: whose the accounts are, and what opens operators' reasons. */
const LEFT = new Set([...PERSON_KEYS, 'note-seal'])

/** Of all masters, because where a slot is does not matter here. */
async function emptyPartition(store: Store, { slot }: PartitionPlace): Promise<void> {
  const prefix = keyIn(slot, '')
  const goes = (key: string) => !LEFT.has(key.slice(prefix.length).replace(/:.*/, ''))
  for (const master of await masters(store)) {
    let cursor = '0'
    do {
      const [next, found] = await master.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', SCANNED)
      const keys = found.filter(goes)
      if (keys.length > 0) await master.unlink(...keys)
      cursor = next
    } while (cursor !== '0')
  }
}

/** Throws where Redis cannot be reached; what is half written then has to be emptied before the next attempt. */
export async function rebuildPartition(
  options: RebuildOptions,
  place: PartitionPlace,
): Promise<Rebuilt> {
  const { store, partitions, dataDirs, clock } = options
  const witnesses = options.witnesses(place.index)
  const verified = await verifyPartition({ partition: place.index, dataDirs, witnesses })
  const replay = new Replay()
  for (const element of readArchive(dataDirs, place.index)) replay.take(element)
  replay.forget()
  const strangers = [...replay.accounts.keys()].filter(
    (account) => partitions.slotOf(account) !== place.slot,
  )
  const rebuilt: Rebuilt = {
    partition: place.index,
    elements: replay.elements,
    accounts: replay.accounts.size,
    holds: replay.openHolds().length,
    totals: totalsOf(replay),
    sealed: 0,
    dropped: 0,
    invited: invitedIn(replay.kept),
    problems: [
      ...verified.problems.map(
        ({ id, text }) => `${id === undefined ? '' : `element ${id}: `}${text}`,
      ),
      ...replay.problems,
      ...strangers.map(
        (account) =>
          `account ${formatAccount(account)} is of another partition: is their number still the same?`,
      ),
    ],
  }
  if (rebuilt.problems.length > 0 || replay.elements === 0) return rebuilt
  if (options.over) {
    for await (const _ of readJournalAfter(store, place.slot, verified.end.id)) rebuilt.dropped++
    await emptyPartition(store, place)
  }
  const { id: end } = verified.end
  const counted = clubsReadTo(replay.kept, end)
  await rebuildHistories(options, place, counted)
  await skipLives(store, replay.lastLive)
  // Not before the newest change, should this clock be behind.
  const nowMs = Math.max(clock.now(), replay.lastAtMs)
  for (const commands of chunks([...commandsOf(replay, place, nowMs)], COMMANDS_PER_CALL))
    await send(store, commands)
  rebuilt.sealed = await rebuildKept(store, place, { kept: replay.kept, nowMs })
  await restoreClubs(store, place.slot, clubsOf(replay.kept, nowMs))
  await store.hset(totalsKey(place.slot), { ...rebuilt.totals })
  // Last: from here on a worker goes on where the archive ends.
  await raiseHead(store, place.slot, verified.end)
  const cursors = KINDS.map((kind) => [kind, formatId(kind === 'clubs' ? counted : end)])
  await store.hset(cursorsKey(place.slot), Object.fromEntries(cursors))
  return rebuilt
}

async function send(store: Store, commands: readonly Command[]): Promise<void> {
  const pipeline = store.pipeline()
  for (const [name, ...args] of commands) pipeline.call(name, ...args)
  for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error
}

export function totalsOf(replay: Replay): Totals {
  const totals = emptyTotals()
  for (const { wallet } of replay.accounts.values()) addSums(totals, sumsOfAccount({ wallet }))
  return totals
}

function* commandsOf(replay: Replay, { slot }: PartitionPlace, nowMs: number): Generator<Command> {
  for (const of of replay.accounts.values()) {
    const pass = replay.kept.passOf(of.account)
    yield ['SET', accountKey(slot, of.account), packAccount(of, { floorMs: nowMs, pass })]
    yield ['SADD', accountsKey(slot), of.account]
    for (const { live } of of.wallet.lots)
      if (live > 0) yield ['SADD', holdersKey(slot, live), of.account]
  }
  for (const hold of replay.allHolds()) {
    const { account, id, state, lots } = hold
    const key = holdKey(slot, account, id)
    if (state === 'open') {
      // What is held of a live comes back to it, where its end has to find it.
      for (const { live } of lots) if (live > 0) yield ['SADD', holdersKey(slot, live), account]
      yield ['SET', key, packHold(hold)]
      yield ['ZADD', holdsKey(slot), hold.untilMs, memberOf(account, id)]
      yield ['SADD', openKey(slot, account), id]
    } else
      yield ['SET', key, packHold(hold), 'PX', remembered(lifeOf(hold), hold.settledAtMs, nowMs)]
  }
  for (const { account, ref, growth, atMs } of replay.grown.values()) {
    const first = replay.accounts.get(account)?.counted.has(FIRST_ORDER) ?? false
    const answer = packGrown({ growth, firstOrder: first })
    yield ['SET', grownKey(slot, account, ref), answer, 'PX', remembered(GROWN_MS, atMs, nowMs)]
  }
  for (const { account, id, entry, atMs } of replay.done.values()) {
    const answer = Buffer.concat([Buffer.from(REBUILT_HASH), entry])
    yield ['SET', doneKey(slot, account, id), answer, 'PX', remembered(REMEMBERED_MS, atMs, nowMs)]
  }
  for (const [field, points] of replay.settlement)
    yield ['HINCRBY', settlementKey(slot), field, points]
}

const remembered = (lifeMs: number, sinceMs: number, nowMs: number): number =>
  Math.min(lifeMs, Math.max(1, sinceMs + lifeMs - nowMs))

/**
 * Puts the elements through the journal once more, a few at a time, as histories are made from it. Those behind `counted`
 * stay for who has not counted them.
 */
async function rebuildHistories(
  { store, dataDirs, log }: RebuildOptions,
  place: PartitionPlace,
  counted: StreamId,
): Promise<void> {
  const histories = historyConsumer({ store, reading: plainReading, log })
  const journal = journalKey(place.slot)
  let batch: JournalElement[] = []
  const write = async () => {
    if (batch.length === 0) return
    await send(
      store,
      batch.map(({ id, bytes }): Command => ['XADD', journal, formatId(id), 'e', bytes]),
    )
    await histories.handle(place, batch)
    // Its newest id stays known, so that ids rise behind the archive.
    await store.call('XTRIM', journal, 'MINID', formatId({ ...counted, seq: counted.seq + 1 }))
    batch = []
  }
  for (const element of readArchive(dataDirs, place.index)) {
    batch.push(element)
    if (batch.length >= ELEMENTS_PER_STEP) await write()
  }
  await write()
}
