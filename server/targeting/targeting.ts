/** Segments, offers and packs by behaviour: notes what was seen of accounts, and does what follows. */

import { type Behaviour, joined, newBehaviour, type Seen } from '../../shared/behaviour.ts'
import { advanced, type Consequence, factorOf, reviewed } from '../../shared/segments.ts'
import { dayBounds } from '../../shared/time.ts'
import {
  type Derived,
  type DerivedChange,
  DerivedRecords,
  type Noted,
  type Observed,
  PLACE,
  type Reader,
  type SlotTag,
} from '../redis/index.ts'
import { doConsequence } from './consequences.ts'
import type { TargetingDeps } from './deps.ts'
import { behaviourKey, reviewKey, sizesKey, todoKey } from './keys.ts'
import { KnownRecords, type Quiet } from './known.ts'
import {
  CONSEQUENCES_MAX,
  RECORDS_MAX,
  REVIEW_MS,
  REVIEW_UNTIL_DAYS,
  REVIEWS_PER_PASS,
} from './limits.ts'
import { packBehaviour, readBehaviour } from './record.ts'

type Change = DerivedChange<Behaviour, Consequence>

export class Targeting {
  readonly #deps: TargetingDeps
  readonly #records: DerivedRecords<Behaviour, Consequence>
  readonly #known = new KnownRecords()

