/** Counts the journal for weekly boards, and remembers what was redeemed in which room. */

import { ACTIONS } from '../../../shared/receipt.ts'
import type { Board } from '../../../shared/rulebook/boards.ts'
import type { PublishedRulebook } from '../../../shared/rulebook/schema.ts'
import {
  type Boards,
  boardName,
  CONSUMER,
  type Redeemed,
  secondOf,
  type Week,
  type WeekCount,
  weekAt,
  weekBounds,
} from '../../boards/index.ts'
import { must } from '../../kernel/index.ts'
import type { SlotTag, Store } from '../../redis/index.ts'
import { eachAward, type SkimmedBatch, type SkimmedEntry } from '../../scoring/index.ts'
import type { Consumer } from '../consumer.ts'
import { formatId, type JournalElement } from '../element.ts'
import { writeCursor } from '../journal.ts'
import { BOARDS_ACCOUNTS_MAX, BOARDS_MS } from '../limits.ts'
import type { RoomOf } from '../places.ts'
import { type Reader, type Reading, readAll } from '../reading.ts'

export interface BoardsConsumerOptions {
  store: Store
  /** Nothing is counted without. */
  boards?: Boards
  rulebook: () => PublishedRulebook
  roomOf: RoomOf
  reading: Reading
}

/** Characters that the hold of a redemption has before its id. */
const HOLD_PREFIX = 2

type LedgerOf = SkimmedBatch['ledger'][number]
type Sums = Map<number, { points: number; second: number }>

/** By issuer, then by the number of the board. */
type Counted = Map<number, Map<number, Sums>>

/** Causes by which points come that somebody had earned. */
const EARNED: ReadonlySet<string> = new Set(['adjusted', 'invited', 'due'])

/** What a board counts, as journals have it. */
interface Counting {
  no: number
  /** Numbers of actions; undefined is all of them, and what was given or taken otherwise. */
  actions: ReadonlySet<number> | undefined
}

const countingOf = ({ no, actions }: Board): Counting => ({
  no,
  actions: actions.length === 0 ? undefined : new Set(actions.map((action) => ACTIONS[action])),
})

/** Elements of one week, added one by one. */
class WeekSums implements Reader {
  readonly redeemed: (Omit<Redeemed, 'room'> & { live: number })[] = []
  readonly joined = new Set<number>()
  readonly byIssuer: Counted = new Map()
  accounts = 0
  readonly #counting: readonly Counting[]
  readonly #week: Week
  #issuer = 0
  #account = 0
  #second = 0
  #atMs = 0

  constructor(counting: readonly Counting[], week: Week) {
    this.#counting = counting
    this.#week = week
  }

  /** Of an element written then. */
  at(atMs: number): this {
    this.#atMs = atMs
    this.#second = secondOf(atMs, this.#week)
    return this
  }

