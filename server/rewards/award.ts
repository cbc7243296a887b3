/** Rewards that are won: a redemption without points, from the same stock, with the same code. */

import type { PrizeOffer } from '../../shared/effects.ts'
import { type Refusal, refuse } from '../../shared/errors.ts'
import type { Label } from '../../shared/rulebook/schema.ts'
import { rewardSlot } from '../redis/index.ts'
import { addToList, listRefs } from './account-list.ts'
import { callingOf } from './calling.ts'
import type { RedemptionsOptions } from './deps.ts'
import type { RedemptionRef } from './keys.ts'
import { readRedemption } from './record.ts'
import type { Redemptions } from './redemptions.ts'
import type { StoredReward } from './schema.ts'
import { installReward, readStates } from './stock.ts'
import { type Terms, takeReward } from './take.ts'

const NEVER_MS = 1e14
/** Attempts where the document changes meanwhile. */
const TAKES_MAX = 3

type Options = Pick<
  RedemptionsOptions,
  'store' | 'partitions' | 'clock' | 'catalogue' | 'rulebook' | 'certain' | 'nowMs'
>

interface Place {
  brand: string
  room: string
}

export class Awards {
  readonly #options: Options
  readonly #redemptions: Pick<Redemptions, 'advance'>

  constructor(options: Options, redemptions: Pick<Redemptions, 'advance'>) {
    this.#options = options
    this.#redemptions = redemptions
  }

  /** What can be a prize in a room, cheapest first; what needs cash beside it cannot. */
  async list(place: Place): Promise<PrizeOffer[]> {
    const here = [...this.#options.catalogue.current().rewards.values()].filter((reward) =>
      canBePrize(reward, place),
    )
    const states = await this.#statesOf(here)
    return here
      .flatMap(({ id, doc }, i): PrizeOffer[] => {
        const left = states[i]?.left
        if (states[i]?.open === false || (left !== undefined && left <= 0)) return []
        return [
          { reward: id, title: doc.title, points: doc.points, ...(left !== undefined && { left }) },
        ]
      })
      .sort((a, b) => a.points - b.points)
  }

  /** Whether so many pieces are there now; nothing is taken before somebody has won. */
  async offered({
    reward,
    pieces,
    ...place
  }: Place & { reward: string; pieces: number }): Promise<
    { ok: true; title: Label; points: number } | Refusal
  > {
    const found = this.#options.catalogue.current().rewards.get(reward)
    if (!found || !canBePrize(found, place)) return refuse('not_found')
    const [state] = await this.#statesOf([found])
    if (state?.left !== undefined && state.left < pieces) return refuse('sold_out')
    return { ok: true, title: found.doc.title, points: found.doc.points }
  }

  /**
   * Gives a reward to who has won it, once per id. `gone` where nothing was left, remembered like what was given.
   * Throws where it cannot be done now; what was begun is ended by the worker.
   */
  async give(ref: RedemptionRef): Promise<'given' | 'gone'> {
    const { store, catalogue } = this.#options
    const known = await readRedemption(store, ref)
    if (!known) {
      const { rewards } = catalogue.current()
      const reward = rewards.get(ref.reward) ?? (await catalogue.refresh()).rewards.get(ref.reward)
      if (!reward || !(await this.#take(ref, reward))) return this.#gone(ref)
    } else if (known.state === 'failed') return this.#gone(ref)
    await addToList(this.#options, ref)
    await this.#redemptions.advance(ref)
    return 'given'
  }

  /** Something else will be given for it: the slot must not forget that nothing was left. */
  async #gone({ reward, account }: RedemptionRef): Promise<'gone'> {
    const { certain, partitions } = this.#options
    await certain?.({ slot: rewardSlot(reward), with: partitions.slotOf(account) })
    return 'gone'
  }

  /** False where nothing is left. */
  async #take(ref: RedemptionRef, first: StoredReward): Promise<boolean> {
    const { store, catalogue } = this.#options
    let reward = first
    for (let takes = 0; takes < TAKES_MAX; takes++) {
      const calling = callingOf(this.#options)
      const terms = wonTerms(reward, await this.#pointOf(ref.account, reward))
      const taken = await takeReward(store, ref, { ...terms, ...calling })
      if (taken.tag === 'taken' || taken.tag === 'known') return true
      if (taken.tag === 'refused') return false
      if (taken.tag === 'stale') await installReward(store, reward, calling)
      else reward = (await catalogue.refresh()).rewards.get(ref.reward) ?? reward
    }
    throw new Error('the document of a prize does not stand still')
  }

  /** The winner is not asked: where they fetched something last, if it lies there, or the first point. */
  async #pointOf(account: number, { doc }: StoredReward): Promise<string> {
    if (doc.pickup.length < 2) return doc.pickup[0] ?? ''
    const { refs } = await listRefs(this.#options, { accounts: [account] })
    const last = await Promise.all(refs.map((ref) => readRedemption(this.#options.store, ref)))
    const known = last.find((one) => one && doc.pickup.includes(one.point))
    return known?.point ?? doc.pickup[0] ?? ''
  }

  #statesOf(rewards: readonly StoredReward[]) {
    const { store, clock, nowMs } = this.#options
    return readStates(
      store,
      rewards.map(({ id }) => id),
      {
        atMs: nowMs?.() ?? clock.now(),
        timeZone: this.#options.rulebook().book.timeZone,
      },
    )
  }
}

const canBePrize = ({ brand, doc }: StoredReward, place: Place): boolean =>
  doc.enabled &&
  doc.cashFen === 0 &&
  brand === place.brand &&
  (doc.room === undefined || doc.room === place.room)

/** No window, no limits, no price: only the stock decides. */
const wonTerms = ({ version }: StoredReward, point: string): Terms => ({
  version,
  points: 0,
  cashFen: 0,
  cashMs: 0,
  priceFromMs: 0,
  priceUntilMs: NEVER_MS,
  opensAtMs: 0,
  closesAtMs: NEVER_MS,
  flash: false,
  earlyMs: 0,
  limits: {},
  point,
  room: '',
})
