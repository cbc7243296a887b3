/** A stand for tests of fan clubs: clubs of the hosts of rooms, a worker that counts, and an archive from which all is made again. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join as pathOf } from 'node:path'
import { expect } from 'vitest'
import type { ClubRead, ClubView } from '../shared/clubs.ts'
import type { Refusal } from '../shared/errors.ts'
import type { RulebookInput } from '../shared/rulebook/schema.ts'
import { MINUTE_MS } from '../shared/time.ts'
import { composeClubs } from './app/clubs.ts'
import type { ClubPlace, Clubs } from './clubs/index.ts'
import { todoKey } from './clubs/keys.ts'
import { systemClock } from './kernel/index.ts'
import type { Store } from './redis/index.ts'
import { getRoom } from './rooms/index.ts'
import { changeGrowth } from './scoring/change-growth.ts'
import { readJournal } from './scoring/index.ts'
import { ActingStand } from './worker/acting.testing.ts'
import { comparePartition } from './worker/archive/compare.ts'
import { rebuildPartition } from './worker/archive/rebuild.ts'
import { clubsConsumer } from './worker/clubs.ts'
import type { Consumer } from './worker/consumer.ts'
import { formatId, type JournalElement, ZERO } from './worker/element.ts'
import { readAfter } from './worker/journal.ts'
import { rememberRooms } from './worker/places.ts'
import { plainReading } from './worker/reading.ts'
import { segmentsConsumer } from './worker/segments.ts'
import { silent } from './worker/worker.testing.ts'

const label = (zh: string, en: string) => ({ zh, en })
export const CLUB = {
  rungs: [
    { id: 'new', label: label('新团员', 'New'), growth: 0 },
    { id: 'fan', label: label('铁粉', 'Fan'), growth: 10, platformGrowth: 50 },
    { id: 'love', label: label('挚爱', 'Beloved'), growth: 40, platformGrowth: 100 },
  ],
  earns: { watch: 6, comment: 2, like: 1, share: 5, order: 20 },
  perDay: 25,
  clubs: 2,
  taskPoints: 1000,
}
/** What a test says otherwise than `CLUB`. */
export type ClubRules = Partial<NonNullable<RulebookInput['fanClub']>>

export class ClubStand extends ActingStand {
  readonly #archiveDir = mkdtempSync(pathOf(tmpdir(), 'fanfare-clubs-'))
  /** All that ever stood in journals, by partition and id. */
  readonly #journalled = new Map<string, JournalElement>()

  /** In an empty Redis, with a live in the kitchen of the host Lin. */
  static async begin(
    redis: Store,
    rules: ClubRules = {},
    book: Partial<RulebookInput> = {},
  ): Promise<ClubStand> {
    await redis.flushall()
    const stand = new ClubStand(redis, { fanClub: { ...CLUB, ...rules }, ...book })
    await stand.open('kitchen')
    return stand
  }

  override async clean(): Promise<void> {
    await super.clean()
    rmSync(this.#archiveDir, { recursive: true, force: true })
  }

  clubsOn(store: Store = this.redis): Clubs {
    return composeClubs({
      core: this.coreOn(store),
      wallets: this.walletsOn(store),
      accounts: {
        changeGrowth: async (change) => {
          const reply = await changeGrowth(store, this.growthAt(change.account), change)
          if (reply.tag !== 'changed' && reply.tag !== 'replayed') throw new Error(reply.tag)
          return reply
        },
      },
      tell: async () => undefined,
      nowMs: () => this.nowMs,
    })
  }

  async clubAt(room = 'kitchen'): Promise<ClubPlace> {
    const found = await getRoom(this.redis, room)
    if (!found) throw new Error('no room')
    return this.clubsOn().at({ ...found, live: found.live.no })
  }

  async viewOf(account: number, room?: string): Promise<ClubView> {
    const { club } = await this.clubsOn().read(await this.clubAt(room), account)
    if (!club) throw new Error('no club')
    return club
  }

  async join(
    account: number,
    requestId = `join-${account}-000`,
    room?: string,
  ): Promise<ClubRead | Refusal> {
    return this.clubsOn().join(await this.clubAt(room), { account, requestId })
  }

  consumerOn(store: Store): Consumer {
    return clubsConsumer({
      ...{ store, clubs: this.clubsOn(store), rulebook: this.rulebook },
      ...{ roomOf: rememberRooms(store), reading: plainReading },
    })
  }

  /** What is not counted yet, by a worker on that store, in batches of so many elements. */
  count(store: Store = this.redis, upTo?: number): Promise<void> {
    return this.countBy(this.consumerOn(store), upTo)
  }

  /** Goes on with what was cut off. */
  async finish(): Promise<void> {
    this.nowMs += MINUTE_MS
    for (const { slot } of this.places) {
      await this.clubsOn().pass(slot)
      expect(await this.redis.hlen(todoKey(slot))).toBe(0)
    }
  }

  /** The partitions are lost and made again from the archive; hosts, rooms and rules come from a backup. */
  async loseAll(): Promise<void> {
    await this.#readJournals()
    const { redis } = this
    const dataDirs = [this.#archiveDir]
    const options = {
      ...{ store: redis, partitions: this.bench.places, dataDirs, log: silent },
      ...{ witnesses: () => [], clock: { ...systemClock, now: () => this.nowMs } },
    }
    for (const place of this.places) {
      const { slot } = place
      const archive = segmentsConsumer({ store: redis, dataDir: this.#archiveDir, log: silent })
      const after = await this.cursorOf(slot, 'segments')
      await archive.handle(place, await readAfter(redis, slot, { after, limit: 5000 }))
      await archive.close(place)
      const lost = await redis.keys(`ff:${slot}:*`)
      if (lost.length > 0) await redis.del(lost)
      expect((await rebuildPartition(options, place)).problems).toEqual([])
      expect((await comparePartition(redis, place, dataDirs)).problems).toEqual([])
    }
  }

  /** Points and growth that journals say came of clubs, by account. */
  async given(): Promise<Map<string, number>> {
    await this.#readJournals()
    const sums = new Map<string, number>()
    const add = (name: string, by: number) => sums.set(name, (sums.get(name) ?? 0) + by)
    for (const { bytes } of this.#journalled.values()) {
      const { ledger, growth } = readJournal(bytes)
      for (const one of growth)
        if (one.cause === 'club_rung') add(`growth ${one.account}`, one.growth)
      for (const { account, cause, moves } of ledger)
        if (cause === 'club_task') for (const { points } of moves) add(`points ${account}`, points)
    }
    return sums
  }

  async #readJournals(): Promise<void> {
    for (const { index, slot } of this.places)
      for (const one of await readAfter(this.redis, slot, { after: ZERO, limit: 5000 }))
        this.#journalled.set(`${index} ${formatId(one.id)}`, one)
  }
}
