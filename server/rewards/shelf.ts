/** What a viewer finds in a room: every reward as it stands for that viewer. */

import type { Position } from '../../shared/distance.ts'
import { type Refusal, refuse } from '../../shared/errors.ts'
import {
  type BurnWeekView,
  bestAffordable,
  type Gain,
  type ShelfView,
} from '../../shared/rewards.ts'
import { runsAt } from '../../shared/rulebook/burn-week.ts'
import type { Store } from '../redis/index.ts'
import { expiringIn } from '../wallet/index.ts'
import type { Catalogue } from './catalogue.ts'
import type { RedemptionsOptions } from './deps.ts'
import { mineKey, watchedKey } from './keys.ts'
import { STATES_FRESH_MS } from './limits.ts'
import { chargeFor } from './member.ts'
import { burningAt, listedAt, priceAt } from './price.ts'
import type { StoredReward } from './schema.ts'
import { installReward, type RewardState, readStates } from './stock.ts'
import type { Counted } from './take.ts'
import type { Situation, Standing, Taken } from './terms.ts'
import { rewardView } from './views.ts'
import { calendarOf, weekEndsAt, weekOf } from './week.ts'

/** Who looks, and where. */
export interface Visitor {
  account: number
  brand: string
  room: string
  /** Numbers of the room and its host, where these have points of their own. */
  local?: readonly number[]
  /** Its live; 0 is none. */
  live: number
}

type Options = Pick<
  RedemptionsOptions,
  | 'store'
  | 'partitions'
  | 'clock'
  | 'catalogue'
  | 'rulebook'
  | 'playing'
  | 'standing'
  | 'wallet'
  | 'nowMs'
  | 'formerOf'
>

interface Looking {
  visitor: Visitor
  catalogue: Catalogue
  standing: Standing
  lives: number
  /** Accounts that have become one with the viewer's. */
  former: readonly number[]
  atMs: number
}

export class Shelf {
  readonly #options: Options
  readonly #states = new Map<string, { atMs: number; state: RewardState | undefined }>()

  constructor(options: Options) {
    this.#options = options
  }

  /** Every reward of the room, in the order of their price; its pick-up points in the order of their distance. */
  async list(visitor: Visitor, near?: Position): Promise<({ ok: true } & ShelfView) | Refusal> {
    const looking = await this.#look(visitor)
    if ('code' in looking) return looking
    const { rewards, points } = looking.catalogue
    const here = [...rewards.values()].filter((reward) => isHere(reward, visitor))
    const states = await this.#statesOf(here, looking.atMs)
    const { pointValueFen } = this.#options.rulebook().book
    const views = await Promise.all(
      here.map(async (reward) => {
        const state = states.get(reward.id)
        if (!state?.open) return []
        const situation = await this.#situation(looking, reward, state)
        return [rewardView(situation, { points, pointValueFen, near })]
      }),
    )
    const burnWeek = await this.#burnWeek(looking)
    return {
      ok: true,
      atMs: looking.atMs,
      rewards: views.flat().sort((a, b) => a.cost.points - b.cost.points),
      ...(burnWeek && { burnWeek }),
    }
  }

  /** While it runs, and whether or not this viewer has anything to lose. */
  async #burnWeek({ visitor, atMs }: Looking): Promise<BurnWeekView | undefined> {
    const burning = burningAt(this.#options.rulebook().book, atMs)
    if (!burning || !runsAt(burning, atMs)) return undefined
    const { month, opensAtMs, closesAtMs } = burning
    const record = await this.#options.wallet.readRecord(visitor.account)
    return { opensAtMs, closesAtMs, points: expiringIn(record, month) }
  }

