/**
 * Redemptions, from the tap to their end. Three steps in two slots: points are held in the viewer's partition, the
 * piece is taken in the reward's slot under the same id, the points are paid. Each may be repeated, and whoever finds a
 * redemption half way goes on with it.
 */

import { type Refusal, refuse } from '../../shared/errors.ts'
import type { RedemptionView } from '../../shared/rewards.ts'
import { tierAsked } from '../../shared/rulebook/privileges.ts'
import { rewardSlot } from '../redis/index.ts'
import { addToList, listTaken } from './account-list.ts'
import { claimCashOrder } from './cash-order.ts'
import { confirmCash } from './confirm-cash.ts'
import type { RedemptionsOptions } from './deps.ts'
import { dropRedemption } from './drop.ts'
import { finishRedemption, holdIdOf } from './finish.ts'
import { findWhose, listWhose, tappedBefore } from './former.ts'
import { giveBack } from './give-back.ts'
import type { RedemptionRef } from './keys.ts'
import { ANSWER_MS, HOLD_BEYOND_CASH_MS, HOLD_MS } from './limits.ts'
import { chargeFor } from './member.ts'
import { burningAt, priceAt } from './price.ts'
import { type Redemption, readRedemption } from './record.ts'
import type { StoredReward } from './schema.ts'
import { listedFor, type Shelf, type Visitor } from './shelf.ts'
import { installReward, type RewardState } from './stock.ts'
import { type Terms, takeReward } from './take.ts'
import { lockOf, type Standing, termsOf } from './terms.ts'
import { redemptionView } from './views.ts'

export interface Wish extends Visitor {
  /** Idempotency key, 8 to 40 characters. */
  id: string
  reward: string
  /** Pick-up point, where the reward has several. */
  point?: string
  /** What the viewer was shown: at a higher price nothing is taken. */
  quoted?: { points: number; cashFen: number } | undefined
}

type Answer = { ok: true; redemption: RedemptionView } | Refusal

/** Attempts where the catalogue changes under a redemption. */
const TAKES_MAX = 3

const REFUSED = {
  sold_out: 'sold_out',
  limit: 'reward_limit',
  not_yet: 'reward_closed',
  over: 'reward_closed',
  early: 'reward_closed',
  tier: 'reward_locked',
  task: 'reward_locked',
  points: 'points_short',
} as const

interface Attempt {
  wish: Wish
  ref: RedemptionRef
  reward: StoredReward
  state: RewardState
  standing: Standing
  terms: Terms
}

export class Redemptions {
  readonly #options: RedemptionsOptions
  readonly #shelf: Shelf

  constructor(options: RedemptionsOptions, shelf: Shelf) {
    this.#options = options
    this.#shelf = shelf
  }

