/**
 * Two accounts of one person become one, and can become two again. Every step is done once under an id made from the
 * merge's, so whatever dies, the next look goes on where it stopped; both ledgers tell of it and keep what they had.
 */

import { createHash } from 'node:crypto'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { formatAccount } from '../../shared/ids.ts'
import type { Cause } from '../../shared/ledger.ts'
import { MAX_POINTS } from '../../shared/points.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/time.ts'
import { listLinks, MERGED_LINKS_MAX, moveLinks, type Registry, revoke } from '../identity/index.ts'
import { type Clock, type Log, must, randomId } from '../kernel/index.ts'
import type { Hold, Wallets } from '../wallet/index.ts'
import { mergeLeaseKey } from './keys.ts'
import {
  beginMerge,
  dueMerges,
  type Kept,
  lookAgain,
  type MergeRecord,
  markMerge,
  mergeOf,
  readMerge,
} from './records.ts'

/** So long a merge can be undone. */
const UNDO_MS = 30 * DAY_MS
/** Tokens that name the merged account may still come. */
const TOKENS_MS = 26 * HOUR_MS
/** A hold of a merge is ended by the merge, never by its deadline. */
const HOLD_MS = 365 * DAY_MS
const LEASE_MS = MINUTE_MS
const LOOK_MS = MINUTE_MS
const PASS_MAX = 50
/** Rounds of one look. */
const ROUNDS_MAX = 10

export interface Standing {
  balance: { spendable: number; session: number; pending: number; held: number; frozen: number }
  growth: number
  frozen: boolean
}

export interface MergesDeps {
  registry: Registry
  wallets: Pick<Wallets, 'hold' | 'capture' | 'issue' | 'readHold'>
  read: (account: number) => Promise<Standing>
  /** Once per account and id; answers how much it was. */
  changeGrowth: (change: {
    account: number
    id: string
    growth: number
    cause: Cause
    subject: string
    firstOrder?: boolean
  }) => Promise<{ growth: number; firstOrder: boolean }>
  clock: Clock
  log: Log
}

export interface MergeRequest {
  brand: string
  /** Names the merge for ever. */
  key: string
  from: number
  into: number
  by: string
}

interface Amounts {
  points: number
  growth: number
}
export interface MergeView {
  ok: true
  merge: string
  state: MergeRecord['state']
  from: number
  into: number
  moved: Amounts
  /** Still in the account that was merged away; it follows when it becomes spendable. */
  left: Standing['balance']
  undoUntilMs: number
  /** Of an undone merge: what came back, and what was spent meanwhile. */
  back?: Amounts
  short?: Amounts
}

/** A look at a merge did not get to its end; the next one goes on. */
class NotYet extends Error {}

const idOf = (brand: string, key: string): string =>
  createHash('sha256').update(`${brand} ${key}`).digest('base64url').slice(0, 20)

export class Merges {
  readonly #deps: MergesDeps

  constructor(deps: MergesDeps) {
    this.#deps = deps
  }

  /** Begins a merge and takes it as far as it gets now; the rest follows by itself. */
  async merge({ brand, key, from, into, by }: MergeRequest): Promise<MergeView | Refusal> {
    const { registry, clock, read } = this.#deps
    const id = idOf(brand, key)
    const known = await readMerge(registry.store, id)
    // After the identities moved both names lead to one account, so the id is looked up first.
    if (known) return this.#finishNow(known)
    if (from === into) return refuse('already_one', { field: 'into' })
    if ((await read(from)).frozen || (await read(into)).frozen) return refuse('account_frozen')
    const links = await Promise.all([listLinks(registry, from), listLinks(registry, into)])
    if (links.flat().length > MERGED_LINKS_MAX) return refuse('identities_full')
    const begun = await beginMerge(registry.store, {
      ...{ id, brand, from, into, by, atMs: clock.now(), state: 'active' },
      ...{ rounds: 0, grown: 0, growing: 0, moved: { points: 0, growth: 0 } },
    })
    if (begun.tag !== 'begun') return refuse('busy')
    return this.#finishNow(begun.kept)
  }

