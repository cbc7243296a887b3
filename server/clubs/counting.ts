/** Counts what members do, as the journal tells it. */

import { clubFactor, type FanClubPolicy } from '../../shared/rulebook/fan-club.ts'
import { elapsedMs } from '../kernel/index.ts'
import type { Derived, DerivedChange, Noted, Observed, Reader, SlotTag } from '../redis/index.ts'
import { advanced, type Consequence, joined, type Rules, type Seen } from './advance.ts'
import type { ClubsDeps } from './deps.ts'
import { CLUBS_KNOWN, TASKS_FRESH_MS } from './limits.ts'
import type { ClubRecords } from './members.ts'
import { type Membership, NO_MEMBERSHIP } from './record.ts'
import { type ClubTask, readTasks } from './tasks.ts'

type Change = DerivedChange<Membership, Consequence>

interface KnownTasks {
  /** elapsedMs. */
  readAtMs: number
  tasks: readonly ClubTask[]
}

export class Counting {
  readonly #deps: ClubsDeps
  readonly #records: ClubRecords
  readonly #tasks = new Map<number, KnownTasks>()

  constructor(deps: ClubsDeps, records: ClubRecords) {
    this.#deps = deps
    this.#records = records
  }

  /** Counts what was seen and moves the reader's cursor behind it, in one step; then does what follows. */
  note(slot: SlotTag, observed: readonly Observed<Seen>[], reader: Reader): Promise<Noted> {
    return this.#records.note(slot, () => this.#changes(slot, observed), reader)
  }

  async #changes(slot: SlotTag, observed: readonly Observed<Seen>[]): Promise<Change[]> {
    const { fanClub: policy } = this.#deps.rulebook().book
    if (!policy) return []
    const accounts = observed.map(({ account }) => account)
    const known = await this.#records.readSome(slot, accounts)
    const rulesOf = await this.#rules(policy, observed)
    const changes: Change[] = []
    for (const one of observed) {
      const change = await this.#change(one, known.get(one.account), rulesOf(one.account))
      if (change) changes.push(change)
    }
    return changes
  }

  async #change(
    { account, seen, merged }: Observed<Seen>,
    before: Derived<Membership> | undefined,
    rules: Rules,
  ): Promise<Change | undefined> {
    const first = before?.value ?? NO_MEMBERSHIP
    let after = first
    const consequences: Consequence[] = []
    const take = (step: { of: Membership; consequences: Consequence[] }) => {
      after = step.of
      consequences.push(...step.consequences)
    }
    for (const other of merged) {
      const record = await this.#records.read(other)
      if (record) take(joined(after, record.value, { other, policy: rules.policy }))
    }
    for (const one of seen) take(advanced(after, one, rules))
    return after === first ? undefined : { account, before, after, consequences }
  }

  /** What is the same for all that is counted in one call. */
  async #rules(
    policy: FanClubPolicy,
    observed: readonly Observed<Seen>[],
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
}
