/** Points given to a friend: out of one account, into another, within the limits of the rulebook. Off by default. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import { formatAccount, parseAccount } from '../../shared/ids.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { dayBounds, HOUR_MS } from '../../shared/time.ts'
import type { Clock } from '../kernel/index.ts'
import {
  type Certain,
  defineScript,
  type Partitions,
  type Store,
  scriptNow,
} from '../redis/index.ts'
import type { Hold } from './hold-record.ts'
import { doneKey, giftsKey } from './keys.ts'
import type { Spot } from './pool.ts'
import releaseSource from './release-gift.lua'
import reserveSource from './reserve-gift.lua'
import type { Wallets } from './wallets.ts'

const reserveScript = defineScript({
  name: 'wallet.reserve-gift',
  source: reserveSource,
  keys: ['gifts', 'done'],
  args: {
    now_ms: 'int',
    day: 'int',
    day_ends_ms: 'int',
    to: 'str',
    points: 'int',
    daily_cap: 'int',
    pair_cap: 'int',
  },
  replies: {
    reserved: {},
    conflict: {},
    wait: { ms: 'int' },
    daily: { left: 'int' },
    pair: { left: 'int' },
  },
})

const releaseScript = defineScript({
  name: 'wallet.release-gift',
  source: releaseSource,
  keys: ['gifts', 'done'],
  args: { now_ms: 'int', day: 'int', day_ends_ms: 'int', to: 'str' },
  replies: { released: {} },
})

/** A gift that is not over by then is finished by the worker. */
const GIFT_MS = 30_000
const BPS = 10_000

export interface GiftsOptions {
  store: Store
  partitions: Partitions
  rulebook: () => PublishedRulebook
  clock: Clock
  wallets: Wallets
  /**
   * Resolves when what happened in a slot survives a crash of it, or crashes together with the other slot; throws
   * where that takes too long. Without it nothing is waited for.
   */
  certain?: Certain
  /** The accounts that have become one with an account; none without it. */
  formerOf?: (account: number) => Promise<readonly number[]>
  /** Tests run scripts with a time of their own. */
  nowMs?: () => number
}

/** Where it is given says which points can be: those that are good there. */
export interface Gift extends Spot {
  /** Once per id within the giver. */
  id: string
  from: number
  to: number
  points: number
  by: string
  /** Of the giver: rung of the platform's ladder. */
  rung: number
  /** Whole days since the giver first came. */
  ageDays: number
}

const reservationOf = (id: string) => `gift-${id}`
const feeOf = (id: string) => `${id}-fee`

export class Gifts {
  readonly #options: GiftsOptions

  constructor(options: GiftsOptions) {
    this.#options = options
  }

  /** All or nothing; may be repeated with the same id after any crash. The fee is on top of what the friend gets. */
  async give(gift: Gift): Promise<{ ok: true; dup?: true; fee: number } | Refusal> {
    const { wallets } = this.#options
    const begun = await this.#begun(gift)
    if (begun) return this.#again(gift, begun)
    const policy = this.#options.rulebook().book.wallet.transfer
    if (policy.kind === 'deny') return refuse('gifts_off')
    if (gift.to === gift.from) return refuse('bad_request', { field: 'to' })
    if (gift.ageDays < policy.minAccountAgeDays)
      return refuse('gift_limit', { field: 'minAccountAgeDays', have: gift.ageDays })
    if (gift.rung < policy.minTier) return refuse('gift_limit', { field: 'minTier' })
    const charges = await wallets.readHold({ account: gift.from, id: feeOf(gift.id) })
    const fee = charges?.points ?? Math.ceil((gift.points * policy.feeBps) / BPS)

    const refused = await this.#reserve(gift, policy)
    if (refused) return refused
    const { from, id, points, at, local = [], by } = gift
    const subject = formatAccount(gift.to)
    const common = { account: from, at, local, by, subject, pay: 'spendable' } as const
    if (fee > 0) {
      // Held longer than the gift, so that whoever finishes the gift after a crash finds it.
      const forMs = 2 * GIFT_MS
      const charged = await wallets.hold({
        ...common,
        id: feeOf(id),
        points: fee,
        forMs,
        use: 'checkout',
      })
      if (!charged.ok) return this.#giveUp(gift, charged)
      // Given up before, perhaps not to its end: with the fee's points back the rest would fit, and must not be made.
      if (charged.hold.state === 'voided') return this.#giveUp(gift, refuse('hold_closed'))
    }
    const held = await wallets.hold({ ...common, id, points, forMs: GIFT_MS, use: 'transfer' })
    if (!held.ok) return this.#giveUp(gift, held)
    if (held.hold.state === 'voided') return refuse('hold_expired')
    const moved = await this.finish({ ...held.hold, account: from })
    if (!moved.ok) return moved
    return { ok: true, fee, ...(held.dup && { dup: true as const }) }
  }

