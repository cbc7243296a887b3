/**
 * What is made of journals: a record for each account, what follows from its changes and has to be done, and how many there are of
 * each kind. A worker writes them together with how far it has read, so each element counts once, and what follows is done
 * sooner or later, whatever dies.
 */

import { type Clock, Packer } from '../kernel/index.ts'
import forgetSource from './forget-derived.lua'
import type { SlotTag } from './keys.ts'
import type { Partitions } from './partitions.ts'
import { defineScript, type Store } from './script.ts'
import { scriptNow } from './test-clock.ts'
import source from './write-derived.lua'

const writeScript = defineScript({
  name: 'redis.write_derived',
  source,
  keys: ['journal', 'cursors', 'todo', 'order', 'counts'],
  args: {
    reader: 'str',
    from: 'str',
    last: 'str',
    counts: 'bin',
    todo: 'bin',
    todo_max: 'int',
    records_max: 'int',
    told: 'bin',
    now_ms: 'int',
  },
  each: { keys: ['record'], args: { account: 'int', rev: 'int', body: 'bin', at: 'int' } },
  replies: { written: {}, stale: {}, moved: {}, gone: {}, full: {} },
})
const forgetScript = defineScript({
  name: 'redis.forget_derived',
  source: forgetSource,
  keys: ['record', 'order', 'counts', 'journal'],
  args: { account: 'int', rev: 'int', counted: 'str', told: 'bin', now_ms: 'int' },
  replies: { forgotten: {}, stale: {} },
})

/** A change that meets another one of the same record is tried so often. */
const ATTEMPTS = 5
/** Of what was cut off one pass goes on with so many, which have waited so long. */
const PASS_MAX = 100
const PASS_AFTER_MS = 5000

/** Where a reader of a journal was, and how far it will have got; ids of elements. */
export interface Reader {
  journal: string
  cursors: string
  /** Its name among the cursors. */
  name: string
  from: string
  last: string
}

/** What a journal says of one account, in its order. */
export interface Observed<Seen> {
  account: number
  seen: readonly Seen[]
  /** Accounts that became one with it. */
  merged: readonly number[]
}

/** A record as it was read. */
export interface Derived<T> {
  /** Changes of it, from 1. */
  rev: number
  value: T
}

/** What follows, as it waits in Redis. `id` names it among those of the account. */
export interface Todo<C> {
  account: number
  id: string
  atMs: number
  consequence: C
}

/** Where an account stands in the order: behind all who ever came, nowhere, or as it did; anything above is its number. */
export const PLACE = { next: -2, nowhere: -1, same: 0 } as const

export interface DerivedChange<T, C> {
  account: number
  /** Undefined where there was no record. */
  before: Derived<T> | undefined
  after: T
  consequences: readonly C[]
  /** Of `PLACE`, or a number; without it a new record stands behind all others. */
  at?: number
}

/** What one step writes. */
export interface DerivedStep<T, C> {
  changes: readonly { account: number; before: Derived<T> | undefined; after: T | undefined }[]
  todo: readonly Todo<C>[]
  reader: Reader | undefined
}

/** The archive is told of each step, so that records can be made again from it. */
export interface DerivedArchive<T, C> {
  journal(slot: SlotTag): string
  /** An element of the journal without its time, which stands behind its first byte. */
  elementOf(step: DerivedStep<T, C>): Buffer
}

/**
 * `moved`: another worker has got further; `gone`: the journal holds the newest element no more; `full`: too much waits, or
 * there are too many records. Nothing is written then.
 */
export type Noted = 'written' | 'moved' | 'gone' | 'full'

