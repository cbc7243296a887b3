/**
 * Redemptions, from the tap to their end. Three steps in two slots: points are held in the viewer's partition, the
 * piece is taken in the reward's slot under the same id, the points are paid. Each may be repeated, and whoever finds a
 * redemption half way goes on with it.
 */

import { type Refusal, refuse } from '../../shared/errors.ts'
import type { RedemptionView } from '../../shared/rewards.ts'
import { rewardSlot } from '../redis/index.ts'
import { listTaken, type RefsPage } from './account-list.ts'
import { callingOf, timeOf } from './calling.ts'
import { claimCashOrder } from './cash-order.ts'
import { confirmCash } from './confirm-cash.ts'
import type { RedemptionsOptions } from './deps.ts'
import { dropRedemption } from './drop.ts'
import { finishRedemption } from './finish.ts'
import { findWhose, listWhose, tappedBefore } from './former.ts'
import { giveBack } from './give-back.ts'
import type { RedemptionRef } from './keys.ts'
import { ANSWER_MS } from './limits.ts'
import { type Redemption, readRedemption } from './record.ts'
import { redeem, type Wish } from './redeem.ts'
import { refusedAs } from './refused.ts'
import type { Shelf } from './shelf.ts'
import { countTogether, type TakenTogether, takenTogether } from './together.ts'
import { redemptionView } from './views.ts'

type Answer = { ok: true; redemption: RedemptionView } | Refusal

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
    const refused = await redeem(this.#options, this.#shelf, { wish, ref })
    if (refused) return refused
    const answer = await this.#go(ref)
    if (answer.ok) await this.#count(ref)
    return answer
  }

  /** What others took who took the same as this viewer, most often first. */
  takenTogether(account: number): Promise<TakenTogether[]> {
    return takenTogether(this.#options, account)
  }

  async #count(ref: RedemptionRef): Promise<void> {
    try {
      await countTogether(this.#options, ref)
    } catch (error) {
      this.#options.log.debug(
        { err: error, reward: ref.reward },
        'what goes together is not counted',
      )
    }
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
  }): Promise<{ ok: true; redemptions: RedemptionView[] } & Pick<RefsPage, 'next' | 'cut'>> {
    const { refs, ...end } = await listWhose(this.#options, of)
    const found = await Promise.all(refs.map((ref) => readRedemption(this.#options.store, ref)))
    return {
      ok: true,
      redemptions: found.flatMap((one) => (one ? [this.view(one)] : [])),
      ...end,
    }
  }

  /** Redemptions that took a piece of a reward, whoever's they are, newest first. */
  async listOf(of: {
    reward: string
    before?: string
  }): Promise<
    { redemptions: { account: number; redemption: RedemptionView }[] } & Pick<
      RefsPage,
      'next' | 'cut'
    >
  > {
    const { store } = this.#options
    const { refs, ...end } = await listTaken(store, of)
    const found = await Promise.all(refs.map((ref) => readRedemption(store, ref)))
    return {
      redemptions: found.flatMap((one) =>
        one ? [{ account: one.account, redemption: this.view(one) }] : [],
      ),
      ...end,
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
    const back = await giveBack(this.#options.store, ref, {
      why: of.by,
      ...callingOf(this.#options),
    })
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
      ...timeOf(this.#options),
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

  /** How a hold whose deadline has passed is to end: asked by the worker, which looks after holds. */
  async resolve(hold: {
    account: number
    id: string
    subject: string
  }): Promise<'capture' | 'void' | 'later'> {
    const ref = { reward: hold.subject, account: hold.account, id: hold.id.slice(2) }
    const state = await dropRedemption(this.#options.store, ref, callingOf(this.#options))
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
    if (redemption.state === 'failed') return refuse(refusedAs(redemption.why))
    return { ok: true, redemption: this.view(redemption) }
  }

  #slots(ref: RedemptionRef) {
    return { slot: rewardSlot(ref.reward), with: this.#options.partitions.slotOf(ref.account) }
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
