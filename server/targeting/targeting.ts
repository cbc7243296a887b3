/** Segments, offers and packs by behaviour: notes what was seen of accounts, and does what follows. */

import { type Behaviour, joined, newBehaviour, type Seen } from '../../shared/behaviour.ts'
import { advanced, type Consequence, factorOf, reviewed } from '../../shared/segments.ts'
import { dayBounds } from '../../shared/time.ts'
import type { SlotTag } from '../redis/index.ts'
import { doConsequence, type Todo } from './consequences.ts'
import type { TargetingDeps } from './deps.ts'
import { forgetBehaviour } from './forget-behaviour.ts'
import { behaviourKey, reviewKey, sizesKey, todoKey } from './keys.ts'
import { KnownRecords, type Quiet } from './known.ts'
import {
  PASS_AFTER_MS,
  PASS_MAX,
  REVIEW_MS,
  REVIEW_UNTIL_DAYS,
  REVIEWS_PER_PASS,
} from './limits.ts'
import { packBehaviour, readBehaviour, type Stored } from './record.ts'
import { type Change, type Reader, writeBehaviour } from './write-behaviour.ts'

/** What the journal says of one account, in its order. */
export interface Observed {
  account: number
  seen: readonly Seen[]
  /** Accounts that became one with it. */
  merged: readonly number[]
}

type Written = Exclude<Awaited<ReturnType<typeof writeBehaviour>>, 'stale'>

interface Made {
  change: Change
  stored: Stored
  todo: Todo[]
}

const ATTEMPTS = 3

export class Targeting {
  readonly #deps: TargetingDeps
  readonly #known = new KnownRecords()

  constructor(deps: TargetingDeps) {
    this.#deps = deps
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
  async note(slot: SlotTag, observed: readonly Observed[], reader: Reader): Promise<Written> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const made = await this.#observe(slot, observed)
      const changes = made.map(({ change }) => change)
      const tag = await writeBehaviour(this.#deps.store, slot, { changes, reader })
      if (tag === 'written') {
        for (const { change, stored } of made) this.#known.set(slot, change.account, stored)
        await this.#doAll(
          slot,
          made.flatMap(({ todo }) => todo),
        )
        return tag
      }
      this.#known.forget(slot)
      if (tag !== 'stale') return tag
    }
    throw new Error('records of behaviour change all the time')
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
    const left = await this.#goOn(slot)
    return left + (await this.#review(slot))
  }

  async read(account: number): Promise<Behaviour | undefined> {
    const { store, partitions } = this.#deps
    const bytes = await store.getBuffer(behaviourKey(partitions.slotOf(account), account))
    return bytes ? readBehaviour(bytes).behaviour : undefined
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
  async forget(account: number): Promise<void> {
    const { store, partitions } = this.#deps
    const slot = partitions.slotOf(account)
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const bytes = await store.getBuffer(behaviourKey(slot, account))
      if (!bytes) return
      const { rev, behaviour } = readBehaviour(bytes)
      const segments = behaviour.segments.map(({ id }) => id)
      if (await forgetBehaviour(store, { slot, account, rev, segments })) return
    }
    throw new Error('a record of behaviour changes all the time')
  }

