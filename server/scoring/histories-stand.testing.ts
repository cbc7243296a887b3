/** Random histories of a partition, played against the scripts and the model at once and compared after every step. */

import { isDeepStrictEqual } from 'node:util'
import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { must } from '../kernel/index.ts'
import { createPartitions, openTestClock, type SlotTag, type Store } from '../redis/index.ts'
import {
  accountKey,
  journalKey,
  listHolders,
  markEnded,
  SWEPT_PER_CALL,
  sweepSession,
  totalsKey,
} from '../wallet/index.ts'
import type { CapReason } from './allowance.ts'
import { compileContext } from './compile.ts'
import type { ModelContext } from './earn.model.ts'
import { readJournal } from './journal.ts'
import { type ScoreReply, score, type Work } from './score.ts'
import { type EventReply, scoreEvent } from './score-event.ts'
import type { ModelEvent } from './scoring.model.ts'
import { ScoringModel } from './scoring.model.ts'
import { readWallet, setFrozen, spoil } from './wallet.testing.ts'

export type Step =
  | {
      kind: 'score'
      nowMs: number
      contexts: ModelContext[]
      viewers: Work[]
      allowance: number
      reason?: CapReason
      journalMax: number
    }
  | ({ kind: 'event' } & ModelEvent)
  | { kind: 'end'; live: number }
  | { kind: 'sweep'; live: number; nowMs: number }
  | { kind: 'freeze'; account: number; frozen: boolean }
  | { kind: 'spoil'; account: number }

export class Divergence extends Error {
  override name = 'Divergence'
}

/** Where two values differ, one line each, at most twelve. */
function differences(model: unknown, script: unknown, path = ''): string[] {
  if (isDeepStrictEqual(model, script)) return []
  const parts = (value: unknown): Map<string, unknown> | undefined =>
    value instanceof Map
      ? new Map([...value].map(([k, v]) => [String(k), v]))
      : typeof value === 'object' && value !== null
        ? new Map(Object.entries(value))
        : undefined
  const [a, b] = [parts(model), parts(script)]
  if (!a || !b) return [`${path}: model ${String(model)}, script ${String(script)}`]
  const keys = [...new Set([...a.keys(), ...b.keys()])]
  return keys.flatMap((key) => differences(a.get(key), b.get(key), `${path}.${key}`)).slice(0, 12)
}

/** Gateways are no part of what SPEC.md says of scoring; an action that added no heat may be named or not. */
const withoutGateways = (reply: ScoreReply): ScoreReply =>
  reply.tag === 'busy'
    ? reply
    : {
        ...reply,
        answers: reply.answers.map((a) => {
          if (a.status !== 'ok') return a
          const heatBy = new Map([...a.heatBy].filter(([, weight]) => weight > 0))
          return { ...a, heatBy, elsewhere: [] }
        }),
      }

/** One partition, twice. */
export class Stand {
  readonly model = new ScoringModel()
  readonly slot: SlotTag
  readonly book: Rulebook
  readonly #store: Store

  constructor(store: Store, book: Rulebook) {
    openTestClock()
    this.#store = store
    this.slot = must(createPartitions(1).slots[0], 'a partition')
    this.book = book
  }

  /** Throws Divergence where script and model do not say the same. */
  async play(step: Step): Promise<ScoreReply | EventReply | undefined> {
    const reply = this.#both(step)
    // Sent right behind the script, so that both come back in one round trip.
    if (step.kind !== 'score' && step.kind !== 'event') await reply
    const [both] = await Promise.all([reply, this.#balance()])
    return both
  }

  /** At the end: what the journal says is what was answered. */
  async compareJournal(): Promise<void> {
    const elements = await this.#store.xrangeBuffer(journalKey(this.slot), '-', '+')
    const scored = elements
      .map(([, fields]) => readJournal(must(fields[1], 'bytes')))
      .filter((batch) => batch.ledger.length === 0)
      .map(({ atMs, entries, growth }) => ({ atMs, entries, growth }))
    this.#same(
      this.model.journal.filter((batch) => batch !== undefined),
      scored,
    )
  }

  #same(model: unknown, script: unknown): void {
    const found = differences(model, script)
    if (found.length > 0) throw new Divergence(found.join('\n'))
  }

