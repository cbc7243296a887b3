/** Feeds one partition's journal to its consumers, each at its own pace, while this worker holds the partition. */

import { type Clock, elapsedMs, type Log, must } from '../kernel/index.ts'
import type { Shards, Store } from '../redis/index.ts'
import type { Consumer, PartitionPlace } from './consumer.ts'
import { compareIds, type JournalElement, type StreamId, ZERO } from './element.ts'
import { readAfter, readCursors, trimJournal, writeCursor } from './journal.ts'
import {
  ELEMENTS_PER_STEP,
  FAILING_FROM,
  IDLE_MS,
  RETRY_MS,
  RETRY_MS_MAX,
  TRIM_MS,
} from './limits.ts'
import type { WorkerMetrics } from './metrics.ts'
import { Recent } from './recent.ts'

export interface PumpOptions {
  store: Store
  shards: Shards
  clock: Clock
  log: Log
  metrics: WorkerMetrics
  place: PartitionPlace
  consumers: readonly Consumer[]
}

interface Lane {
  consumer: Consumer
  cursor: StreamId
  running: Promise<void> | undefined
  /** elapsedMs before which no step begins. */
  notBefore: number
  failures: number
  /** Of the last failure. */
  error: string
  /** Nothing is left that was durable when the watermark stood here; while it stands still nothing is read again. */
  dealtUpTo: number
}

/** The golden ratio's part: however many partitions there are, their turns lie apart. */
const APART = 0.618

