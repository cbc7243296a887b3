/** Orders, from what they earned to what a refund takes back of it. */

import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { changeOf } from '../../shared/ledger.ts'
import { fenOfPoints } from '../../shared/rulebook/redemption.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { defineScript, type Partitions, type Store, scriptNow } from '../redis/index.ts'
import { journalKey, type KeptEntry, type Wallets } from '../wallet/index.ts'
import { Cashback } from './cashback.ts'
import { changeGrowth } from './change-growth.ts'
import finishSource from './finish-refund.lua'
import { orderOfKey } from './keys.ts'
import { ATTEMPTS_MAX, noteOnOrder, type OrderAt, orderAt, orderHash } from './order-record.ts'

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

const Part = z.object({
  id: z.string(),
  fen: z.number(),
  points: z.number(),
  growth: z.number(),
  /** From whom it is taken, decided once: a merge between two attempts must not take it twice. */
  account: z.number(),
  /** What had been refunded before, fen. */
  was: z.number().default(0),
})
type Part = z.infer<typeof Part>
const Done = z.object({
  points: z.number(),
  growth: z.number(),
  /** Of cash-back, what was due. */
  cash: z.number().default(0),
  withholdFen: z.number().default(0),
})

/** What an element of the journal tells of an order's sale: fen that were paid, or paid back as a negative number. */
export function soldBy({ kind, fields }: KeptEntry): number {
  if (kind !== 'order') return 0
  let fen = 0
  for (const [name, value] of fields) {
    if (name === 'fen') fen += Number(value)
    if (name.startsWith(PART)) fen -= Part.parse(JSON.parse(String(value))).fen
  }
  return fen
}

const PART = 'part:'
const DONE = 'done:'
/** Of what the order earned, the share of all refunds so far: parts add up to the whole, to the point. */
function shareOf(earned: number, { fen, was, now }: { fen: number; was: number; now: number }) {
  const upTo = (refunded: number) => (BigInt(earned) * BigInt(refunded)) / BigInt(fen)
  return Number(upTo(now) - upTo(was))
}

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
      const dup = kept[DONE + noted.id] !== undefined
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

  /** What a process that died had noted and not taken yet. */
  async #finish(request: RefundRequest, at: OrderAt, kept: Record<string, string>): Promise<void> {
    for (const [field, text] of Object.entries(kept)) {
      if (!field.startsWith(PART)) continue
      const part = Part.parse(JSON.parse(text))
      if (kept[DONE + part.id] === undefined) await this.#takeBack(request, at, part)
    }
  }

  /** Decides how much this refund is of; undefined where another came between. */
  async #note(
    { id, amountFen }: RefundRequest,
    at: OrderAt,
    kept: Record<string, string>,
  ): Promise<Part | Refusal | undefined> {
    const { store, settledIn, nowMs } = this.#options
    const fen = Number(kept.fen ?? 0)
    const was = Number(kept.refunded ?? 0)
    const known = kept[PART + id]
    if (known !== undefined) {
      const part = Part.parse(JSON.parse(known))
      return amountFen === undefined || amountFen === part.fen ? part : refuse('id_conflict')
    }
    if (fen === 0) return refuse('not_found', { field: 'id' })
    const now = was + (amountFen ?? fen - was)
    if (now > fen || now === was) return refuse('refund_too_much', { field: 'amountFen' })
    const part: Part = {
      id,
      fen: now - was,
      points: shareOf(Number(kept.points ?? 0), { fen, was, now }),
      growth: shareOf(Number(kept.growth ?? 0), { fen, was, now }),
      account: (await settledIn?.(at.account)) ?? at.account,
      was,
    }
    const text = JSON.stringify(part)
    const note = { was, fen: part.fen, field: PART + id, text, nowMs: nowMs?.() }
    const reply = await noteOnOrder(store, at, note)
    if (reply.tag === 'missing') return refuse('not_found', { field: 'id' })
    return reply.tag === 'changed' ? undefined : Part.parse(JSON.parse(reply.part))
  }

  async #takeBack(
    { brand, order, by }: RefundRequest,
    of: OrderAt,
    part: Part,
  ): Promise<z.infer<typeof Done>> {
    const { store, wallets, partitions, rulebook, playing, journalMax, nowMs } = this.#options
    const { account } = part
    const { key } = of
    const id = `refund-${idOf(brand, order, part.id)}`
    const known = await store.hget(key, DONE + part.id)
    if (known !== null) return Done.parse(JSON.parse(known))
    const [fen, refunded, issuer] = await store.hmget(key, 'fen', 'refunded', 'issuer')
    if (refunded !== null && refunded === fen) await this.#cashback.drop(of)
    const cash = await this.#cashback.refundOf(of, part)
    const done = { points: 0, growth: 0, cash, withholdFen: 0 }
    const due = part.points + cash
    if (due > 0) {
      const issuers = [Number(issuer ?? 0)]
      const take = { account, id, points: due, partial: true, subject: order, by, issuers }
      const answer = await wallets.take(take)
      if (!answer.ok) throw new Error(`an order could not be taken back: ${answer.code}`)
      for (const bucket of ['spendable', 'session', 'frozen'] as const)
        done.points -= changeOf(answer.entry, bucket)
    }
    // As the points bought: at the ratio by which this account redeems.
    const { book: own } = playing?.of(account) ?? rulebook()
    done.withholdFen = Math.min(part.fen, fenOfPoints(due - done.points, own))
    if (part.growth > 0) {
      const at = {
        slot: partitions.slotOf(account),
        book: rulebook().book,
        journalMax,
        ...(nowMs && { nowMs: nowMs() }),
      }
      const change = {
        account,
        id,
        growth: -part.growth,
        cause: 'revoked',
        subject: order,
      } as const
      const reply = await changeGrowth(store, at, change)
      if (reply.tag !== 'changed' && reply.tag !== 'replayed')
        throw new Error(`growth could not be taken back: ${reply.tag}`)
      done.growth = -reply.growth
    }
    const finished = await finishScript.run(store, {
      keys: { order: key, journal: journalKey(of.slot) },
      args: {
        ...{ now_ms: scriptNow(nowMs?.()), account: of.account, name: of.name },
        ...{ field: DONE + part.id, done: JSON.stringify(done) },
      },
    })
    return Done.parse(JSON.parse(finished.done))
  }
}