  /**
   * Takes a reward for a viewer. Answers within two seconds where it stands, usually `issued`; what is still on its way
   * then goes on by itself. The same id answers the same redemption.
   */
  async redeem(wish: Wish): Promise<Answer> {
    const ref = { reward: wish.reward, account: wish.account, id: wish.id }
    const known = await readRedemption(this.#options.store, ref)
    if (known) return this.#answer(await this.#within(ref, known))
    const before = await this.#tappedBefore(ref)
    if (before) return before
    const attempt = await this.#attempt(wish, ref)
    if ('code' in attempt) return attempt
    const held = await this.#hold(attempt)
    if (held) return held
    await addToList(this.#options, ref)
    return this.#take(attempt)
  }

  /** A tap that comes again after a merge must not take a second piece; undefined where there was none. */
  async #tappedBefore(ref: RedemptionRef): Promise<Answer | undefined> {
    const before = await tappedBefore(this.#options, ref)
    if (!before) return undefined
    if (before.ref.reward !== ref.reward) return refuse('id_conflict')
    if (before.redemption) return this.#answer(await this.#within(before.ref, before.redemption))
    // Whoever looks after holds decides what was cut off.
    return before.hold.state === 'open'
      ? refuse('busy', { afterMs: 500 })
      : refuse('redemption_closed')
  }

  /** One redemption as it stands. */
  async read(of: { account: number; id: string }): Promise<Redemption | undefined> {
    const ref = await findWhose(this.#options, of)
    return ref && readRedemption(this.#options.store, ref)
  }

  /** Redemptions of an account, newest first; `next` is the `before` of the next page. */
  async list(of: {
    account: number
    before?: string
  }): Promise<{ ok: true; redemptions: RedemptionView[]; next?: string }> {
    const { refs, next } = await listWhose(this.#options, of)
    const found = await Promise.all(refs.map((ref) => readRedemption(this.#options.store, ref)))
    return {
      ok: true,
      redemptions: found.flatMap((one) => (one ? [this.view(one)] : [])),
      ...(next !== undefined && { next }),
    }
  }

  /** Redemptions that took a piece of a reward, whoever's they are, newest first. */
  async listOf(of: { reward: string; before?: string }): Promise<{
    redemptions: { account: number; redemption: RedemptionView }[]
    next?: string
  }> {
    const { store } = this.#options
    const { refs, next } = await listTaken(store, of)
    const found = await Promise.all(refs.map((ref) => readRedemption(store, ref)))
    return {
      redemptions: found.flatMap((one) =>
        one ? [{ account: one.account, redemption: this.view(one) }] : [],
      ),
      ...(next !== undefined && { next }),
    }
  }

  /** These redemptions as they stand, in their order; of what is gone nothing. */
  async viewsOf(refs: readonly RedemptionRef[]): Promise<(RedemptionView | undefined)[]> {
    const found = await Promise.all(refs.map((ref) => readRedemption(this.#options.store, ref)))
    return found.map((one) => one && this.view(one))
  }

  /** The viewer, or the shop, gives a redemption back: points and piece return, once. */
  async cancel(of: { account: number; id: string; by: 'viewer' | 'shop' }): Promise<Answer> {
    const ref = await findWhose(this.#options, of)
    if (!ref) return refuse('not_found', { field: 'id' })
    const back = await giveBack(this.#options.store, ref, { why: of.by, ...this.#calling() })
    if (back.tag !== 'ok')
      return back.tag === 'closed'
        ? refuse('redemption_closed')
        : refuse('not_found', { field: 'id' })
    if (back.state === 'used' || back.state === 'failed') return refuse('redemption_closed')
    if (back.state === 'holding') return refuse('busy', { afterMs: 500 })
    return this.#go(ref)
  }

  /** The shop has the cash of an order: the redemption goes on. Too late is `redemption_closed`: give the cash back. */
  async confirmCash(of: { account: number; id: string; order: string }): Promise<Answer> {
    const ref = await findWhose(this.#options, of)
    if (!ref) return refuse('not_found', { field: 'id' })
    const claimed = await claimCashOrder(this.#options, ref, of.order)
    if (claimed.tag === 'other') return refuse('id_conflict', { field: 'order' })
    const confirmed = await confirmCash(this.#options.store, ref, {
      order: of.order,
      ...this.#time(),
    })
    // It paid nothing here, so it may pay elsewhere.
    if (confirmed !== 'ok' && claimed.tag === 'fresh') await claimed.forget()
    if (confirmed === 'not_found') return refuse('not_found', { field: 'id' })
    if (confirmed === 'conflict') return refuse('id_conflict', { field: 'order' })
    if (confirmed === 'closed') return refuse('redemption_closed')
    return this.#go(ref)
  }

  /** Takes a redemption as far as it gets. */
  advance(ref: RedemptionRef): Promise<Redemption | undefined> {
    return finishRedemption(this.#options, ref)
  }

  /** What is to become of a hold that is overdue: for whoever looks after holds. */
  async resolve(hold: {
    account: number
    id: string
    subject: string
  }): Promise<'capture' | 'void' | 'later'> {
    const ref = { reward: hold.subject, account: hold.account, id: hold.id.slice(2) }
    const state = await dropRedemption(this.#options.store, ref, this.#calling())
    if (state === 'failed') {
      // The piece must not be taken after the points are back.
      await this.#options.certain?.(this.#slots(ref))
      return 'void'
    }
    return endOf(await this.advance(ref))
  }

  view(redemption: Redemption): RedemptionView {
    const { catalogue, codes } = this.#options
    const { rewards, points } = catalogue.current()
    const reward = rewards.get(redemption.reward)
    return redemptionView(redemption, { points, codes, ...(reward && { reward }) })
  }

  async #attempt(wish: Wish, ref: RedemptionRef): Promise<Attempt | Refusal> {
    const situation = await this.#shelf.situation(wish, wish.reward)
    if ('code' in situation) return situation
    const { reward, state, standing } = situation
    const { pickup } = reward.doc
    const point = wish.point ?? (pickup.length === 1 ? pickup[0] : '') ?? ''
    if (pickup.length > 0 ? !pickup.includes(point) : point !== '')
      return refuse('bad_request', { field: 'point' })
    const lock = lockOf(situation)
    // Short of points is for the wallet to say: it knows which points may pay.
    if (lock && lock.kind !== 'points')
      return refuse(REFUSED[lock.kind], {
        ...('opensAtMs' in lock && { opensAtMs: lock.opensAtMs }),
        ...(lock.kind === 'tier' && {
          tier: tierAsked(situation.ladder, lock.rung, standing.growth),
        }),
      })
    const terms = termsOf(situation, point)
    const { quoted } = wish
    if (quoted && (terms.points > quoted.points || terms.cashFen > quoted.cashFen))
      return refuse('price_changed', { have: terms.points })
    return { wish, ref, reward, state, standing, terms }
  }

  /** Holds the points; a refusal, or what a repeat found. */
  async #hold({ wish, ref, reward, terms }: Attempt): Promise<Refusal | undefined> {
    const { wallet } = this.#options
    const id = holdIdOf(ref)
    const forMs = terms.cashFen > 0 ? terms.cashMs + HOLD_BEYOND_CASH_MS : HOLD_MS
    const held = await wallet.hold({
      account: ref.account,
      id,
      points: terms.points,
      forMs,
      use: 'redemption',
      subject: reward.id,
      at: reward.brandNo,
      ...(wish.local && { local: wish.local }),
      live: wish.live,
      pay: reward.doc.pay,
    })
    if (!held.ok) return held
    // A repeat of one that was cut off: what is overdue was, or will be, given back.
    return held.hold.state === 'open' ? undefined : refuse('redemption_closed')
  }

  async #take(attempt: Attempt): Promise<Answer> {
    const { ref, reward } = attempt
    const { store, wallet, catalogue } = this.#options
    for (let takes = 0; takes < TAKES_MAX; takes++) {
      const taken = await takeReward(store, ref, { ...attempt.terms, ...this.#calling() })
      if (taken.tag === 'taken' || taken.tag === 'known') return this.#go(ref)
      if (taken.tag === 'refused') {
        await wallet.void({ account: ref.account, id: holdIdOf(ref) })
        return refuse(REFUSED[taken.why as keyof typeof REFUSED] ?? 'redemption_closed')
      }
      if (taken.tag === 'stale') {
        await installReward(store, reward, this.#calling())
        continue
      }
      const next = await this.#again(attempt, await catalogue.refresh())
      if (!next) break
      attempt.terms = next
    }
    await dropRedemption(store, ref, this.#calling())
    await this.advance(ref)
    await wallet.void({ account: ref.account, id: holdIdOf(ref) })
    return refuse('reward_closed')
  }

  /** The terms after the catalogue changed, where they ask for what is held already. */
  async #again(
    { wish, ref, terms, standing }: Attempt,
    { rewards, doubles }: ReturnType<RedemptionsOptions['catalogue']['current']>,
  ): Promise<Terms | undefined> {
    const reward = rewards.get(ref.reward)
    if (!reward) return undefined
    const { book } = this.#options.rulebook()
    const atMs = this.#now()
    const burning = burningAt(book, atMs)
    const { ladder } = book
    const listed = listedFor(this.#options, reward, wish.account)
    const price = chargeFor(listed, priceAt(listed, { doubles, burning }, atMs), {
      ladder,
      asking: { ...standing, room: wish.room },
    })
    const next = termsOf({ reward, price, burning, standing, ladder }, terms.point)
    const same = next.points === terms.points && next.cashFen === terms.cashFen
    return same ? next : undefined
  }

  /** Goes on with it, and answers where it stands when that has taken long enough. */
  async #go(ref: RedemptionRef): Promise<Answer> {
    const found = await readRedemption(this.#options.store, ref)
    if (!found) return refuse('internal')
    return this.#answer(await this.#within(ref, found))
  }

  async #within(ref: RedemptionRef, found: Redemption): Promise<Redemption> {
    const { clock, log, store } = this.#options
    const going = this.advance(ref).catch((error: unknown) => {
      log.warn({ err: error, reward: ref.reward }, 'a redemption waits for the worker')
      return undefined
    })
    const enough = new AbortController()
    const done = await Promise.race([going, clock.sleep(ANSWER_MS, enough.signal)])
    enough.abort()
    return done ?? (await readRedemption(store, ref)) ?? found
  }

  #answer(redemption: Redemption): Answer {
    if (redemption.state === 'failed') {
      const why = redemption.why as keyof typeof REFUSED
      return refuse(REFUSED[why] ?? 'redemption_closed')
    }
    return { ok: true, redemption: this.view(redemption) }
  }

  #slots(ref: RedemptionRef) {
    return { slot: rewardSlot(ref.reward), with: this.#options.partitions.slotOf(ref.account) }
  }

  #now(): number {
    return this.#options.nowMs?.() ?? this.#options.clock.now()
  }

  #time(): { nowMs?: number } {
    return this.#options.nowMs ? { nowMs: this.#options.nowMs() } : {}
  }

  #calling() {
    return { timeZone: this.#options.rulebook().book.timeZone, ...this.#time() }
  }
}

/** How a hold ends whose redemption is over, should its partition have forgotten. */
function endOf(redemption: Redemption | undefined): 'capture' | 'void' | 'later' {
  switch (redemption?.state) {
    case 'issued':
    case 'used':
      return 'capture'
    case 'failed':
    case 'cancelled':
    case 'refunded':
      return 'void'
    default:
      return 'later'
  }
}