  constructor(deps: TargetingDeps) {
    this.#deps = deps
    const behaviourOf = (account: number) => this.read(account)
    this.#records = new DerivedRecords({
      ...deps,
      name: 'records of behaviour',
      keys: { record: behaviourKey, todo: todoKey, order: reviewKey, counts: sizesKey },
      todoMax: CONSEQUENCES_MAX,
      recordsMax: RECORDS_MAX,
      pack: packBehaviour,
      read: readBehaviour,
      countedAs: ({ segments }) => segments.map(({ id }) => id),
      follow: (todo) => doConsequence({ ...deps, behaviourOf }, todo),
    })
  }

  /** Whether anything is made of behaviour at all. */
  get isOn(): boolean {
    const { segments, offers } = this.#deps.rulebook().book.targeting
    return segments.length + offers.length > 0
  }

  /**
   * Notes what was seen of accounts of a partition and moves the reader's cursor behind it, in one step;
   * then does what follows. What of that cannot be done now is left to the next pass. Throws where Redis fails.
   */
  async note(slot: SlotTag, observed: readonly Observed<Seen>[], reader: Reader): Promise<Noted> {
    let changes: readonly Change[] = []
    const make = async (again: boolean) => {
      if (again) this.#known.forget(slot)
      changes = await this.#observe(slot, observed)
      return changes
    }
    const tag = await this.#records.note(slot, make, reader)
    if (tag !== 'written') this.#known.forget(slot)
    else
      for (const { account, before, after } of changes)
        this.#known.set(slot, account, { rev: (before?.rev ?? 0) + 1, value: after })
    return tag
  }

  /** Whether one more like there and then changes nothing that is remembered: nearly every like of a lively evening. */
  knowsLikes(slot: SlotTag, account: number, { live, day }: Omit<Quiet, 'policy'>): boolean {
    const quiet = this.#known.get(slot, account)?.quiet
    if (!quiet || quiet.live !== live || quiet.day !== day) return false
    return quiet.policy === this.#deps.rulebook().book.targeting
  }

  /** For a worker that takes over a partition: another one may have changed its records meanwhile. */
  forgetKnown(slot: SlotTag): void {
    this.#known.forget(slot)
  }

  /** For the worker: goes on with what was cut off, and looks at accounts of which nothing was seen for a day. */
  async pass(slot: SlotTag): Promise<number> {
    const left = await this.#records.pass(slot)
    return left + (await this.#review(slot))
  }

  async read(account: number): Promise<Behaviour | undefined> {
    return (await this.#records.read(account))?.value
  }

  /** The personal multiplier that segments give an account; 1 without reading where none gives any. */
  async factor(account: number): Promise<number> {
    const policy = this.#deps.rulebook().book.targeting
    if (policy.segments.every(({ factor }) => factor === 1)) return 1
    return factorOf((await this.read(account))?.segments ?? [], policy)
  }

  /** Accounts in each segment, over all partitions; up to a day old where a definition has changed. */
  async sizes(): Promise<Map<string, number>> {
    const { store, partitions } = this.#deps
    const all = await Promise.all(partitions.slots.map((slot) => store.hgetall(sizesKey(slot))))
    const sums = new Map<string, number>()
    for (const [segment, count] of all.flatMap((one) => Object.entries(one)))
      sums.set(segment, (sums.get(segment) ?? 0) + Number(count))
    return sums
  }

  /** Of who is erased nothing of this is kept. Repeating it is harmless. */
  forget(account: number): Promise<void> {
    return this.#records.forget(account)
  }

  #now(): number {
    return this.#deps.nowMs?.() ?? this.#deps.clock.now()
  }

  /** Records of the accounts as they are now; missing where there is none. */
  async #load(
    slot: SlotTag,
    accounts: readonly number[],
  ): Promise<Map<number, Derived<Behaviour>>> {
    const known = new Map<number, Derived<Behaviour>>()
    const asked = accounts.filter((account) => {
      const stored = this.#known.get(slot, account)
      if (stored) known.set(account, stored)
      return !stored
    })
    const read = await this.#records.readSome(slot, asked)
    return new Map([...known, ...read])
  }

  async #observe(slot: SlotTag, observed: readonly Observed<Seen>[]): Promise<Change[]> {
    const { knownOf, rungOf, rulebook } = this.#deps
    const policy = rulebook().book.targeting
    const accounts = observed.map(({ account }) => account)
    const records = await this.#load(slot, accounts)
    const fresh = accounts.filter((account) => !records.has(account))
    const alive = fresh.length === 0 ? new Set<number>() : await knownOf(fresh)
    const rungs = new Map(
      await Promise.all([...alive].map(async (one) => [one, await rungOf(one)] as const)),
    )
    const changes: Change[] = []
    for (const { account, seen, merged } of observed) {
      const before = records.get(account)
      // Of who was erased nothing is noted any more.
      if (!before && !alive.has(account)) continue
      const day = seen[0]?.day ?? this.#today()
      const first = before ? before.value : { ...newBehaviour(day), rung: rungs.get(account) ?? 0 }
      let behaviour = await this.#withMerged(first, merged)
      const consequences: Consequence[] = []
      for (const one of seen) {
        const step = advanced(behaviour, one, policy)
        behaviour = step.behaviour
        consequences.push(...step.consequences)
      }
      if (before?.value === behaviour && consequences.length === 0) {
        const last = seen.at(-1)
        if (last) this.#known.setUnchanged(slot, { account, stored: before, seen: last, policy })
        continue
      }
      const isFirst = !before || day - before.value.lastDay >= REVIEW_UNTIL_DAYS
      const at = isFirst ? this.#now() + REVIEW_MS : PLACE.same
      changes.push({ account, before, after: behaviour, consequences, at })
    }
    return changes
  }

  async #withMerged(of: Behaviour, merged: readonly number[]): Promise<Behaviour> {
    let behaviour = of
    for (const account of merged) {
      const other = await this.read(account)
      if (other) behaviour = joined(behaviour, other, account)
    }
    return behaviour
  }

  #today(): number {
    return dayBounds(this.#now(), this.#deps.rulebook().book.timeZone).day
  }

  /** Time alone makes somebody silent. */
  async #review(slot: SlotTag): Promise<number> {
    const { store, rulebook, rungOf } = this.#deps
    const policy = rulebook().book.targeting
    if (policy.segments.length === 0) return 0
    const now = this.#now()
    const due = await store.zrangebyscore(
      reviewKey(slot),
      '-inf',
      now,
      'LIMIT',
      0,
      REVIEWS_PER_PASS,
    )
    if (due.length === 0) return 0
    this.#known.forget(slot)
    const records = await this.#load(slot, due.map(Number))
    const asksRung = policy.segments.some(({ all }) => all.some(({ figure }) => figure === 'rung'))
    const day = this.#today()
    for (const [account, before] of records) {
      const rung = asksRung ? await rungOf(account) : before.value.rung
      const { behaviour: after, consequences } = reviewed({ ...before.value, rung }, day, policy)
      const isAway = day - after.lastDay >= REVIEW_UNTIL_DAYS
      const at = isAway ? PLACE.nowhere : now + REVIEW_MS
      // One that changed meanwhile is looked at again by the next pass.
      await this.#records.changeOne(slot, { account, before, after, consequences, at })
    }
    return due.length
  }
}
