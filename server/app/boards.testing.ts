/** Weekly boards of six people, with the journals that they are counted from and the wallets that are paid. */

import type { RulebookInput } from '../../shared/rulebook/schema.ts'
import type { Boards } from '../boards/index.ts'
import { weekKey } from '../boards/keys.ts'
import { pointsOf, weekAt, weekBounds } from '../boards/week.ts'
import { resolveAccount } from '../identity/index.ts'
import { setProfile } from '../identity/profile.ts'
import { masters, type Store } from '../redis/index.ts'
import { brandNumber } from '../rooms/index.ts'
import { act, START_MS } from '../scoring/bench.testing.ts'
import { readJournal } from '../scoring/index.ts'
import { boardsConsumer } from '../worker/boards/consumer.ts'
import { type JournalElement, ZERO } from '../worker/element.ts'
import { readAfter } from '../worker/journal.ts'
import { plainReading } from '../worker/reading.ts'
import { createStand, silent } from '../worker/worker.testing.ts'
import { type BoardsOf, composeBoards } from './boards.ts'

const ZONE = 'Asia/Shanghai'
const PEPPER = Buffer.alloc(32, 'pepper')
const PEOPLE = 6

/** The week in which a stand begins. */
export const WEEK = weekAt(START_MS, ZONE)
export const { startsAtMs, endsAtMs } = weekBounds(WEEK, ZONE)

export const STARS = { zh: '互动之星', en: 'Star of the week' }
/** Of all that is earned; pays the first three. */
export const BOARD = {
  id: 'week',
  no: 1,
  title: { zh: '周榜', en: 'This week' },
  places: 5,
  prizes: [100, 60, 30],
  star: { title: STARS, places: 1, days: 7 },
}
/** Of likes alone; pays nobody. */
export const LIKES = {
  ...BOARD,
  id: 'likes',
  no: 2,
  actions: ['like' as const],
  prizes: [],
  star: undefined,
}

type Policies = NonNullable<RulebookInput['boards']>

export class BoardsStand {
  readonly #redis: Store
  readonly worker
  nowMs = START_MS
  /** Number of the brand. */
  acme = 0
  readonly people: number[] = []
  #seq = 0

  private constructor(redis: Store, boards: Policies, partitions: number) {
    this.#redis = redis
    this.worker = createStand(redis, { partitions, book: { boards, dailyPoints: 1_000_000 } })
    this.worker.deps.nowMs = () => this.nowMs
  }

  /** On an empty Redis. */
  static async begin(
    redis: Store,
    boards: Policies = [BOARD, LIKES],
    partitions = 2,
  ): Promise<BoardsStand> {
    for (const master of await masters(redis)) await master.flushall()
    const stand = new BoardsStand(redis, boards, partitions)
    stand.acme = await brandNumber(redis, 'acme')
    stand.worker.bench.room.issuer = stand.acme
    for (let i = 0; i < PEOPLE; i++) stand.people.push(await stand.join(`u${i}`))
    return stand
  }

  get wallets() {
    return this.worker.deps.wallets
  }

  get slots() {
    return this.worker.bench.places.slots
  }

  get registry() {
    return { store: this.#redis, pepper: PEPPER, partitions: this.worker.bench.places }
  }

  clean(): Promise<void> {
    return this.worker.clean()
  }

  async join(id: string, optOut = false): Promise<number> {
    const account = await resolveAccount(this.registry, { brand: 'acme', kind: 'viewer', id })
    await setProfile(this.registry, account, { name: `Name ${id}`, optOut })
    return account
  }

  /** The boards as a process has them, whose Redis may die under it, and which may be composed otherwise. */
  boards(store = this.#redis, otherwise: Partial<BoardsOf> = {}): Boards {
    return composeBoards({
      core: { ...this.worker.deps, store, log: silent, gate: { ...this.registry, store } },
      wallets: this.wallets,
      redemptions: { viewsOf: async () => [] },
      nowMs: () => this.nowMs,
      ...otherwise,
    })
  }

  async like(account: number, units = 5): Promise<void> {
    this.nowMs += 2000
    const seq = ++this.#seq
    const session = { startMs: START_MS + seq, nonce: 1 }
    const actions = [{ ...act(seq, 'like', { units }), seq: 1 }]
    const reply = await this.worker.bench.score(this.nowMs, [{ account, session, actions }])
    if (reply.tag !== 'scored') throw new Error(`a like was answered ${reply.tag}`)
  }

  give(account: number, points: number) {
    this.nowMs += 1000
    return this.wallets.issue({
      ...{ account, id: `give-${++this.#seq}-00`, cause: 'adjusted', at: this.acme },
      lots: [{ issuer: this.acme, points }],
    })
  }

  take(account: number, points: number) {
    this.nowMs += 1000
    return this.wallets.take({ account, id: `take-${++this.#seq}-00`, points, partial: true })
  }

  placeOf(account: number) {
    const slot = this.worker.bench.places.slotOf(account)
    return { slot, index: this.slots.indexOf(slot) }
  }

  journal(index: number): Promise<JournalElement[]> {
    const slot = this.slots[index]
    if (!slot) throw new Error('no such partition')
    return readAfter(this.#redis, slot, { after: ZERO, limit: 5000 })
  }

  consumer(store = this.#redis) {
    return boardsConsumer({
      ...this.worker.deps,
      store,
      boards: this.boards(store),
      roomOf: async () => 'kitchen',
      reading: plainReading,
    })
  }

  /** How far the boards' consumer has got. */
  async cursor(slot: string) {
    const at = (await this.#redis.hget(`ff:${slot}:cursors`, 'boards')) ?? '0-0'
    const [ms = 0, seq = 0] = at.split('-').map(Number)
    return { ms, seq }
  }

  /** Counts what is left in all journals, by consumers that are not stopped. */
  async countAll(): Promise<void> {
    for (const [index, slot] of this.slots.entries()) {
      const consumer = this.consumer()
      const after = await this.cursor(slot)
      await consumer.open?.({ slot, index }, after)
      const left = await readAfter(this.#redis, slot, { after, limit: 5000 })
      if (left.length === 0) continue
      const counted = await consumer.handle({ slot, index }, left)
      if (counted !== left.length) throw new Error('not all of a journal was counted')
    }
  }

  async sumOf(account: number, board = `1.${this.acme}`): Promise<number | undefined> {
    const { slot } = this.placeOf(account)
    const score = await this.#redis.zscore(weekKey(slot, WEEK, board), String(account))
    return score === null ? undefined : pointsOf(Number(score))
  }

  /** What the journal says each account earned, with nothing of what counts it. */
  async earned(): Promise<Map<number, number>> {
    const sums = new Map<number, number>()
    for (const index of this.slots.keys())
      for (const { bytes } of await this.journal(index)) {
        const { entries, ledger } = readJournal(bytes)
        for (const { account, receipts } of entries)
          for (const { points } of receipts) sums.set(account, (sums.get(account) ?? 0) + points)
        for (const { account, moves } of ledger)
          for (const { from, to, points } of moves) {
            const by = from === 'issued' ? points : to === 'revoked' ? -points : 0
            sums.set(account, (sums.get(account) ?? 0) + by)
          }
      }
    return sums
  }

  async pointsOf(account: number): Promise<number> {
    const { wallet } = await this.wallets.readRecord(account)
    return wallet.lots.reduce((sum, { points }) => sum + points, 0)
  }
}
