/** Orders, from what they earned to what a refund takes back of it. */

import { createHash } from 'node:crypto'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { changeOf } from '../../shared/ledger.ts'
import { rateOf } from '../../shared/rulebook/redemption.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { defineScript, type Partitions, type Store, scriptNow } from '../redis/index.ts'
import { journalKey, type Wallets } from '../wallet/index.ts'
import { Cashback } from './cashback.ts'
import { changeGrowth } from './change-growth.ts'
import finishSource from './finish-refund.lua'
import { orderOfKey } from './keys.ts'
import { ATTEMPTS_MAX, noteOnOrder, type OrderAt, orderAt, orderHash } from './order-record.ts'
import {
  type Done,
  doneField,
  dueOf,
  type Part,
  partField,
  partsOf,
  readDone,
  readPart,
  withheldBy,
} from './refund-parts.ts'

const finishScript = defineScript({
  name: 'scoring.finish_refund',
  source: finishSource,
  keys: ['order', 'journal'],
  args: { now_ms: 'int', account: 'int', name: 'str', field: 'str', done: 'str' },
  replies: { finished: { done: 'str' } },
})

export interface OrdersOptions {
  store: Store
  partitions: Partitions
  wallets: Pick<Wallets, 'take' | 'issue' | 'capture' | 'void' | 'readHold'>
  rulebook: () => PublishedRulebook
  /** By which an account plays; without it, as all do. */
  playing?: { of(account: number): PublishedRulebook }
  journalMax: number
  /** Where the points of an account are by now: another one, where it was merged. */
  settledIn?: (account: number) => Promise<number>
  nowMs?: () => number
}

export interface RefundRequest {
  brand: string
  order: string
  /** Once per order and id. */
  id: string
  /** What is paid back; without it everything that is left. */
  amountFen?: number
  by: string
}

/** What was to be taken back, and what was still there. */
export interface TakenBack {
  due: number
  taken: number
}

export interface Refunded {
  ok: true
  dup?: true
  amountFen: number
  /** Of this order, over all refunds. */
  refundedFen: number
  points: TakenBack
  growth: TakenBack
  /** What the points that were not there any more are worth, fen; at most `amountFen`. */
  withholdFen: number
}

/** Who else a part is taken from, where the order's account is another one by then. */
const ELSEWHERE = 'elsewhere:'

const idOf = (...parts: string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22)

export class Orders {
  readonly #options: OrdersOptions
  readonly #cashback: Cashback

  constructor(options: OrdersOptions) {
    this.#options = options
    this.#cashback = new Cashback(options)
  }

