/** A stand for tests of rewards: wallets, a catalogue, redemptions, and a clock that the test moves. */

import { createLog, systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { createWalletStand, WALLET_START_MS } from '../wallet/testing.ts'
import { Awards } from './award.ts'
import { publishReward, watchCatalogue } from './catalogue.ts'
import { Codes } from './codes.ts'
import type { RedemptionsOptions } from './deps.ts'
import { dropRedemption } from './drop.ts'
import { type Notify, passRewards } from './due.ts'
import type { FlashPart } from './flash-part.ts'
import type { Wish } from './redeem.ts'
import { Redemptions } from './redemptions.ts'
import type { RewardInput } from './schema.ts'
import { Shelf } from './shelf.ts'
import type { Terms } from './take.ts'

export const BRAND = 'acme'
export const BRAND_NO = 1
export const ZONE = 'Asia/Shanghai'
/** Friday noon in Shanghai. */
export const START_MS = WALLET_START_MS

/** Of a reward for 500 points that anybody may take at any time. */
export const TERMS: Terms = {
  version: 1,
  points: 500,
  cashFen: 0,
  cashMs: 0,
  priceFromMs: 0,
  priceUntilMs: 1e14,
  opensAtMs: 0,
  closesAtMs: 1e14,
  flash: false,
  earlyMs: 0,
  limits: {},
  point: '',
  room: 'demo',
}

/** Something to be had for 500 points, without end, unless said otherwise. */
export const plain = (more: Partial<RewardInput> = {}): RewardInput => ({
  title: { zh: '试用装', en: 'Sample' },
  kind: 'item',
  points: 500,
  worthFen: 600,
  ...more,
})

export async function createRewardStand(
  store: Store,
  { certain, ...options }: { partitions?: number } & Pick<RedemptionsOptions, 'certain'> = {},
) {
  const wallet = createWalletStand(store, options)
  const { clock } = wallet
  const rungs = new Map<number, number>()
  const boosts = new Map<number, number>()
  /** Accounts that went into an account. */
  const former = new Map<number, number[]>()
  const told: { type: string; id: string; left: number }[] = []
  const catalogue = await watchCatalogue(store, systemClock)
  const nowMs = () => clock.nowMs
  const parts = {
    store,
    partitions: wallet.places,
    clock: systemClock,
    log: createLog('silent', 'test'),
    catalogue,
    codes: new Codes([Buffer.alloc(32, 7)]),
    rulebook: () => ({ version: 1, publishedAtMs: 0, by: 'test', book: wallet.book }),
    standing: async ({ account }: { account: number }) => ({
      rung: rungs.get(account) ?? 0,
      boost: boosts.get(account),
      growth: 0,
      spendable: 1_000_000,
      session: 0,
    }),
    wallet: wallet.wallets,
    ...(certain && { certain }),
    formerOf: async (account: number) => former.get(account) ?? [],
    nowMs,
  }
  const shelf = new Shelf(parts)
  const redemptions = new Redemptions(parts, shelf)
  /** Parts in flash windows that the worker credited; it cannot while `failing`. */
  const flashParts = { failing: false, credited: [] as FlashPart[] }
  const creditFlash = async (part: FlashPart): Promise<void> => {
    if (flashParts.failing) throw new Error('the journal is full')
    flashParts.credited.push(part)
  }
  const notify: Notify = async (type, id, { left }) => {
    told.push({ type, id, left })
  }
  return {
    ...wallet,
    ...parts,
    parts,
    rungs,
    boosts,
    former,
    told,
    flashParts,
    clock,
    shelf,
    redemptions,
    awards: new Awards(parts, redemptions),
    /** The same awards in another process, whose connection to Redis is not what it was. */
    awardsOn(on: Store): Awards {
      const others = { ...parts, store: on, wallet: wallet.walletsOn(on) }
      return new Awards(others, new Redemptions(others, new Shelf(others)))
    },
    redemptionsOn(on: Store): Redemptions {
      const others = { ...parts, store: on, wallet: wallet.walletsOn(on) }
      return new Redemptions(others, new Shelf(others))
    },
    stop: () => catalogue.stop(),
    async publish(id: string, doc: RewardInput, { brand = BRAND } = {}) {
      const answer = await publishReward(store, {
        id,
        brand,
        brandNo: BRAND_NO,
        by: 'test',
        doc,
        timeZone: ZONE,
        nowMs: clock.nowMs,
      })
      await catalogue.refresh()
      return answer
    },
    tap: (account: number, reward: string, more: Partial<Wish> = {}) =>
      redemptions.redeem({
        account,
        brand: BRAND,
        room: 'demo',
        live: 0,
        id: `wish-${account}-${reward}`,
        reward,
        ...more,
      }),
    /** What a worker does for rewards. */
    pass: () => passRewards({ ...parts, redemptions, notify, creditFlash }),
    /** What a worker does with the overdue holds of an account. */
    async resolve(account: number): Promise<void> {
      for (const hold of await wallet.wallets.openHolds(account)) {
        if (hold.untilMs > clock.nowMs) continue
        const end = await redemptions.resolve({ ...hold, account })
        if (end === 'void') await wallet.wallets.void({ account, id: hold.id, lapsed: true })
        if (end === 'capture') await wallet.wallets.capture({ account, id: hold.id, late: true })
      }
    },
    drop: (account: number, reward: string, id = `wish-${account}-${reward}`) =>
      dropRedemption(store, { account, reward, id }, { nowMs: clock.nowMs, timeZone: ZONE }),
  }
}

export type RewardStand = Awaited<ReturnType<typeof createRewardStand>>