  async read(brand: string, id: string): Promise<MergeView | Refusal> {
    const kept = await readMerge(this.#deps.registry.store, id)
    if (kept?.record.brand !== brand) return refuse('not_found', { field: 'id' })
    return this.#view(kept.record)
  }

  /** Merges that brought other accounts of the brand into this one and stand, the latest first. */
  async into(brand: string, account: number): Promise<MergeView[]> {
    const { registry } = this.#deps
    const links = await listLinks(registry, account)
    const from = [...new Set(links.flatMap(({ was }) => was))]
    const found = await Promise.all(from.map((one) => mergeOf(registry.store, one)))
    const ids = found.flatMap((one) => (one?.into === account ? [one.id] : []))
    const kept = await Promise.all(ids.map((id) => readMerge(registry.store, id)))
    const own = kept.flatMap((one) => (one?.record.brand === brand ? [one.record] : []))
    return Promise.all(own.sort((a, b) => b.atMs - a.atMs).map((record) => this.#view(record)))
  }

  /** Makes two of one again: identities, growth, and of the points what is still there. */
  async undo(brand: string, id: string): Promise<MergeView | Refusal> {
    const { registry, clock } = this.#deps
    const kept = await readMerge(registry.store, id)
    if (kept?.record.brand !== brand) return refuse('not_found', { field: 'id' })
    const { state, into, atMs } = kept.record
    if (state === 'active') {
      if (clock.now() > atMs + UNDO_MS) return refuse('merge_closed')
      if (await mergeOf(registry.store, into)) return refuse('merge_closed')
    }
    return this.#finishNow(kept, true)
  }

  /** Looks at every merge that is due; answers how many are not done. */
  async pass(): Promise<number> {
    const { registry, clock, log } = this.#deps
    const due = await dueMerges(registry.store, clock.now(), PASS_MAX)
    let open = 0
    for (const id of due) {
      const kept = await readMerge(registry.store, id)
      try {
        if (kept) await this.#look(kept)
      } catch (error) {
        open++
        if (!(error instanceof NotYet)) log.warn({ err: error, merge: id }, 'a merge waits')
      }
    }
    return open
  }

  async #finishNow(kept: Kept, undo = false): Promise<MergeView | Refusal> {
    try {
      return await this.#view(await this.#look(kept, undo))
    } catch (error) {
      if (error instanceof NotYet) return refuse('busy')
      throw error
    }
  }

  /** One at a time: an undo must not meet a round that still moves points the other way. */
  async #look({ record: { id } }: Kept, undo = false): Promise<MergeRecord> {
    const { store } = this.#deps.registry
    const mine = randomId()
    const taken = await store.set(mergeLeaseKey(id), mine, 'PX', LEASE_MS, 'NX')
    if (taken === null) throw new NotYet()
    try {
      let kept = must(await readMerge(store, id), 'a merge')
      if (kept.record.state === 'active') {
        kept = await this.#advance(kept)
        // Only what was moved to its end can be moved back.
        if (undo) kept = await this.#mark(kept, { state: 'undoing' })
      }
      return kept.record.state === 'undoing' ? await this.#takeBack(kept) : kept.record
    } finally {
      await store.del(mergeLeaseKey(id))
    }
  }

  /** Nobody else marks while this process has the lease. */
  async #mark(kept: Kept, change: Partial<MergeRecord>, dueMs = this.#deps.clock.now() + LOOK_MS) {
    const marked = await markMerge(this.#deps.registry.store, kept, { change, dueMs })
    if (!marked) throw new NotYet()
    return marked
  }

  async #advance(begun: Kept): Promise<Kept> {
    const { registry, read, clock } = this.#deps
    const { from, into, atMs } = begun.record
    let kept = begun
    await moveLinks(registry, { from, into, back: false })
    if (kept.record.rounds === 0) await revoke(registry.store, { moved: from })
    for (let i = 0; i < ROUNDS_MAX; i++) {
      const { balance, growth } = await read(from)
      const next = await this.#round(kept, { points: balance.spendable, growth })
      if (!next) break
      kept = next
      const beyond = await mergeOf(registry.store, into)
      if (beyond) await lookAgain(registry.store, beyond.id, clock.now())
    }
    const { balance } = await read(from)
    const empty = Object.values(balance).every((points) => points === 0)
    const age = clock.now() - atMs
    const again = clock.now() + (age > TOKENS_MS ? HOUR_MS : LOOK_MS)
    return this.#mark(kept, {}, empty && age > UNDO_MS ? 0 : again)
  }

