/** The consumer that counts the economy: each element once, by the day on which it happened. */

import type { PublishedRulebook } from '../../../shared/rulebook/schema.ts'
import { dayBounds } from '../../../shared/time.ts'
import {
  activeKey,
  beginTally,
  CONSUMER,
  FIELDS,
  NOTED_PER_CALL,
  redeemedKey,
  type Tally,
  tally,
  watchedKey,
} from '../../economy/index.ts'
import { type Clock, type Log, must } from '../../kernel/index.ts'
import type { SlotTag, Store } from '../../redis/index.ts'
import { accountKey, accountsKey, journalKey, totalsKey } from '../../wallet/index.ts'
import type { Consumer, PartitionPlace } from '../consumer.ts'
import { compareIds, formatId, type JournalElement, parseId, type StreamId } from '../element.ts'
import { cursorsKey } from '../keys.ts'
import { ECONOMY_MS } from '../limits.ts'
import { type Reading, readAll } from '../reading.ts'
import { DayCount } from './count.ts'
import { Noted } from './noted.ts'
import { recordOf } from './records.ts'
import { type Study, StudyCount } from './study.ts'

export interface EconomyConsumerOptions {
  store: Store
  rulebook: () => PublishedRulebook
  clock: Clock
  log: Log
  reading: Reading
  /** Experiments of which each account is counted, at most two: one that runs, and one that has just ended. */
  studies?: () => readonly Study[]
}

/** The ladder of the platform, in accounts. */
const PLATFORM_LADDER = 1

/** Elements that follow each other and are of one day. */
interface Batch {
  day: number
  atMs: number
  elements: JournalElement[]
  count: DayCount
  studies: StudyCount[]
}

interface Standing {
  /** Up to where the partition was counted. */
  at: StreamId
  /** The partition has lost what was counted; nothing is counted until it is opened again. */
  lost: boolean
  noted: Noted
}

const besideOf = (slot: SlotTag) => ({ cursors: cursorsKey(slot), journal: journalKey(slot) })

export function economyConsumer(options: EconomyConsumerOptions): Consumer {
  const counting = new Counting(options)
  return {
    kind: 'economy',
    everyMs: ECONOMY_MS,
    durableOnly: false,
    ownCursor: true,
    async open(place) {
      counting.forget(place)
      // Tried again with the first elements: it must not keep others from beginning.
      await counting
        .begin(place)
        .catch((error: unknown) =>
          options.log.warn(
            { err: error, partition: place.index },
            'the economy is not counted yet',
          ),
        )
    },
    handle: (place, elements) => counting.handle(place, elements),
    close: async (place) => counting.forget(place),
  }
}

class Counting {
  readonly #o: EconomyConsumerOptions
  readonly #standing = new Map<number, Standing>()

  constructor(options: EconomyConsumerOptions) {
    this.#o = options
  }

  forget({ index }: PartitionPlace): void {
    this.#standing.delete(index)
  }

  /** Begins to count, where nobody has, and finds out up to where it was counted. */
  async begin({ slot, index }: PartitionPlace): Promise<Standing> {
    const { store, clock } = this.#o
    await beginTally(store, slot, {
      ...besideOf(slot),
      totals: totalsKey(slot),
      accounts: accountsKey(slot),
      nowMs: clock.now(),
    })
    const cursor = (await store.hget(cursorsKey(slot), CONSUMER)) ?? '0-0'
    const begun = { at: parseId(cursor), lost: false, noted: new Noted() }
    this.#standing.set(index, begun)
    return begun
  }

  async handle(place: PartitionPlace, elements: readonly JournalElement[]): Promise<number> {
    let done = 0
    for (;;) {
      const standing = this.#standing.get(place.index) ?? (await this.begin(place))
      if (standing.lost) return 0
      const fresh = elements.slice(done).filter(({ id }) => compareIds(id, standing.at) > 0)
      if (fresh.length === 0) return elements.length
      const batch = this.#batchOf(fresh)
      const left = elements.length - fresh.length
      const reply = await this.#count(place, standing, batch)
      if (reply === 'gone') return left
      if (reply === 'counted') done = left + batch.elements.length
    }
  }

