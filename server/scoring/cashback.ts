/**
 * Cash-back: part of what an order cost comes back as points. They are pending until it can no longer be sent back; then
 * the order's record fixes what is left after refunds, once, and that is paid. What is refunded later is taken back.
 */

import { z } from 'zod'
import type { CashbackPolicy } from '../../shared/rulebook/cashback.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { DAY_MS } from '../../shared/time.ts'
import type { Partitions, Store } from '../redis/index.ts'
import type { Wallets } from '../wallet/index.ts'
import { ATTEMPTS_MAX, noteOnOrder, type OrderAt, orderAt, orderHash } from './order-record.ts'
import { keptShare } from './refund-parts.ts'

const ID = 'cashback-'
const PROMISED = 'cash'
const FIXED = 'cash:fixed'
const Promised = z.object({ points: z.number() })
const Fixed = z.object({
  /** What was refunded when it was fixed, fen. */
  at: z.number(),
  points: z.number(),
})

export interface CashbackOptions {
  store: Store
  partitions: Partitions
  wallets: Pick<Wallets, 'issue' | 'capture' | 'void' | 'readHold'>
  rulebook: () => PublishedRulebook
  nowMs?: () => number
}

export interface PaidOrder {
  account: number
  brand: string
  /** The merchant's id. */
  order: string
  /** Number of the brand. */
  at: number
  category?: string | undefined
}

const holdIdOf = (name: string): string => ID + name

/** Points of a whole order. */
export function cashbackOf(
  policy: CashbackPolicy,
  of: { fen: number; earned: number; category?: string | undefined; pointValueFen: number },
): number {
  if (of.fen < policy.minFen) return 0
  const own = policy.categories.find(({ category }) => category === of.category)
  const { perMille } = own ?? policy
  const whole = Math.floor((of.fen * perMille) / (1000 * of.pointValueFen))
  const most = Math.min(whole, policy.maxPoints ?? whole)
  return policy.withEarned === 'less' ? Math.max(0, most - of.earned) : most
}

export class Cashback {
  readonly #options: CashbackOptions

  constructor(options: CashbackOptions) {
    this.#options = options
  }

  /** Promises what the rulebook says, once per order; answers it, or undefined where nothing comes back. */
  async promise(paid: PaidOrder): Promise<{ points: number; dueAtMs: number } | undefined> {
    const { store, wallets, rulebook, nowMs } = this.#options
    const { cashback, pointValueFen } = rulebook().book
    const { account, order, category, at } = paid
    const place = this.#at(account, orderHash(paid.brand, order))
    const id = holdIdOf(place.name)
    const kept = await store.hgetall(place.key)
    const fen = Number(kept.fen ?? 0)
    if (kept[PROMISED] === undefined) {
      const earned = Number(kept.points ?? 0)
      const points = cashback ? cashbackOf(cashback, { fen, earned, category, pointValueFen }) : 0
      if (!cashback || points === 0 || fen === 0 || kept.refunded === kept.fen) return undefined
      const issued = await wallets.issue({
        ...{ account, id, cause: 'pending', subject: order, at },
        lots: [{ issuer: Number(kept.issuer ?? 0), points }],
        pendingMs: cashback.afterDays * DAY_MS,
      })
      // Promised before, by a book of then: what was promised stays.
      if (!issued.ok && issued.code !== 'id_conflict') {
        if (issued.code === 'busy' || issued.code === 'internal')
          throw new Error(`cash-back could not be promised: ${issued.code}`)
        return undefined
      }
    }
    const hold = await wallets.readHold({ account, id })
    if (!hold) return undefined
    const text = JSON.stringify({ points: hold.points })
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const was = Number((await store.hget(place.key, 'refunded')) ?? 0)
      const note = { was, fen: 0, field: PROMISED, text, nowMs: nowMs?.() }
      if ((await noteOnOrder(store, place, note)).tag !== 'changed') break
    }
    return { points: hold.points, dueAtMs: hold.untilMs }
  }

  /** What becomes of a promise whose time is over: what is left of it is paid, the rest is gone. */
  async resolve(hold: { account: number; id: string }): Promise<'capture' | 'void'> {
    if (!hold.id.startsWith(ID)) return 'void'
    const place = this.#at(hold.account, hold.id.slice(ID.length))
    const fixed = await this.#fix(place)
    if (!fixed) return 'void'
    return (await this.#pay(place, fixed.points)) ? 'capture' : 'void'
  }

  /** A refund reached the whole order: nothing of what is pending will come. */
  async drop(place: OrderAt): Promise<void> {
    const fixed = await this.#fix(place)
    if (fixed) await this.#pay(place, fixed.points)
  }

  /** Of what was paid, the part of a refund that came later; 0 as long as it is pending. */
  async refundOf(place: OrderAt, { was, fen }: { was: number; fen: number }): Promise<number> {
    const kept = await this.#options.store.hgetall(place.key)
    if (kept[FIXED] === undefined || kept[PROMISED] === undefined) return 0
    const fixed = Fixed.parse(JSON.parse(kept[FIXED]))
    if (was < fixed.at) return 0
    // It must be there before it is taken.
    await this.#pay(place, fixed.points)
    const { points } = Promised.parse(JSON.parse(kept[PROMISED]))
    const left = (refunded: number) => keptShare(points, { fen: Number(kept.fen), refunded })
    return (was === fixed.at ? fixed.points : left(was)) - left(was + fen)
  }

  /** Decides once what is left after the refunds so far; undefined where nothing was promised. */
  async #fix(place: OrderAt): Promise<z.infer<typeof Fixed> | undefined> {
    const { store, nowMs } = this.#options
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const kept = await store.hgetall(place.key)
      if (kept[FIXED] !== undefined) return Fixed.parse(JSON.parse(kept[FIXED]))
      if (kept[PROMISED] === undefined) return undefined
      const { points } = Promised.parse(JSON.parse(kept[PROMISED]))
      const at = Number(kept.refunded ?? 0)
      const left = keptShare(points, { fen: Number(kept.fen), refunded: at })
      const text = JSON.stringify({ at, points: left })
      const note = { was: at, fen: 0, field: FIXED, text, nowMs: nowMs?.() }
      const reply = await noteOnOrder(store, place, note)
      if (reply.tag === 'noted') return Fixed.parse(JSON.parse(reply.part))
      if (reply.tag === 'missing') return undefined
    }
    throw new Error('an order changes all the time')
  }

  /** True where anything is left to pay. */
  async #pay({ account, name }: OrderAt, points: number): Promise<boolean> {
    const { wallets } = this.#options
    const id = holdIdOf(name)
    const done =
      points > 0
        ? await wallets.capture({ account, id, points, late: true })
        : await wallets.void({ account, id })
    if (!done.ok && done.code !== 'hold_closed' && done.code !== 'hold_not_found')
      throw new Error(`cash-back could not be paid: ${done.code}`)
    return points > 0
  }

  #at(account: number, name: string): OrderAt {
    return orderAt(this.#options.partitions.slotOf(account), account, name)
  }
}