  scored({ account, issuer, receipts }: SkimmedEntry): void {
    this.#account = account
    this.#issuer = issuer
    eachAward(receipts, this.#award)
  }

  rest({ ledger, growth }: SkimmedBatch): void {
    for (const entry of ledger) this.#moved(entry)
    for (const { account, cause } of growth) if (cause === 'merged_in') this.joined.add(account)
  }

  readonly #award = (action: number, points: number): void => {
    for (const { no, actions } of this.#counting)
      if (!actions || actions.has(action)) this.#sum(no, points)
  }

  #moved(entry: LedgerOf): void {
    const { account, cause, use, live, subject, ref: id, moves } = entry
    if (cause === 'merged_in') this.joined.add(account)
    if (cause === 'captured' && use === 'redemption' && live > 0)
      this.redeemed.push({
        live,
        account,
        reward: subject,
        id: id.slice(HOLD_PREFIX),
        atMs: this.#atMs,
      })
    this.#account = account
    for (const { from, to, issuer, points } of moves) {
      const came =
        EARNED.has(cause) && (from === 'issued' || from === 'pending') && to !== 'revoked'
      // What was promised and dropped had not been counted.
      const went = to === 'revoked' && from !== 'pending'
      if ((!came && !went) || to === 'pending') continue
      this.#issuer = issuer
      for (const { no, actions } of this.#counting)
        if (!actions) this.#sum(no, came ? points : -points)
    }
  }

  #sumsOf(no: number): Sums {
    let boards = this.byIssuer.get(this.#issuer)
    if (!boards) {
      boards = new Map()
      this.byIssuer.set(this.#issuer, boards)
    }
    let sums = boards.get(no)
    if (!sums) {
      sums = new Map()
      boards.set(no, sums)
    }
    return sums
  }

  #sum(no: number, points: number): void {
    const sums = this.#sumsOf(no)
    const known = sums.get(this.#account)
    if (known) {
      known.points += points
      known.second = this.#second
      return
    }
    sums.set(this.#account, { points, second: this.#second })
    this.accounts++
  }
}

interface Batch {
  week: number
  atMs: number
  elements: JournalElement[]
  sums: WeekSums
}

export function boardsConsumer(options: BoardsConsumerOptions): Consumer {
  const { store, boards, rulebook, roomOf, reading } = options
  /** Up to where each partition was counted. */
  const cursors = new Map<SlotTag, string>()

  /** As many elements as are of one week and touch no more accounts than one call may. */
  function batchOf(elements: readonly JournalElement[]): Batch {
    const { timeZone, boards: policies } = rulebook().book
    const counting = policies.map(countingOf)
    let batch: Batch | undefined
    for (const element of elements) {
      const about = reading.about(element)
      const atMs = about?.atMs ?? (batch?.atMs || element.id.ms)
      const week = weekAt(atMs, timeZone)
      batch ??= {
        ...{ week, atMs, elements: [] },
        sums: new WeekSums(counting, weekBounds(week, timeZone)),
      }
      const full = batch.sums.accounts > BOARDS_ACCOUNTS_MAX
      if (batch.elements.length > 0 && (week !== batch.week || full)) break
      // What viewers did is nothing that is looked at where no board counts it.
      if (about && !(about.scored && counting.length === 0))
        readAll(reading, element, batch.sums.at(atMs))
      batch.atMs = Math.max(batch.atMs, atMs)
      batch.elements.push(element)
    }
    return must(batch, 'elements to count')
  }

  /** Sums by board of a brand or of the platform; issuers of one brand come together. */
  async function earnedOf(of: Boards, byIssuer: Counted): Promise<WeekCount['earned']> {
    const earned = new Map<string, Sums>()
    const brands = await of.brandsOf([...byIssuer.keys()])
    const policies = rulebook().book.boards
    for (const [issuer, byBoard] of byIssuer)
      for (const [no, sums] of byBoard) {
        const platform = policies.some((one) => one.no === no && one.scope === 'platform')
        const brandNo = platform ? 0 : brands.get(issuer)
        if (brandNo === undefined) continue
        const name = boardName(no, brandNo)
        const known = earned.get(name)
        if (known) join(known, sums)
        else earned.set(name, sums)
      }
    return earned
  }

  async function redeemedIn(redeemed: WeekSums['redeemed']): Promise<Redeemed[]> {
    const found: Redeemed[] = []
    for (const { live, ...one } of redeemed) {
      const room = await roomOf(live)
      if (room !== undefined) found.push({ ...one, room })
    }
    return found
  }

  return {
    kind: CONSUMER,
    everyMs: BOARDS_MS,
    durableOnly: false,
    ownCursor: true,
    async open({ slot }, cursor) {
      cursors.set(slot, formatId(cursor))
    },
    async handle({ slot }, elements) {
      let done = 0
      while (done < elements.length) {
        const { week, atMs, sums, elements: counted } = batchOf(elements.slice(done))
        const last = must(counted.at(-1), 'an element of a batch').id
        const nothing = sums.accounts + sums.redeemed.length + sums.joined.size === 0
        if (!boards || (nothing && rulebook().book.boards.length === 0)) {
          await writeCursor(store, slot, { kind: CONSUMER, id: last })
        } else {
          const earned = await earnedOf(boards, sums.byIssuer)
          const redeemed = await redeemedIn(sums.redeemed)
          const what = { week, atMs, earned, joined: [...sums.joined], redeemed }
          const of = { after: cursors.get(slot) ?? '0-0', last: formatId(last) }
          const reply = await boards.count(slot, of, what)
          if (reply.tag === 'gone') break
          // Ahead: another worker had the partition meanwhile. Behind: its shard is not as it was, and it is opened anew.
          if (reply.tag === 'moved')
            throw new Error('the boards of the partition were counted by another')
        }
        cursors.set(slot, formatId(last))
        done += counted.length
      }
      return done
    },
  }
}

/** What an account earned under two issuers of its brand. */
function join(into: Sums, sums: Sums): void {
  for (const [account, { points, second }] of sums) {
    const known = into.get(account)
    if (known) {
      known.points += points
      known.second = Math.max(known.second, second)
    } else into.set(account, { points, second })
  }
}