export interface DerivedOptions<T, C> {
  store: Store
  partitions: Partitions
  /** For errors: `clubs of accounts`. */
  name: string
  keys: Record<'todo' | 'order' | 'counts', (slot: SlotTag) => string> & {
    record: (slot: SlotTag, account: number) => string
  }
  /** What waits in a partition; with more it takes no news until some of it is done. */
  todoMax: number
  /** Records of a partition, at most. */
  recordsMax: number
  /** Begins with the number of the change, '>I4'. */
  pack(value: T, rev: number): Buffer
  read(bytes: Buffer): Derived<T>
  /** Names under which a record is counted. */
  countedAs(value: T): readonly string[]
  /** Throws where it cannot be done now; then it waits. Doing it again must be harmless. */
  follow(todo: Todo<C>): Promise<void>
  onError(error: unknown): void
  /** Without it records are not in the archive. */
  archive?: DerivedArchive<T, C>
  clock: Clock
  /** Tests run scripts with a time of their own. */
  nowMs?: () => number
}

const nameOf = ({ account, id }: Pick<Todo<unknown>, 'account' | 'id'>): string =>
  `${account} ${id}`

function pairs(all: readonly (readonly [string, string])[]): Buffer {
  const into = new Packer()
  for (const text of all.flat()) {
    const bytes = Buffer.from(text)
    into.u16(bytes.length).raw(bytes)
  }
  return into.bytes()
}

export class DerivedRecords<T, C> {
  readonly #o: DerivedOptions<T, C>

  constructor(options: DerivedOptions<T, C>) {
    this.#o = options
  }

  async read(account: number): Promise<Derived<T> | undefined> {
    const slot = this.#o.partitions.slotOf(account)
    return (await this.readSome(slot, [account])).get(account)
  }

  /** Those of one partition that have a record. */
  async readSome(slot: SlotTag, accounts: readonly number[]): Promise<Map<number, Derived<T>>> {
    const { store, keys, read } = this.#o
    const found = new Map<number, Derived<T>>()
    if (accounts.length === 0) return found
    const stored = await store.mgetBuffer(accounts.map((account) => keys.record(slot, account)))
    accounts.forEach((account, i) => {
      const bytes = stored[i]
      if (bytes) found.set(account, read(bytes))
    })
    return found
  }

