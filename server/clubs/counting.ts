/** Counts what members do, as the journal tells it, and does what follows. */

import { clubFactor, type FanClubPolicy } from '../../shared/rulebook/fan-club.ts'
import { elapsedMs } from '../kernel/index.ts'
import type { SlotTag } from '../redis/index.ts'
import { advanced, type Consequence, joined, type Rules, type Seen } from './advance.ts'
import { doConsequence } from './consequences.ts'
import { type ClubsDeps, nowOf } from './deps.ts'
import { membersKey, todoKey } from './keys.ts'
import { ATTEMPTS, CLUBS_KNOWN, PASS_AFTER_MS, PASS_MAX, TASKS_FRESH_MS } from './limits.ts'
import { readClubs, readSome } from './members.ts'
import { NOTHING_STORED, type Stored } from './record.ts'
import { type ClubTask, readTasks } from './tasks.ts'
import { type Change, nameOf, type Reader, type Todo, type Written, write } from './write.ts'

/** What the journal says of one account, in its order. */
export interface Observed {
  account: number
  seen: readonly Seen[]
  /** Accounts that became one with it. */
  merged: readonly number[]
}

interface KnownTasks {
  /** elapsedMs. */
  readAtMs: number
  tasks: readonly ClubTask[]
}

export class Counting {
  readonly #deps: ClubsDeps
  /** Accounts of a partition that were ever in a club, and up to which of them is known. */
  readonly #members = new Map<SlotTag, { newest: string; all: Set<number> }>()
  readonly #tasks = new Map<number, KnownTasks>()

  constructor(deps: ClubsDeps) {
    this.#deps = deps
  }

  /** Accounts of the partition that have ever been in a club, with those that joined until now. */
  async members(slot: SlotTag): Promise<ReadonlySet<number>> {
    const known = this.#members.get(slot) ?? { newest: '0', all: new Set() }
    this.#members.set(slot, known)
    const found = await this.#deps.store.zrangebyscore(
      ...[membersKey(slot), `(${known.newest}`, '+inf', 'WITHSCORES' as const],
    )
    for (let i = 0; i < found.length; i += 2) {
      known.all.add(Number(found[i]))
      known.newest = found[i + 1] ?? known.newest
    }
    return known.all
  }

  /** For a worker that takes over a partition: its shard may not be as it was. */
  forgetKnown(slot: SlotTag): void {
    this.#members.delete(slot)
  }

  /**
   * Counts what was seen and moves the reader's cursor behind it, in one step; then does what follows. What of that
   * cannot be done now is left to the next pass. Throws where Redis fails.
   */
  async note(slot: SlotTag, observed: readonly Observed[], reader: Reader): Promise<Written> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const changes = await this.#changes(slot, observed)
      const tag = await write(this.#deps.store, slot, { changes, reader })
      if (tag === 'stale') continue
      if (tag === 'written')
        await this.#doAll(
          slot,
          changes.flatMap(({ todo }) => todo),
        )
      return tag
    }
    throw new Error('clubs of accounts change all the time')
  }

  /** For the worker: goes on with what was cut off. */
  async pass(slot: SlotTag): Promise<number> {
    const [, fields] = await this.#deps.store.hscan(todoKey(slot), 0, 'COUNT', PASS_MAX)
    const todo: Todo[] = []
    for (let i = 1; i < fields.length; i += 2) {
      const one = JSON.parse(fields[i] ?? '') as Todo
      if (one.atMs <= nowOf(this.#deps) - PASS_AFTER_MS) todo.push(one)
    }
    await this.#doAll(slot, todo)
    return todo.length
  }

  async #changes(slot: SlotTag, observed: readonly Observed[]): Promise<Change[]> {
    const { store, rulebook } = this.#deps
    const { fanClub: policy } = rulebook().book
    if (!policy) return []
    const accounts = observed.map(({ account }) => account)
    const records = await readSome(store, slot, accounts)
    const rulesOf = await this.#rules(policy, observed)
    const changes: Change[] = []
    for (const one of observed) {
      const before = records.get(one.account) ?? NOTHING_STORED
      const change = await this.#change(one, before, rulesOf(one.account))
      if (change) changes.push(change)
    }
    return changes
  }

  async #change(
    { account, seen, merged }: Observed,
    before: Stored,
    rules: Rules,
  ): Promise<Change | undefined> {
    let after = before.membership
    const consequences: Consequence[] = []
    for (const other of merged) {
      const { rev, membership } = await readClubs(this.#deps, other)
      if (rev === 0) continue
      const step = joined(after, membership, { other, policy: rules.policy })
      after = step.of
      consequences.push(...step.consequences)
    }
    for (const one of seen) {
      const step = advanced(after, one, rules)
      after = step.of
      consequences.push(...step.consequences)
    }
    if (after === before.membership) return undefined
    const atMs = nowOf(this.#deps)
    const todo = consequences.map(
      (consequence, i): Todo => ({ account, id: `${before.rev + 1}-${i}`, atMs, consequence }),
    )
    return { account, before, after, todo }
  }

  /** What is the same for all that is counted in one call. */
  async #rules(
    policy: FanClubPolicy,
    observed: readonly Observed[],
  ): Promise<(account: number) => Rules> {
    const { ladder } = this.#deps.rulebook().book
    const rungs =
      policy.byTier.length > 0
        ? await this.#deps.rungsOf(observed.map(({ account }) => account))
        : undefined
    const clubs = new Set(observed.flatMap(({ seen }) => seen.map(({ club }) => club)))
    const tasks = new Map<number, readonly ClubTask[]>()
    for (const club of clubs) tasks.set(club, await this.#tasksOf(club))
    const tasksOf = (club: number) => tasks.get(club) ?? []
    return (account) => ({
      policy,
      factor: clubFactor(policy, ladder.rungs, rungs?.get(account) ?? 0),
      tasksOf,
    })
  }

  /** A task is written before it begins, so that none is missed by who has asked a moment ago. */
  async #tasksOf(club: number): Promise<readonly ClubTask[]> {
    const known = this.#tasks.get(club)
    const readAtMs = elapsedMs()
    if (known && readAtMs - known.readAtMs < TASKS_FRESH_MS) return known.tasks
    const tasks = await readTasks(this.#deps.store, club)
    if (this.#tasks.size >= CLUBS_KNOWN) this.#tasks.clear()
    this.#tasks.set(club, { readAtMs, tasks })
    return tasks
  }

  /** One after the other: what follows from one account comes in its order. */
  async #doAll(slot: SlotTag, todo: readonly Todo[]): Promise<void> {
    const { store, onError } = this.#deps
    for (const one of todo) {
      try {
        await doConsequence(this.#deps, one)
        await store.hdel(todoKey(slot), nameOf(one))
      } catch (error) {
        onError(error)
      }
    }
  }
}
