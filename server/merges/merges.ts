/**
 * Two accounts of one person become one, and can become two again. Every step is done once under an id made from the
 * merge's, so whatever dies, the next look goes on where it stopped; both ledgers tell of it and keep what they had.
 */

import { createHash } from 'node:crypto'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { listLinks, MERGED_LINKS_MAX } from '../identity/index.ts'
import { must, randomId } from '../kernel/index.ts'
import { advance } from './advance.ts'
import type { MergesDeps, Standing } from './deps.ts'
import { mergeLeaseKey } from './keys.ts'
import { LEASE_MS, LOOK_MS, PASS_MAX, UNDO_MS } from './limits.ts'
import {
  type Amounts,
  beginMerge,
  dueMerges,
  type Kept,
  lookAgain,
  type MergeRecord,
  markMerge,
  mergeOf,
  NotYet,
  readMerge,
} from './records.ts'
import { takeBack } from './take-back.ts'

export interface MergeRequest {
  brand: string
  /** Names the merge for ever. */
  key: string
  from: number
  into: number
  by: string
}

/** A merge as callers see it. */
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

  /** Points came back to an account; where it was merged away the next pass brings them to where it is now. */
  async follow(account: number): Promise<void> {
    const { registry, clock } = this.#deps
    const merge = await mergeOf(registry.store, account)
    if (merge) await lookAgain(registry.store, merge.id, clock.now())
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
        kept = await advance(this.#deps, kept)
        // Only what was moved to its end can be moved back.
        if (undo) {
          const dueMs = this.#deps.clock.now() + LOOK_MS
          kept = await markMerge(store, kept, { change: { state: 'undoing' }, dueMs })
        }
      }
      return kept.record.state === 'undoing' ? await takeBack(this.#deps, kept) : kept.record
    } finally {
      // One that took too long has lost it to another process, which goes on under it.
      if ((await store.get(mergeLeaseKey(id))) === mine) await store.del(mergeLeaseKey(id))
    }
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
