/** A tap on a reward: what it may ask for, the points held, the piece taken. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import { tierAsked } from '../../shared/rulebook/privileges.ts'
import { addToList } from './account-list.ts'
import { callingOf } from './calling.ts'
import type { RedemptionsOptions } from './deps.ts'
import { dropRedemption } from './drop.ts'
import { finishRedemption, holdIdOf } from './finish.ts'
import type { RedemptionRef } from './keys.ts'
import { HOLD_BEYOND_CASH_MS, HOLD_MS } from './limits.ts'
import { chargeFor } from './member.ts'
import { burningAt, priceAt } from './price.ts'
import { refusedAs } from './refused.ts'
import type { StoredReward } from './schema.ts'
import { listedFor, type Shelf, type Visitor } from './shelf.ts'
import { installReward, type RewardState } from './stock.ts'
import { type Counted, type Terms, takeReward } from './take.ts'
import { lockOf, type Standing, termsOf } from './terms.ts'

export interface Wish extends Visitor {
  /** Idempotency key, 8 to 40 characters. */
  id: string
  reward: string
  /** Pick-up point, where the reward has several. */
  point?: string
  /** What the viewer was shown: at a higher price nothing is taken. */
  quoted?: { points: number; cashFen: number } | undefined
}

/** Attempts where the catalogue changes under a redemption. */
const TAKES_MAX = 3

interface Tap {
  wish: Wish
  ref: RedemptionRef
}

interface Attempt extends Tap {
  reward: StoredReward
  state: RewardState
  standing: Standing
  terms: Terms
  /** What was taken by accounts that have become one with this. */
  former: Counted
}

/** A refusal, or undefined where the piece is taken and the redemption can go on. */
export async function redeem(
  options: RedemptionsOptions,
  shelf: Shelf,
  tap: Tap,
): Promise<Refusal | undefined> {
  const attempt = await attemptOf(shelf, tap)
  if ('code' in attempt) return attempt
  const refused = await hold(options, attempt)
  if (refused) return refused
  await addToList(options, tap.ref)
  return take(options, attempt)
}

/** What the tap asks for, as long as nothing forbids it. */
async function attemptOf(shelf: Shelf, { wish, ref }: Tap): Promise<Attempt | Refusal> {
  const situation = await shelf.situation(wish, wish.reward)
  if ('code' in situation) return situation
  const { reward, state, standing, taken } = situation
  const { pickup } = reward.doc
  const point = wish.point ?? (pickup.length === 1 ? pickup[0] : '') ?? ''
  if (pickup.length > 0 ? !pickup.includes(point) : point !== '')
    return refuse('bad_request', { field: 'point' })
  const lock = lockOf(situation)
  // Short of points is for the wallet to say: it knows which points may pay.
  if (lock && lock.kind !== 'points')
    return refuse(refusedAs(lock.kind), {
      ...('opensAtMs' in lock && { opensAtMs: lock.opensAtMs }),
      ...(lock.kind === 'tier' && {
        tier: tierAsked(situation.ladder, lock.rung, standing.growth),
      }),
    })
  const terms = termsOf(situation, point)
  const { quoted } = wish
  if (quoted && (terms.points > quoted.points || terms.cashFen > quoted.cashFen))
    return refuse('price_changed', { have: terms.points })
  return { wish, ref, reward, state, standing, terms, former: taken.former }
}

/** Holds the points; a refusal of the wallet, or because an earlier attempt of the same tap was cut off and given back. */
async function hold(
  { wallet }: RedemptionsOptions,
  { wish, ref, reward, terms }: Attempt,
): Promise<Refusal | undefined> {
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

/** Takes the piece under the id of the hold; a refusal gives the points back. */
async function take(options: RedemptionsOptions, attempt: Attempt): Promise<Refusal | undefined> {
  const { ref, reward } = attempt
  const { store, wallet, catalogue } = options
  for (let takes = 0; takes < TAKES_MAX; takes++) {
    const { terms, former } = attempt
    const taken = await takeReward(store, ref, { ...terms, former, ...callingOf(options) })
    if (taken.tag === 'taken' || taken.tag === 'known') return undefined
    if (taken.tag === 'refused') {
      await wallet.void({ account: ref.account, id: holdIdOf(ref) })
      return refuse(refusedAs(taken.why))
    }
    if (taken.tag === 'stale') {
      await installReward(store, reward, callingOf(options))
      continue
    }
    const next = await again(options, attempt, await catalogue.refresh())
    if (!next) break
    attempt.terms = next
  }
  await dropRedemption(store, ref, callingOf(options))
  await finishRedemption(options, ref)
  await wallet.void({ account: ref.account, id: holdIdOf(ref) })
  return refuse('reward_closed')
}

/** The terms after the catalogue changed, where they ask for what is held already. */
async function again(
  options: RedemptionsOptions,
  { wish, ref, terms, standing }: Attempt,
  { rewards, doubles }: ReturnType<RedemptionsOptions['catalogue']['current']>,
): Promise<Terms | undefined> {
  const reward = rewards.get(ref.reward)
  if (!reward) return undefined
  const { book } = options.rulebook()
  const atMs = options.nowMs?.() ?? options.clock.now()
  const burning = burningAt(book, atMs)
  const { ladder } = book
  const listed = listedFor(options, reward, wish.account)
  const price = chargeFor(listed, priceAt(listed, { doubles, burning }, atMs), {
    ladder,
    asking: { ...standing, room: wish.room },
  })
  const { room } = wish
  const next = termsOf({ reward, price, burning, standing, ladder, room }, terms.point)
  const same = next.points === terms.points && next.cashFen === terms.cashFen
  return same ? next : undefined
}
