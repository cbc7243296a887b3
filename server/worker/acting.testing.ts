/** A stand for tests of what is made of journals: rooms with a live, viewers who act in them, and a worker that counts. */

import type { RulebookInput } from '../../shared/rulebook/schema.ts'
import { systemClock } from '../kernel/index.ts'
import type { SlotTag, Store } from '../redis/index.ts'
import { createRoom, type Room, startLive } from '../rooms/index.ts'
import { act, START_MS } from '../scoring/bench.testing.ts'
import { Wallets } from '../wallet/index.ts'
import type { Consumer, PartitionPlace } from './consumer.ts'
import type { StreamId } from './element.ts'
import { readAfter } from './journal.ts'
import { createStand, type Stand, silent } from './worker.testing.ts'

const JOURNAL_MAX = 20_000

export class ActingStand {
  readonly redis: Store
  readonly bench: Stand['bench']
  /** Of scripts and processes; tests move it on. */
  nowMs = START_MS
  readonly #stand: Stand
  #seq = 0

  constructor(redis: Store, book: Partial<RulebookInput>) {
    this.redis = redis
    this.#stand = createStand(redis, { book })
    this.#stand.deps.nowMs = () => this.nowMs
    this.bench = this.#stand.bench
  }

  clean(): Promise<void> {
    return this.#stand.clean()
  }

  get rulebook() {
    return this.#stand.deps.rulebook
  }

  /** Partitions with their numbers. */
  get places(): PartitionPlace[] {
    return this.bench.places.slots.map((slot, index) => ({ index, slot }))
  }

  placeOf(account: number): PartitionPlace {
    const slot = this.bench.places.slotOf(account)
    return { slot, index: this.bench.places.slots.indexOf(slot) }
  }

  coreOn(store: Store) {
    return { ...this.#stand.deps, store, clock: systemClock, log: silent }
  }

  walletsOn(store: Store): Wallets {
    const numbersOf = async () => []
    return new Wallets({ ...this.coreOn(store), numbersOf, nowMs: () => this.nowMs })
  }

  /** Where scripts write that change an account without an action of the viewer. */
  growthAt(account: number) {
    const { slot } = this.placeOf(account)
    return { slot, book: this.bench.book, journalMax: JOURNAL_MAX, nowMs: this.nowMs }
  }

  /** A room of that host with a live, in which whoever acts is from now on. */
  async open(id: string, host = 'lin'): Promise<Room> {
    const { nowMs } = this
    const { room } = await createRoom(this.redis, {
      ...{ id, name: id, brand: 'acme', timeZone: 'Asia/Shanghai', host, nowMs },
    })
    const live = await startLive(this.redis, { room: id, nowMs })
    if (!live.ok) throw new Error('no live')
    Object.assign(this.bench.room, { live: live.live.no, issuer: room.brandNo })
    return room
  }

  /** One command, far enough behind the one before it to be heard; each comment says something else. */
  async does(account: number, action: 'like' | 'comment' | 'share', units = 1): Promise<void> {
    this.nowMs += 4000
    const actions = [act(1, action, { units, p1: action === 'comment' ? this.#seq + 1 : 0 })]
    const reply = await this.bench.score(this.nowMs, [
      { account, session: this.#newSession(), actions },
    ])
    if (reply.tag !== 'scored') throw new Error(reply.tag)
  }

  /** So many minutes of beats that lie 15 s apart. */
  async watches(account: number, minutes: number): Promise<void> {
    const session = this.#newSession()
    let nonce = 0
    for (let n = 0; n <= minutes * 4; n++) {
      const actions = [act(n + 1, 'watch', { p1: nonce, p2: 1000 + n })]
      nonce = (await this.bench.one(this.nowMs, { account, session, actions })).state.watch.nonce
      this.nowMs += 15_000
    }
  }

  /** How far a consumer is in a partition. */
  async cursorOf(slot: SlotTag, kind: string): Promise<StreamId> {
    const [ms = 0, seq = 0] = ((await this.redis.hget(`ff:${slot}:cursors`, kind)) ?? '0-0')
      .split('-')
      .map(Number)
    return { ms, seq }
  }

  /** Hands the consumer what it has not counted yet, at most so many elements of each partition. */
  async countBy(consumer: Consumer, upTo = 5000): Promise<void> {
    for (const place of this.places) {
      const after = await this.cursorOf(place.slot, consumer.kind)
      await consumer.open?.(place, after)
      const left = await readAfter(this.redis, place.slot, { after, limit: upTo })
      if (left.length > 0) await consumer.handle(place, left)
    }
  }

  #newSession(): { startMs: number; nonce: number } {
    return { startMs: this.nowMs + ++this.#seq, nonce: 1 }
  }
}