/** When a partition's next step begins: partitions take turns, or the work of all comes in one burst, and Redis' with it. */
function nextTurn(index: number, everyMs: number, nowMs: number): number {
  if (everyMs === 0) return nowMs
  const phaseMs = ((index * APART) % 1) * everyMs
  return (Math.floor((nowMs - phaseMs) / everyMs) + 1) * everyMs + phaseMs
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
const limitOf = (consumer: Consumer): number => consumer.elementsMax ?? ELEMENTS_PER_STEP

export class Pump {
  readonly place: PartitionPlace
  /** elapsedMs up to which the lease may be relied upon. */
  heldUntil = 0
  /** Elements in the journal when it was last trimmed. */
  length = 0
  readonly #o: PumpOptions
  #lanes: Lane[] = []
  #recent = new Recent(ZERO)
  #polling: Promise<void> | undefined
  #trimAt = 0
  #newsAt = 0
  #odd = false
  #stopped = false
  /** The shard lost its newest data: what is in memory may never have happened. */
  #stale = true
  /** Why a consumer could not begin, how often in a row, and the elapsedMs before which none is begun again. */
  #unopened = ''
  #unopenedTimes = 0
  #beginAt = 0

  constructor(options: PumpOptions) {
    this.#o = options
    this.place = options.place
  }

  /** Forgets what was read; the next poll starts from what Redis has now. */
  restart(): void {
    this.#stale = true
    this.#beginAt = 0
  }

  /** Asks for news and sets consumers going. Never throws; overlapping calls are one. */
  poll(): Promise<void> {
    if (this.#stopped || elapsedMs() > this.heldUntil) return Promise.resolve()
    this.#odd = !this.#odd
    if (this.#odd && elapsedMs() - this.#newsAt > IDLE_MS) return Promise.resolve()
    this.#polling ??= this.#poll()
      .catch((error: unknown) => {
        this.#o.log.debug({ err: error, partition: this.place.index }, 'the journal cannot be read')
      })
      .finally(() => {
        this.#polling = undefined
      })
    return this.#polling
  }

  async #poll(): Promise<void> {
    const { store } = this.#o
    const { slot } = this.place
    if (this.#stale && elapsedMs() < this.#beginAt) return
    if (this.#stale) await this.#begin()
    const limit = ELEMENTS_PER_STEP
    const fresh = await readAfter(store, slot, { after: this.#recent.newest, limit })
    if (fresh.length > 0) this.#newsAt = elapsedMs()
    this.#recent.push(fresh)
    for (const lane of this.#lanes) this.#kick(lane)
    if (elapsedMs() >= this.#trimAt) {
      this.#trimAt = elapsedMs() + TRIM_MS
      this.length = await trimJournal(store, slot)
    }
  }

  /** All consumers from where they had got; where one cannot begin, none does, and a later poll tries again. */
  async #begin(): Promise<void> {
    // Steps that still run belong to what was before.
    await Promise.all(this.#lanes.map((lane) => lane.running))
    this.#lanes = []
    this.#stale = false
    try {
      const cursors = await readCursors(this.#o.store, this.place.slot)
      const lanes: Lane[] = []
      for (const consumer of this.#o.consumers)
        lanes.push(await this.#open(consumer, must(cursors.get(consumer.kind), 'a cursor')))
      this.#lanes = lanes
      this.#unopened = ''
      this.#unopenedTimes = 0
      this.#recent = new Recent(lanes.map((lane) => lane.cursor).sort(compareIds)[0] ?? ZERO)
    } catch (error) {
      this.#stale = true
      throw error
    }
  }

  async #open(consumer: Consumer, cursor: StreamId): Promise<Lane> {
    try {
      await consumer.open?.(this.place, cursor)
    } catch (error) {
      const said = `${consumer.kind} of partition ${this.place.index} cannot begin: ${textOf(error)}`
      // Once, not each time.
      if (said !== this.#unopened) this.#o.log.warn({ err: error }, said)
      this.#unopened = said
      // To begin may read a whole segment.
      this.#beginAt = elapsedMs() + Math.min(RETRY_MS * 2 ** this.#unopenedTimes++, RETRY_MS_MAX)
      throw error
    }
    return {
      ...{ consumer, cursor, running: undefined, notBefore: 0 },
      ...{ failures: 0, error: '', dealtUpTo: 0 },
    }
  }

  #kick(lane: Lane): void {
    if (lane.running || elapsedMs() < lane.notBefore) return
    if (compareIds(lane.cursor, this.#recent.newest) >= 0) return
    lane.running = this.#step(lane).finally(() => {
      lane.running = undefined
    })
  }

  /** Deals with all that is there, batch by batch. */
  async #step(lane: Lane): Promise<void> {
    const { consumer } = lane
    const label = { consumer: consumer.kind }
    lane.notBefore = nextTurn(this.place.index, consumer.everyMs, elapsedMs())
    try {
      while (!this.#stopped && !this.#stale && elapsedMs() < this.heldUntil) {
        const elements = await this.#take(lane)
        if (elements.length === 0) break
        const done = await consumer.handle(this.place, elements)
        const last = elements[done - 1]
        if (!last) break
        if (!consumer.ownCursor)
          await writeCursor(this.#o.store, this.place.slot, { kind: consumer.kind, id: last.id })
        lane.cursor = last.id
        this.#o.metrics.handled.inc(label, done)
        if (done < elements.length || elements.length < limitOf(consumer)) break
      }
      lane.failures = 0
    } catch (error) {
      this.#o.metrics.failures.inc(label)
      lane.error = textOf(error)
      const waitMs = Math.min(RETRY_MS * 2 ** lane.failures++, RETRY_MS_MAX)
      lane.notBefore = elapsedMs() + waitMs
      this.#o.log.warn(
        { err: error, ...label, partition: this.place.index, waitMs },
        'a consumer failed and tries again',
      )
    }
  }

  async #take(lane: Lane): Promise<JournalElement[]> {
    const { store, shards } = this.#o
    const { durableOnly } = lane.consumer
    const durable = shards.durableAt()[shards.indexOfSlot(this.place.slot)] ?? 0
    if (durableOnly && durable === lane.dealtUpTo) return []
    const after = lane.cursor
    const limit = limitOf(lane.consumer)
    const elements =
      this.#recent.after(after, limit) ??
      (await readAfter(store, this.place.slot, { after, limit }))
    if (!durableOnly) return elements
    const tooNew = elements.findIndex((element) => element.id.ms > durable)
    if (tooNew === 0) lane.dealtUpTo = durable
    return tooNew < 0 ? elements : elements.slice(0, tooNew)
  }

  /** Age of the oldest element that the consumer has not dealt with, by this process's clock; 0 where none waits. */
  lagMs(kind: Consumer['kind']): number {
    const lane = this.#lanes.find((l) => l.consumer.kind === kind)
    if (!lane || compareIds(lane.cursor, this.#recent.newest) >= 0) return 0
    const oldest = this.#recent.after(lane.cursor, 1)?.[0]?.id ?? lane.cursor
    return Math.max(0, this.#o.clock.now() - oldest.ms)
  }

  /** Consumers that fail again and again, each with what its last error said. */
  failing(): string[] {
    if (this.#unopened !== '') return [this.#unopened]
    return this.#lanes
      .filter(({ failures }) => failures >= FAILING_FROM)
      .map(({ consumer, error }) => `${consumer.kind} of partition ${this.place.index}: ${error}`)
  }

  /** Lets running steps finish and begins none. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#polling
    await Promise.all(this.#lanes.map((lane) => lane.running))
    for (const { consumer } of this.#lanes) await consumer.close?.(this.place)
    this.#lanes = []
  }
}