  async #count(
    { slot, index }: PartitionPlace,
    standing: Standing,
    batch: Batch,
  ): Promise<'counted' | 'moved' | 'gone'> {
    const { store, log } = this.#o
    const last = must(batch.elements.at(-1), 'an element').id
    const what = await this.#tallyOf(slot, batch, standing.noted)
    const of = { slot, ...besideOf(slot), after: formatId(standing.at), last: formatId(last) }
    const reply = await tally(store, of, what)
    if (reply.tag === 'counted') {
      standing.at = last
      for (const { set, accounts } of what.sets) standing.noted.add(set, accounts)
    } else if (reply.tag === 'moved') {
      // Ahead: somebody else had the partition meanwhile. Behind: its shard is not as it was, and what follows the
      // cursor is read anew once that is known.
      const at = parseId(reply.cursor)
      const lost = compareIds(at, standing.at) < 0
      this.#standing.set(index, { at, lost, noted: new Noted() })
      log.info({ partition: index, lost }, 'the economy was counted by another')
    }
    return reply.tag
  }

  /** As many elements as are of one day and note no more accounts than one call may. */
  #batchOf(elements: readonly JournalElement[]): Batch {
    const { rulebook, reading } = this.#o
    const { timeZone } = rulebook().book
    const studies = (this.#o.studies?.() ?? []).map((study) => new StudyCount(study))
    const batch: Batch = { day: 0, atMs: 0, elements: [], count: new DayCount(), studies }
    for (const element of elements) {
      const atMs = reading.about(element)?.atMs ?? (batch.atMs || element.id.ms)
      const { day } = dayBounds(atMs, timeZone)
      const { size } = batch.count.active
      if (batch.elements.length > 0 && (day !== batch.day || size > NOTED_PER_CALL)) break
      readAll(reading, element, batch.count)
      for (const study of studies) if (study.covers(atMs)) readAll(reading, element, study)
      batch.day = day
      batch.atMs = Math.max(batch.atMs, atMs)
      batch.elements.push(element)
    }
    return batch
  }

  async #tallyOf(
    slot: SlotTag,
    { day, atMs, count, studies }: Batch,
    noted: Noted,
  ): Promise<Tally> {
    const rungs = await this.#rungsOf(slot, [...new Set(count.sales.map((sale) => sale.account))])
    const ofDay = count.ofDay()
    for (const { account, fen } of count.sales) {
      const field = FIELDS.sales + (rungs.get(account) ?? 0)
      ofDay[field] = (ofDay[field] ?? 0) + fen
    }
    const sets = [
      { set: activeKey(slot, day), accounts: count.active },
      ...[...count.lives].flatMap(([live, { watched, redeemed }]) => [
        { set: watchedKey(slot, day, live), accounts: watched },
        { set: redeemedKey(slot, day, live), accounts: redeemed },
      ]),
    ]
    return {
      ...{ day, atMs, ofDay, counted: count.counted },
      used: [...count.used],
      members: [...count.members],
      studies: new Map(
        studies
          .filter(({ added }) => Object.keys(added).length > 0)
          .map(({ study, added }) => [study.id, added]),
      ),
      sets: sets
        .map(({ set, accounts }) => ({ set, accounts: noted.fresh(set, accounts) }))
        .filter(({ accounts }) => accounts.length > 0),
    }
  }

  /** Of these accounts the rung each is on. One that cannot be read counts as the lowest. */
  async #rungsOf(slot: SlotTag, accounts: readonly number[]): Promise<Map<number, number>> {
    if (accounts.length === 0) return new Map()
    const { store } = this.#o
    const records = await store.mgetBuffer(accounts.map((account) => accountKey(slot, account)))
    return new Map(
      accounts.map((account, i) => {
        const { ladders } = recordOf(records[i])
        return [account, ladders.find(({ ladder }) => ladder === PLATFORM_LADDER)?.rung ?? 0]
      }),
    )
  }
}