  /**
   * Writes what `make` says and moves the reader's cursor behind it, in one step; then does what follows. What of that cannot
   * be done now is left to the next pass. `make` is asked `again` where another has changed a record meanwhile.
   */
  async note(
    slot: SlotTag,
    make: (again: boolean) => Promise<readonly DerivedChange<T, C>[]>,
    reader?: Reader,
  ): Promise<Noted> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const changes = await make(attempt > 0)
      const tag = await this.#write(slot, changes, reader)
      if (tag !== 'stale') return tag
    }
    throw new Error(`${this.#o.name} change all the time`)
  }

  /** Writes one record, if it is still the one that was read. */
  async changeOne(slot: SlotTag, change: DerivedChange<T, C>): Promise<boolean> {
    return (await this.#write(slot, [change], undefined)) === 'written'
  }

  /** Writes what `make` says of one account; without `after` it stays as it is. */
  async change<R>(
    account: number,
    make: (before: T | undefined) => { after?: T; answer: R },
  ): Promise<R> {
    const slot = this.#o.partitions.slotOf(account)
    let made: ReturnType<typeof make> | undefined
    const tag = await this.note(slot, async () => {
      const before = await this.read(account)
      made = make(before?.value)
      const { after } = made
      return after === undefined ? [] : [{ account, before, after, consequences: [] }]
    })
    if (tag !== 'written' || !made) throw new Error(`${this.#o.name} could not be written: ${tag}`)
    return made.answer
  }

  /** Of who is erased nothing of this is kept. Repeating it is harmless. */
  async forget(account: number): Promise<void> {
    const { store, partitions, keys, countedAs, name } = this.#o
    const slot = partitions.slotOf(account)
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const before = await this.read(account)
      if (!before) return
      const reply = await forgetScript.run(store, {
        keys: {
          record: keys.record(slot, account),
          order: keys.order(slot),
          counts: keys.counts(slot),
          journal: this.#journal(slot, undefined),
        },
        args: {
          account,
          rev: before.rev,
          counted: JSON.stringify(countedAs(before.value)),
          told: this.#told({
            changes: [{ account, before, after: undefined }],
            ...{ todo: [], reader: undefined },
          }),
          now_ms: this.#scriptNow(),
        },
      })
      if (reply.tag === 'forgotten') return
    }
    throw new Error(`${name} change all the time`)
  }

  /** For the worker: goes on with what was cut off. Answers how much that was. */
  async pass(slot: SlotTag): Promise<number> {
    const { store, keys } = this.#o
    const [, fields] = await store.hscan(keys.todo(slot), 0, 'COUNT', PASS_MAX)
    const todo: Todo<C>[] = []
    for (let i = 1; i < fields.length; i += 2) {
      const one = JSON.parse(fields[i] ?? '') as Todo<C>
      if (one.atMs <= this.#now() - PASS_AFTER_MS) todo.push(one)
    }
    await this.#doAll(slot, todo)
    return todo.length
  }

  async #write(
    slot: SlotTag,
    changes: readonly DerivedChange<T, C>[],
    reader: Reader | undefined,
  ): Promise<Noted | 'stale'> {
    const { store, keys, pack, todoMax, recordsMax } = this.#o
    if (changes.length === 0 && !reader) return 'written'
    const todo = changes.flatMap((change) => this.#todoOf(change))
    const { tag } = await writeScript.run(store, {
      keys: {
        journal: this.#journal(slot, reader),
        // Without a reader it is not looked at; all keys of a call are of one slot.
        cursors: reader?.cursors ?? keys.todo(slot),
        todo: keys.todo(slot),
        order: keys.order(slot),
        counts: keys.counts(slot),
      },
      args: {
        reader: reader?.name ?? '',
        from: reader?.from ?? '',
        last: reader?.last ?? '',
        counts: pairs(this.#countsOf(changes)),
        todo: pairs(todo.map((one) => [nameOf(one), JSON.stringify(one)])),
        todo_max: todoMax,
        records_max: recordsMax,
        told: changes.length > 0 ? this.#told({ changes, todo, reader }) : '',
        now_ms: this.#scriptNow(),
      },
      each: changes.map(({ account, before, after, at }) => {
        const rev = before?.rev ?? 0
        const place = at ?? (before ? PLACE.same : PLACE.next)
        return {
          keys: { record: keys.record(slot, account) },
          args: { account, rev, body: pack(after, rev + 1), at: place },
        }
      }),
    })
    if (tag === 'written') await this.#doAll(slot, todo)
    return tag
  }

  #now(): number {
    return this.#o.nowMs?.() ?? this.#o.clock.now()
  }

  #scriptNow(): number {
    return scriptNow(this.#o.nowMs?.())
  }

  /** Not looked at where there is neither a reader nor an archive. */
  #journal(slot: SlotTag, reader: Reader | undefined): string {
    const { archive, keys } = this.#o
    return reader?.journal ?? archive?.journal(slot) ?? keys.todo(slot)
  }

  #told(step: DerivedStep<T, C>): Buffer | string {
    return this.#o.archive?.elementOf(step) ?? ''
  }

  #todoOf({ account, before, consequences }: DerivedChange<T, C>): Todo<C>[] {
    const rev = (before?.rev ?? 0) + 1
    const atMs = this.#now()
    return consequences.map((consequence, i) => ({ account, id: `${rev}-${i}`, atMs, consequence }))
  }

  /** Records that are counted more or less under a name. */
  #countsOf(changes: readonly DerivedChange<T, C>[]): [string, string][] {
    const { countedAs } = this.#o
    const sums = new Map<string, number>()
    const add = (name: string, by: number) => sums.set(name, (sums.get(name) ?? 0) + by)
    for (const { before, after } of changes) {
      for (const name of countedAs(after)) add(name, 1)
      for (const name of before ? countedAs(before.value) : []) add(name, -1)
    }
    return [...sums].filter(([, by]) => by !== 0).map(([name, by]) => [name, String(by)])
  }

  /** One after the other: what follows from one account comes in its order. */
  async #doAll(slot: SlotTag, todo: readonly Todo<C>[]): Promise<void> {
    const { store, keys, follow, onError } = this.#o
    for (const one of todo) {
      try {
        await follow(one)
        await store.hdel(keys.todo(slot), nameOf(one))
      } catch (error) {
        onError(error)
      }
    }
  }
}