  /** What a repeat finds: points that are held stay the gift of the account that gave them, whatever it is one with since. */
  async #begun({ from, id }: Gift): Promise<(Hold & { account: number }) | undefined> {
    const { wallets, formerOf } = this.#options
    for (const account of [from, ...((await formerOf?.(from)) ?? [])]) {
      const hold = await wallets.readHold({ account, id })
      if (hold) return { ...hold, account }
    }
    return undefined
  }

  /** A gift whose points are held is on its terms, whatever book is published since: neither refused nor charged anew. */
  async #again({ to, points }: Gift, hold: Hold & { account: number }) {
    const { wallets, formerOf } = this.#options
    const friends = [to, ...((await formerOf?.(to)) ?? [])].map(formatAccount)
    const isSame = hold.points === points && friends.includes(hold.subject)
    if (hold.use !== 'transfer' || !isSame) return refuse('id_conflict')
    if (hold.state === 'voided') return refuse('hold_expired')
    const moved = await this.finish(hold)
    if (!moved.ok) return moved
    const fee = await wallets.readHold({ account: hold.account, id: feeOf(hold.id) })
    return { ok: true as const, fee: fee?.points ?? 0, dup: true as const }
  }

  /**
   * The second half, once the giver's points are held: the friend gets the same lots, then they leave the giver.
   * Also for a worker that finds one unfinished.
   */
  async finish(hold: Hold & { account: number }): Promise<{ ok: true } | Refusal> {
    const { wallets, store, partitions, rulebook, certain } = this.#options
    const friend = parseAccount(hold.subject)
    if (friend === undefined) return refuse('internal')
    const policy = rulebook().book.wallet.transfer
    const waitMs = policy.kind === 'deny' ? 0 : policy.coolOffHours * HOUR_MS
    const [own, theirs] = [partitions.slotOf(hold.account), partitions.slotOf(friend)]
    if (waitMs > 0) await store.hset(giftsKey(theirs, friend), 'wait', this.#now() + waitMs)
    // Should the giver's master forget the hold, the points would be in both accounts.
    await certain?.({ slot: own, with: theirs })
    const received = await wallets.issue({
      account: friend,
      id: `${formatAccount(hold.account)}-${hold.id}`,
      cause: 'received',
      lots: hold.lots.map(({ issuer, month, points }) => ({ issuer, month, points })),
      subject: formatAccount(hold.account),
      by: hold.by,
      at: hold.at,
    })
    if (!received.ok) return received
    // And should the friend's forget what came, nobody would bring it again.
    await certain?.({ slot: theirs, with: own })
    const { account, id, by } = hold
    const fee = await wallets.capture({ account, id: feeOf(id), late: true, by })
    // There is none, or it went back while nobody could finish the gift: then it is not asked for again.
    const settled = fee.ok || fee.code === 'hold_not_found' || fee.code === 'hold_closed'
    if (!settled) return fee
    return wallets.capture({ account, id, late: true, by })
  }

  async #reserve(
    { from, to, id, points }: Gift,
    policy: { dailyCap: number; perPairCap: number },
  ): Promise<Refusal | undefined> {
    const reply = await reserveScript.run(this.#options.store, {
      keys: this.#keysOf(from, id),
      args: {
        ...this.#day(),
        to: formatAccount(to),
        points,
        daily_cap: policy.dailyCap,
        pair_cap: policy.perPairCap,
      },
    })
    switch (reply.tag) {
      case 'reserved':
        return undefined
      case 'conflict':
        return refuse('id_conflict')
      case 'wait':
        return refuse('gift_limit', { field: 'coolOffHours', afterMs: reply.ms })
      case 'daily':
        return refuse('gift_limit', { field: 'dailyCap', have: Math.max(0, reply.left) })
      case 'pair':
        return refuse('gift_limit', { field: 'perPairCap', have: Math.max(0, reply.left) })
      default:
        return reply satisfies never
    }
  }

  /** What was not given counts against no limit, and costs nothing. */
  async #giveUp({ from, to, id, by }: Gift, why: Refusal): Promise<Refusal> {
    // Another gift has the id, and it stands.
    if (why.code === 'id_conflict') return why
    await this.#options.wallets.void({ account: from, id: feeOf(id), by })
    await releaseScript.run(this.#options.store, {
      keys: this.#keysOf(from, id),
      args: { ...this.#day(), to: formatAccount(to) },
    })
    return why
  }

  #keysOf(account: number, id: string) {
    const slot = this.#options.partitions.slotOf(account)
    return { gifts: giftsKey(slot, account), done: doneKey(slot, account, reservationOf(id)) }
  }

  #now(): number {
    return this.#options.nowMs?.() ?? this.#options.clock.now()
  }

  #day() {
    const { day, endsAtMs } = dayBounds(
      this.#now() - HOUR_MS,
      this.#options.rulebook().book.timeZone,
    )
    return {
      now_ms: scriptNow(this.#options.nowMs?.()),
      day,
      day_ends_ms: endsAtMs,
    }
  }
}