  async #both(step: Step): Promise<ScoreReply | EventReply | undefined> {
    const { slot } = this
    switch (step.kind) {
      case 'score': {
        const call = {
          ...step,
          timeZone: this.book.timeZone,
          dailyPoints: this.book.dailyPoints ?? 0,
        }
        const contexts = step.contexts.map((c) => compileContext(c.room, c.madeAtMs))
        const model = this.model.score(call)
        const script = await score(this.#store, {
          ...{ ...call, contexts, slot },
          ...{ gateway: 1, aroundMs: step.nowMs },
        })
        this.#same(model, withoutGateways(script))
        return model
      }
      case 'event': {
        const { context, ...rest } = step
        const model = this.model.event(step)
        const script = await scoreEvent(this.#store, {
          ...{ ...rest, slot, context: context.room, aroundMs: step.nowMs },
        })
        this.#same(model, 'gateways' in script ? { ...script, gateways: [] } : script)
        return model
      }
      case 'end':
        this.model.ended.add(step.live)
        await markEnded(this.#store, slot, step.live)
        return undefined
      case 'sweep':
        await this.#sweep(step.live, step.nowMs)
        return undefined
      case 'freeze':
        if (this.model.account(step.account).unreadable) return undefined
        this.model.account(step.account).frozen = step.frozen
        await setFrozen(this.#store, accountKey(slot, step.account), step.frozen)
        return undefined
      case 'spoil':
        this.model.account(step.account).unreadable = true
        await spoil(this.#store, accountKey(slot, step.account))
        return undefined
    }
  }

  async #sweep(live: number, nowMs: number): Promise<void> {
    const { slot } = this
    const page = await listHolders(this.#store, { slot, live, from: '0' })
    const holders = page.holders.slice(0, SWEPT_PER_CALL)
    const readable = holders.filter((no) => !this.model.account(no).unreadable)
    const missing = this.model.holders(live).filter((no) => !holders.includes(no))
    if (missing.length > 0) throw new Divergence(`no holders of live ${live}: ${missing.join(' ')}`)
    if (readable.length === 0) return
    const reply = await sweepSession(
      this.#store,
      { slot, live, nowMs, journalMax: 1_000_000 },
      readable,
    )
    const points = this.model.sweep(live, readable)
    this.#same(points, reply.tag === 'swept' ? reply.points : reply.tag)
  }

  /** The equation holds for every account and for the partition. */
  async #balance(): Promise<void> {
    const accounts = [...this.model.accounts].filter(([, a]) => !a.unreadable)
    const keys = accounts.map(([no]) => accountKey(this.slot, no))
    const [raw, totals] = await Promise.all([
      keys.length > 0 ? this.#store.mgetBuffer(...keys) : [],
      this.#store.hgetall(totalsKey(this.slot)),
    ])
    accounts.forEach(([no, account], i) => {
      const wallet = readWallet(raw[i] ?? undefined)
      const { issued, spendable, session, expired, ...rest } = wallet
      this.#same(
        {
          spendable: account.points.get('spendable'),
          session: account.points.get('session'),
          expired: account.expired,
          issued: spendable + session + expired,
        },
        { spendable, session, expired, issued },
      )
      for (const [where, points] of Object.entries(rest))
        if (points !== 0n) throw new Divergence(`account ${no} has ${points} ${where}`)
    })
    const model = this.model.totals()
    const counted = Object.fromEntries(
      Object.keys(model).map((name) => [name, BigInt(totals[name] ?? 0)]),
    )
    // An unreadable account keeps what it had; both sides count it.
    this.#same(model, counted)
    const unknown = Object.entries(totals).filter(([name, n]) => !(name in model) && n !== '0')
    if (unknown.length > 0) throw new Divergence(`totals of nobody: ${unknown.join(' ')}`)
  }
}