  /** Moves what there is, or goes on with what was begun; undefined where nothing is left to do. */
  async #round(kept: Kept, there: Amounts): Promise<Kept | undefined> {
    const { id, from, rounds, grown, growing, moved } = kept.record
    // The first one also carries that there was a first order.
    if (growing > grown || there.growth > 0 || growing === 0) {
      const marked = growing > grown ? kept : await this.#mark(kept, { growing: grown + 1 })
      const growth = moved.growth + (await this.#moveGrowth(kept.record))
      return this.#mark(marked, { grown: grown + 1, moved: { ...moved, growth } })
    }
    const hold = holdOf(id, rounds)
    const running = await this.#deps.wallets.readHold({ account: from, id: hold })
    if (!running && there.points === 0) return undefined
    const now = await this.#movePoints(kept.record, { hold, most: there.points })
    if (now === undefined) return undefined
    return this.#mark(kept, {
      rounds: rounds + 1,
      moved: { ...moved, points: moved.points + now },
    })
  }

  /** What may be spent goes over, lot by lot with its brand and month: held here, given there, then gone from here. */
  async #movePoints(
    { from, into }: Pick<MergeRecord, 'from' | 'into'>,
    of: { hold: string; most: number; issuers?: number[]; lots?: Hold['lots'] },
  ): Promise<number | undefined> {
    const { wallets } = this.#deps
    const hold =
      (await wallets.readHold({ account: from, id: of.hold })) ??
      (await this.#hold({ from, into }, of))
    if (hold?.state !== 'open') return hold?.points
    const given = await wallets.issue({
      account: into,
      id: of.hold,
      cause: 'merged_in',
      subject: formatAccount(from),
      lots: lotsOf(of.lots ?? hold.lots, hold.points),
    })
    if (!given.ok) throw new NotYet(given.code)
    const captured = await wallets.capture({ account: from, id: of.hold, late: true })
    if (!captured.ok) throw new NotYet(captured.code)
    return hold.points
  }

  /** Up to so many points of whatever brand or of one, as many as there are; undefined where there are none. */
  async #hold(
    { from, into }: Pick<MergeRecord, 'from' | 'into'>,
    { hold, most, issuers = [] }: { hold: string; most: number; issuers?: number[] },
  ): Promise<Hold | undefined> {
    const held = await this.#deps.wallets.hold({
      account: from,
      id: hold,
      points: most,
      forMs: HOLD_MS,
      use: 'merge',
      pay: 'spendable',
      subject: formatAccount(into),
      at: 0,
      issuers,
    })
    if (held.ok) return held.hold
    const { code, have = 0 } = held
    if (code !== 'points_short') throw new NotYet(code)
    return have === 0 ? undefined : this.#hold({ from, into }, { hold, most: have, issuers })
  }

  async #moveGrowth({ id, from, into, grown }: MergeRecord): Promise<number> {
    const { changeGrowth } = this.#deps
    const step = `mg-${id}-${grown}`
    const out = {
      account: from,
      id: step,
      cause: 'merged_out',
      subject: formatAccount(into),
    } as const
    const taken = await changeGrowth({ ...out, growth: -MAX_POINTS })
    const { firstOrder } = taken
    const give = {
      account: into,
      id: step,
      cause: 'merged_in',
      subject: formatAccount(from),
    } as const
    await changeGrowth({ ...give, growth: -taken.growth, ...(firstOrder && { firstOrder }) })
    return -taken.growth
  }

  async #takeBack(kept: Kept): Promise<MergeRecord> {
    const { registry, changeGrowth } = this.#deps
    const { id, from, into, moved } = kept.record
    await moveLinks(registry, { from: into, into: from, back: true })
    await revoke(registry.store, { moved: into })
    const step = `ug-${id}`
    const out = {
      account: into,
      id: step,
      cause: 'merged_out',
      subject: formatAccount(from),
    } as const
    const growth = -(await changeGrowth({ ...out, growth: -moved.growth })).growth
    const give = {
      account: from,
      id: step,
      cause: 'merged_in',
      subject: formatAccount(into),
    } as const
    await changeGrowth({ ...give, growth })
    let points = 0
    for (const { hold, issuer, lots } of await this.#issuersOf(kept.record)) {
      const most = lots.reduce((sum, lot) => sum + lot.points, 0)
      const of = { hold, most, issuers: [issuer], lots }
      points += (await this.#movePoints({ from: into, into: from }, of)) ?? 0
    }
    const change = { state: 'undone', back: { points, growth } } as const
    const done = await markMerge(registry.store, kept, { change, dueMs: 0, free: true })
    if (!done) throw new NotYet()
    return done.record
  }

  /** What each round moved, by brand, with the lots as they were. */
  async #issuersOf(record: MergeRecord) {
    const found: { hold: string; issuer: number; lots: Hold['lots'] }[] = []
    for (const hold of await this.#holds(record)) {
      const issuers = new Set(hold.lots.map((lot) => lot.issuer))
      for (const issuer of issuers)
        found.push({
          hold: `u${hold.id}-${issuer}`,
          issuer,
          lots: hold.lots.filter((lot) => lot.issuer === issuer),
        })
    }
    return found
  }

  async #holds({ id, from, rounds }: MergeRecord): Promise<Hold[]> {
    const found: Hold[] = []
    for (let n = 0; n < rounds; n++) {
      const hold = await this.#deps.wallets.readHold({ account: from, id: holdOf(id, n) })
      if (hold?.state === 'captured') found.push(hold)
    }
    return found
  }

  async #view(record: MergeRecord): Promise<MergeView> {
    const { id, state, from, into, atMs, moved, back } = record
    const { balance } = await this.#deps.read(from)
    return {
      ok: true,
      merge: id,
      state,
      from,
      into,
      moved,
      left: balance,
      undoUntilMs: atMs + UNDO_MS,
      ...(back && {
        back,
        short: { points: moved.points - back.points, growth: moved.growth - back.growth },
      }),
    }
  }
}

const holdOf = (merge: string, round: number): string => `m-${merge}-${round}`

/** So many of the lots' points, each lot with its brand and month; those that last longest first. */
function lotsOf(lots: Hold['lots'], points: number) {
  let left = points
  const parts: { issuer: number; month: number; points: number }[] = []
  for (const { issuer, month, points: most } of [...lots].reverse()) {
    const part = Math.min(left, most)
    if (part > 0) parts.push({ issuer, month, points: part })
    left -= part
  }
  return parts
}