  #now(): number {
    return this.#deps.nowMs?.() ?? this.#deps.clock.now()
  }

  /** Records of the accounts as they are now; missing where there is none. */
  async #load(slot: SlotTag, accounts: readonly number[]): Promise<Map<number, Stored>> {
    const found = new Map<number, Stored>()
    const asked = accounts.filter((account) => {
      const stored = this.#known.get(slot, account)
      if (stored) found.set(account, stored)
      return !stored
    })
    if (asked.length === 0) return found
    const keys = asked.map((account) => behaviourKey(slot, account))
    const stored = await this.#deps.store.mgetBuffer(keys)
    asked.forEach((account, i) => {
      const bytes = stored[i]
      if (bytes) found.set(account, readBehaviour(bytes))
    })
    return found
  }

  async #observe(slot: SlotTag, observed: readonly Observed[]): Promise<Made[]> {
    const { knownOf, rungOf, rulebook } = this.#deps
    const policy = rulebook().book.targeting
    const accounts = observed.map(({ account }) => account)
    const records = await this.#load(slot, accounts)
    const fresh = accounts.filter((account) => !records.has(account))
    const alive = fresh.length === 0 ? new Set<number>() : await knownOf(fresh)
    const rungs = new Map(
      await Promise.all([...alive].map(async (one) => [one, await rungOf(one)] as const)),
    )
    const made: Made[] = []
    for (const { account, seen, merged } of observed) {
      const before = records.get(account)
      // Of who was erased nothing is noted any more.
      if (!before && !alive.has(account)) continue
      const day = seen[0]?.day ?? this.#today()
      const first = before
        ? before.behaviour
        : { ...newBehaviour(day), rung: rungs.get(account) ?? 0 }
      let behaviour = await this.#withMerged(first, merged)
      const consequences: Consequence[] = []
      for (const one of seen) {
        const step = advanced(behaviour, one, policy)
        behaviour = step.behaviour
        consequences.push(...step.consequences)
      }
      if (before?.behaviour === behaviour && consequences.length === 0) {
        const last = seen.at(-1)
        if (last) this.#known.setUnchanged(slot, { account, stored: before, seen: last, policy })
        continue
      }
      const isFirst = !before || day - before.behaviour.lastDay >= REVIEW_UNTIL_DAYS
      const reviewMs = isFirst ? this.#now() + REVIEW_MS : 0
      made.push(this.#made({ account, before, behaviour, consequences, reviewMs }))
    }
    return made
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

  #made(of: {
    account: number
    before: Stored | undefined
    behaviour: Behaviour
    consequences: readonly Consequence[]
    reviewMs: number
  }): Made {
    const { account, before, behaviour, consequences, reviewMs } = of
    const rev = (before?.rev ?? 0) + 1
    const atMs = this.#now()
    const todo = consequences.map(
      (consequence, i): Todo => ({ account, id: `${rev}-${i}`, atMs, consequence }),
    )
    const was = new Set(before?.behaviour.segments.map(({ id }) => id))
    const is = new Set(behaviour.segments.map(({ id }) => id))
    const change: Change = {
      account,
      rev: before?.rev ?? 0,
      body: packBehaviour(behaviour, rev),
      reviewMs,
      tasks: todo.map((one) => [nameOf(one), JSON.stringify(one)]),
      sizes: [
        ...[...is].filter((id) => !was.has(id)).map((id) => [id, 1] as const),
        ...[...was].filter((id) => !is.has(id)).map((id) => [id, -1] as const),
      ],
    }
    return { change, stored: { rev, behaviour }, todo }
  }

  /** One after the other: what follows from one account comes in its order. */
  async #doAll(slot: SlotTag, todo: readonly Todo[]): Promise<void> {
    const { store, onError } = this.#deps
    for (const one of todo) {
      try {
        await doConsequence(this.#deps, one, await this.#behaviourOf(slot, one))
        await store.hdel(todoKey(slot), nameOf(one))
      } catch (error) {
        onError(error)
      }
    }
  }

  async #behaviourOf(
    slot: SlotTag,
    { account, consequence }: Todo,
  ): Promise<Behaviour | undefined> {
    if (consequence.kind !== 'entered' && consequence.kind !== 'left') return undefined
    return this.#known.get(slot, account)?.behaviour ?? this.read(account)
  }

  async #goOn(slot: SlotTag): Promise<number> {
    const { store } = this.#deps
    const [, fields] = await store.hscan(todoKey(slot), 0, 'COUNT', PASS_MAX)
    const todo: Todo[] = []
    for (let i = 1; i < fields.length; i += 2) {
      const one = JSON.parse(fields[i] ?? '') as Todo
      if (one.atMs <= this.#now() - PASS_AFTER_MS) todo.push(one)
    }
    await this.#doAll(slot, todo)
    return todo.length
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
      const rung = asksRung ? await rungOf(account) : before.behaviour.rung
      const { behaviour, consequences } = reviewed({ ...before.behaviour, rung }, day, policy)
      const isAway = day - behaviour.lastDay >= REVIEW_UNTIL_DAYS
      const made = this.#made({
        account,
        before,
        behaviour,
        consequences,
        reviewMs: isAway ? -1 : now + REVIEW_MS,
      })
      // One that changed meanwhile is looked at again by the next pass.
      const tag = await writeBehaviour(store, slot, { changes: [made.change] })
      if (tag === 'written') await this.#doAll(slot, made.todo)
    }
    return due.length
  }
}

const nameOf = ({ account, id }: Todo): string => `${account} ${id}`