  /**
   * Takes back what an order earned, as far as it is still there; all or by parts. Each step is done once, so a call
   * that failed anywhere is repeated until it answers, and what an earlier one left undone is finished first.
   */
  async refund(request: RefundRequest): Promise<Refunded | Refusal> {
    const { store } = this.#options
    const order = orderHash(request.brand, request.order)
    const owner = await store.get(orderOfKey(order))
    if (owner === null) return refuse('not_found', { field: 'id' })
    const account = Number(owner)
    const slot = this.#options.partitions.slotOf(account)
    const at = orderAt(slot, account, order)
    const { key } = at
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const kept = await store.hgetall(key)
      await this.#finish(request, at, kept)
      const noted = await this.#note(request, at, kept)
      if (noted === undefined) continue
      if ('code' in noted) return noted
      const dup = kept[doneField(noted.id)] !== undefined
      const { points, growth, cash, withholdFen } = await this.#takeBack(request, at, noted)
      return {
        ok: true,
        ...(dup && { dup: true as const }),
        amountFen: noted.fen,
        refundedFen: Number((await store.hget(key, 'refunded')) ?? 0),
        points: { due: noted.points + cash, taken: points },
        growth: { due: noted.growth, taken: growth },
        withholdFen,
      }
    }
    return refuse('busy')
  }

  /** Whose order it is, or was before that account became one with another. */
  async buyer(brand: string, order: string): Promise<number | undefined> {
    const owner = await this.#options.store.get(orderOfKey(orderHash(brand, order)))
    return owner === null ? undefined : Number(owner)
  }

  /** What a process that died had noted and not taken yet. */
  async #finish(request: RefundRequest, at: OrderAt, kept: Record<string, string>): Promise<void> {
    for (const part of partsOf(kept))
      if (kept[doneField(part.id)] === undefined) await this.#takeBack(request, at, part)
  }

  /** Decides how much this refund is of; undefined where another came between. */
  async #note(
    { id, amountFen }: RefundRequest,
    at: OrderAt,
    kept: Record<string, string>,
  ): Promise<Part | Refusal | undefined> {
    const { store, nowMs } = this.#options
    const fen = Number(kept.fen ?? 0)
    const was = Number(kept.refunded ?? 0)
    const known = kept[partField(id)]
    if (known !== undefined) {
      const part = readPart(known)
      return amountFen === undefined || amountFen === part.fen ? part : refuse('id_conflict')
    }
    if (fen === 0) return refuse('not_found', { field: 'id' })
    const now = was + (amountFen ?? fen - was)
    if (now > fen || now === was) return refuse('refund_too_much', { field: 'amountFen' })
    const account = await this.#settledIn(at.account)
    const part: Part = { id, fen: now - was, ...dueOf(kept, now), account, was }
    const text = JSON.stringify(part)
    const note = { was, fen: part.fen, field: partField(id), text, nowMs: nowMs?.() }
    const reply = await noteOnOrder(store, at, note)
    if (reply.tag === 'missing') return refuse('not_found', { field: 'id' })
    return reply.tag === 'changed' ? undefined : readPart(reply.part)
  }

  async #takeBack(request: RefundRequest, of: OrderAt, part: Part): Promise<Done> {
    const { store, rulebook, playing, nowMs } = this.#options
    const kept = await store.hgetall(of.key)
    const known = kept[doneField(part.id)]
    if (known !== undefined) return readDone(known)
    if (kept.refunded === kept.fen) await this.#cashback.drop(of)
    const cash = await this.#cashback.refundOf(of, part)
    const due = { points: part.points + cash, growth: part.growth }
    const taken = { points: 0, growth: 0 }
    let account: number | undefined = part.account
    for (let n = 0; account !== undefined; n++) {
      const rest = { points: due.points - taken.points, growth: due.growth - taken.growth }
      const from = { account, part: part.id, issuer: Number(kept.issuer ?? 0) }
      const found = await this.#takeFrom(request, from, rest)
      taken.points += found.points
      taken.growth += found.growth
      const missing = taken.points < due.points || taken.growth < due.growth
      account = missing ? await this.#elsewhere(of, part, n) : undefined
    }
    // As the points bought: at the ratio by which this account redeems.
    const rate = rateOf((playing?.of(part.account) ?? rulebook()).book)
    const missing = due.points - taken.points
    const withholdFen = withheldBy(part, { kept, missing, rate })
    const finished = await finishScript.run(store, {
      keys: { order: of.key, journal: journalKey(of.slot) },
      args: {
        ...{ now_ms: scriptNow(nowMs?.()), account: of.account, name: of.name },
        field: doneField(part.id),
        done: JSON.stringify({ ...taken, cash, withholdFen, rate } satisfies Done),
      },
    })
    return readDone(finished.done)
  }

  /** What is there of it, once per account and part. */
  async #takeFrom(
    { brand, order, by }: RefundRequest,
    { account, part, issuer }: { account: number; part: string; issuer: number },
    { points, growth }: { points: number; growth: number },
  ): Promise<{ points: number; growth: number }> {
    const { store, wallets, partitions, rulebook, journalMax, nowMs } = this.#options
    const id = `refund-${idOf(brand, order, part)}`
    const taken = { points: 0, growth: 0 }
    if (points > 0) {
      const take = { account, id, points, partial: true, subject: order, by, issuers: [issuer] }
      const answer = await wallets.take(take)
      if (!answer.ok) throw new Error(`an order could not be taken back: ${answer.code}`)
      for (const bucket of ['spendable', 'session', 'frozen'] as const)
        taken.points -= changeOf(answer.entry, bucket)
    }
    if (growth > 0) {
      const at = {
        slot: partitions.slotOf(account),
        book: rulebook().book,
        journalMax,
        ...(nowMs && { nowMs: nowMs() }),
      }
      const change = { account, id, growth: -growth, cause: 'revoked', subject: order } as const
      const reply = await changeGrowth(store, at, change)
      if (reply.tag !== 'changed' && reply.tag !== 'replayed')
        throw new Error(`growth could not be taken back: ${reply.tag}`)
      taken.growth = -reply.growth
    }
    return taken
  }

  /**
   * Where what the order earned is by now, where it is not with whom the part was noted for: accounts merge and part
   * between the two. Decided once for each step, so that a repeat takes nothing from a third.
   */
  async #elsewhere(of: OrderAt, part: Part, n: number): Promise<number | undefined> {
    const { store, nowMs } = this.#options
    const fieldOf = (step: number) => `${ELSEWHERE}${step}:${part.id}`
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const kept = await store.hgetall(of.key)
      const known = kept[fieldOf(n)]
      if (known !== undefined) return Number(known)
      const account = await this.#settledIn(of.account)
      const asked = [part.account]
      for (let step = 0; step < n; step++) asked.push(Number(kept[fieldOf(step)]))
      if (asked.includes(account)) return undefined
      const was = Number(kept.refunded ?? 0)
      const note = { was, fen: 0, field: fieldOf(n), text: String(account), nowMs: nowMs?.() }
      const reply = await noteOnOrder(store, of, note)
      if (reply.tag === 'noted') return Number(reply.part)
    }
    throw new Error('an order changes all the time')
  }

  async #settledIn(account: number): Promise<number> {
    return (await this.#options.settledIn?.(account)) ?? account
  }
}