  /** One reward as it stands for the viewer, read anew. */
  async situation(visitor: Visitor, id: string): Promise<Situation | Refusal> {
    const looking = await this.#look(visitor)
    if ('code' in looking) return looking
    const reward = looking.catalogue.rewards.get(id)
    if (!reward || !isHere(reward, visitor)) return refuse('not_found', { field: 'reward' })
    const { atMs } = looking
    const { timeZone } = this.#options.rulebook().book
    let [state] = await readStates(this.#options.store, [id], { atMs, timeZone })
    if (!state) {
      await installReward(this.#options.store, reward, {
        timeZone,
        ...(this.#options.nowMs && { nowMs: atMs }),
      })
      ;[state] = await readStates(this.#options.store, [id], { atMs, timeZone })
    }
    if (!state) return refuse('internal')
    return this.#situation(looking, reward, state)
  }

  /** When the flash window opened that runs now; undefined where none does. */
  async flashOpened(id: string): Promise<number | undefined> {
    const { store, rulebook, clock, nowMs } = this.#options
    const atMs = nowMs?.() ?? clock.now()
    const { timeZone } = rulebook().book
    const [state] = await readStates(store, [id], { atMs, timeZone })
    const flash = state?.flash
    const runs = flash && flash.opensAtMs <= atMs && atMs < flash.closesAtMs
    return runs ? flash.opensAtMs : undefined
  }

  /** What a payment brought and the best that can be had now; undefined where it brought nothing. */
  async gain(visitor: Visitor, points: number): Promise<Gain | undefined> {
    if (points <= 0) return undefined
    const standing = await this.#options.standing(visitor)
    if ('code' in standing) return undefined
    const shown = await this.list(visitor)
    const best = shown.ok ? bestAffordable(shown.rewards, standing) : undefined
    return {
      points,
      spendable: standing.spendable,
      ...(best && { best: { reward: best.id, title: best.title, points: best.cost.points } }),
    }
  }

  async #look(visitor: Visitor): Promise<Looking | Refusal> {
    const { standing: read, store, partitions, catalogue, clock, nowMs, formerOf } = this.#options
    const [standing, lives, former = []] = await Promise.all([
      read(visitor),
      store.scard(watchedKey(partitions.slotOf(visitor.account), visitor.account)),
      formerOf?.(visitor.account),
    ])
    if ('code' in standing) return standing
    const atMs = nowMs?.() ?? clock.now()
    return { visitor, catalogue: catalogue.current(), standing, lives, former, atMs }
  }

  async #situation(
    { visitor, catalogue, standing, lives, former, atMs }: Looking,
    reward: StoredReward,
    state: RewardState,
  ): Promise<Situation> {
    const { book } = this.#options.rulebook()
    const burning = burningAt(book, atMs)
    const listed = listedFor(this.#options, reward, visitor.account)
    return {
      reward,
      listed,
      state,
      price: chargeFor(listed, priceAt(listed, { doubles: catalogue.doubles, burning }, atMs), {
        ladder: book.ladder,
        asking: { ...standing, room: visitor.room },
      }),
      burning,
      room: visitor.room,
      ladder: book.ladder,
      standing,
      taken: await readTaken(this.#options.store, {
        reward,
        account: visitor.account,
        former,
        atMs,
        timeZone: book.timeZone,
      }),
      lives,
      atMs,
    }
  }

  /** States of rewards, at most a moment old: many viewers look at the same shelf. */
  async #statesOf(
    rewards: readonly StoredReward[],
    atMs: number,
  ): Promise<Map<string, RewardState | undefined>> {
    const { store, clock, rulebook } = this.#options
    const now = clock.now()
    const old = rewards.filter(
      ({ id }) => now - (this.#states.get(id)?.atMs ?? 0) > STATES_FRESH_MS,
    )
    const ids = old.map(({ id }) => id)
    const read = await readStates(store, ids, { atMs, timeZone: rulebook().book.timeZone })
    ids.forEach((id, i) => {
      this.#states.set(id, { atMs: now, state: read[i] })
    })
    return new Map(rewards.map(({ id }) => [id, this.#states.get(id)?.state]))
  }
}

/** What is announced to a room costs the same for all in it; what each finds on the shelf is by the own version. */
export function listedFor(
  { rulebook, playing }: Pick<RedemptionsOptions, 'rulebook' | 'playing'>,
  reward: StoredReward,
  account: number,
): StoredReward {
  const published = reward.doc.flash ? undefined : playing?.of(account)
  return listedAt(reward, (published ?? rulebook()).book.redemption.factor)
}

const isHere = ({ brand, doc }: StoredReward, visitor: Visitor): boolean =>
  doc.enabled && brand === visitor.brand && (doc.room === undefined || doc.room === visitor.room)

/** How many of a reward a viewer has taken, under any number; not asked where it has no limits. */
async function readTaken(
  store: Store,
  of: {
    reward: StoredReward
    account: number
    former: readonly number[]
    atMs: number
    timeZone: string
  },
): Promise<Taken> {
  const { reward, account, former, atMs, timeZone } = of
  const { day, day_ends_ms: dayEndsAtMs } = calendarOf({ nowMs: atMs, timeZone })
  const ends = { dayEndsAtMs, weekEndsAtMs: weekEndsAt(atMs, timeZone) }
  if (Object.keys(reward.doc.limits).length === 0) return { ...NONE, former: NONE, ...ends }
  const counted = async (one: number): Promise<Counted> => {
    const key = mineKey({ reward: reward.id, account: one })
    const h = await store.hmget(key, 'ever', 'day', 'on_day', 'week', 'in_week')
    const [ever, lastDay, onDay, lastWeek, inWeek] = h.map((text) => Number(text ?? -1))
    return {
      ever: Math.max(0, ever ?? 0),
      onDay: lastDay === day ? (onDay ?? 0) : 0,
      inWeek: lastWeek === weekOf(day) ? (inWeek ?? 0) : 0,
    }
  }
  const [own, ...others] = await Promise.all([counted(account), ...former.map(counted)])
  const before = others.reduce(add, NONE)
  return { ...add(own, before), former: before, ...ends }
}

const NONE: Counted = { ever: 0, onDay: 0, inWeek: 0 }
const add = (a: Counted, b: Counted): Counted => ({
  ever: a.ever + b.ever,
  onDay: a.onDay + b.onDay,
  inWeek: a.inWeek + b.inWeek,
})
