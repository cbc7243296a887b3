/** Plays what happened against the real scripts, in one database of the scratch Redis. */

import { must, Unpacker } from '../../kernel/index.ts'
import type { SlotTag, Store } from '../../redis/index.ts'
import {
  compileContext,
  type JournalEntry,
  type RoomContext,
  readEntry,
  type ScoreCall,
  scoreEvent,
  scorePacked,
  visitKey,
  type Work,
} from '../../scoring/index.ts'
import { accountKey, journalKey } from '../../wallet/index.ts'
import { type Acts, placeOf } from './acts.ts'
import { EditableAccount } from './editable-account.ts'
import { CONTEXTS_AT_ONCE, VIEWERS_AT_ONCE } from './limits.ts'

const JOURNAL_MAX = Number.MAX_SAFE_INTEGER
const UINT32 = 2 ** 32

/** An entry of the journal, and everything that was said to the script that wrote it. */
export interface Played {
  /** As the archive has it. */
  entry: JournalEntry
  acts: Acts
  context: RoomContext
  /** Thousandths. */
  personal: number
}

type Change = (account: EditableAccount) => void

export class Player {
  readonly #store: Store
  readonly #slot: SlotTag
  /** The client session that each account acted in last, under a start that only rises. */
  readonly #sessions = new Map<number, { nonce: number; startMs: number }>()
  #starts = 0
  #texts = 0
  #events = 0

  constructor(store: Store, slot: SlotTag) {
    this.#store = store
    this.#slot = slot
  }

  /** All at one instant. Answers what the scripts journalled, in the same order; undefined where they refused. */
  async play(all: readonly Played[], atMs: number): Promise<(JournalEntry | undefined)[]> {
    const answers = new Map<Played, JournalEntry | undefined>()
    for (const some of this.#calls(all)) {
      const [first] = some
      if (first?.entry.session === 0) answers.set(first, await this.#event(first, atMs))
      else
        for (const [i, entry] of (await this.#score(some, atMs)).entries())
          answers.set(must(some[i], 'what was played'), entry)
    }
    return all.map((one) => answers.get(one))
  }

  /** Events alone, and so what a budget cut; the rest as far as one call goes. */
  *#calls(all: readonly Played[]): Generator<Played[]> {
    let call: Played[] = []
    for (const one of all) {
      const [first] = call
      const joins =
        one.entry.session !== 0 &&
        one.acts.budget === undefined &&
        call.length < Math.min(VIEWERS_AT_ONCE, CONTEXTS_AT_ONCE) &&
        (!first || (first.entry.session !== 0 && first.context.book === one.context.book)) &&
        first?.acts.budget === undefined
      if (!joins && call.length > 0) {
        yield call
        call = []
      }
      call.push(one)
    }
    if (call.length > 0) yield call
  }

  async #score(some: readonly Played[], atMs: number): Promise<(JournalEntry | undefined)[]> {
    const contexts: Buffer[] = []
    const known = new Map<string, number>()
    const indexOf = ({ context }: Played): number => {
      const { book: _, ...rest } = context
      const name = JSON.stringify(rest)
      const index = known.get(name) ?? contexts.push(compileContext(context, atMs)) - 1
      known.set(name, index)
      return index
    }
    const works = some.map((one) => this.#work(one, indexOf(one)))
    const { book } = must(some[0], 'work').context
    const budget = some[0]?.acts.budget
    const call: ScoreCall = {
      ...{ slot: this.#slot, gateway: 1, contexts, viewers: works, journalMax: JOURNAL_MAX },
      ...{ timeZone: book.timeZone, dailyPoints: book.dailyPoints ?? 0 },
      ...(budget ?? { allowance: -1 }),
      ...{ nowMs: atMs, aroundMs: atMs },
    }
    const reply = await scorePacked(this.#store, call)
    if (reply.tag === 'busy') return some.map(() => undefined)
    return reply.answers
      .all()
      .map(({ entry }) => (entry.length > 0 ? readEntry(new Unpacker(entry)) : undefined))
  }

  #work({ entry, acts, personal }: Played, context: number): Work {
    const { account, live, session: nonce } = entry
    const last = this.#sessions.get(account)
    // A new start never comes to be before the floor that older ones leave.
    const session = last?.nonce === nonce ? last : { nonce, startMs: ++this.#starts }
    this.#sessions.set(account, session)
    const actions = acts.acts.map(({ receipts: _, ...act }) =>
      act.action === 'comment' || act.action === 'question'
        ? { ...act, p1: (this.#texts++ % (UINT32 - 1)) + 1 }
        : act,
    )
    return { account, live, context, session, personal, actions }
  }

  async #event({ entry, acts, context, personal }: Played, atMs: number) {
    const [act] = acts.acts
    const place = placeOf(entry)
    const id = `dry-${++this.#events}`
    const reply = await scoreEvent(this.#store, {
      ...{ slot: this.#slot, account: entry.account, id, body: id, context, personal },
      ...(place
        ? { place, action: 'task', units: 1 }
        : { action: must(act, 'what happened').action, units: must(act, 'what happened').units }),
      ...(acts.budget && { budget: acts.budget }),
      ...{ journalMax: JOURNAL_MAX, aroundMs: atMs, nowMs: atMs },
    })
    return reply.tag === 'applied' ? reply.entry : undefined
  }

  /** Changes the records of accounts as something else than scoring did; answers them as they are then. */
  async change(changes: readonly { account: number; change: Change }[]) {
    const accounts = [...new Set(changes.map(({ account }) => account))]
    const records = await this.records(accounts)
    for (const { account, change } of changes) change(must(records.get(account), 'a record'))
    const pairs = [...records].flatMap(([account, record]) => [
      accountKey(this.#slot, account),
      record.bytes(),
    ])
    if (pairs.length > 0) await this.#store.mset(...pairs)
    return records
  }

  async records(accounts: readonly number[]): Promise<Map<number, EditableAccount>> {
    if (accounts.length === 0) return new Map()
    const raw = await this.#store.mgetBuffer(...accounts.map((no) => accountKey(this.#slot, no)))
    return new Map(accounts.map((no, i) => [no, new EditableAccount(raw[i])]))
  }

  /** A visit that nobody came back to for long enough is forgotten, as Redis would have. */
  async forget(visits: readonly { account: number; live: number }[]): Promise<void> {
    const keys = visits.map(({ account, live }) => visitKey(this.#slot, account, live))
    if (keys.length > 0) await this.#store.del(...keys)
  }

  /** What the scripts wrote into their journal is not read. */
  async trim(): Promise<void> {
    await this.#store.call('XTRIM', journalKey(this.#slot), 'MAXLEN', '0')
  }

  /** Begins where the other one stands. */
  async follow(other: Player, copy: () => Promise<void>): Promise<void> {
    await copy()
    this.#starts = other.#starts
    this.#texts = other.#texts
    this.#events = other.#events
    for (const [account, session] of other.#sessions) this.#sessions.set(account, session)
  }
}
