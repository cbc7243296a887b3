/** A stand for tests of wallets: one account server, a clock that the test moves, and the three sums of the equation. */

import type { Refusal } from '../../shared/errors.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import { systemClock } from '../kernel/index.ts'
import { createPartitions, openTestClock, type Store } from '../redis/index.ts'
import type { AccountEntry } from './ledger.ts'
import { imbalance, sumTotals, type Totals } from './totals.ts'
import { Wallets } from './wallets.ts'

/** Noon of 1 May 2026 in Shanghai: month 316. */
export const WALLET_START_MS = Date.UTC(2026, 4, 1, 4)
export const WALLET_MONTH = 316

export const ANNA = 7
/** What a hold of Anna's is asked with. */
export const holding = (points: number, more: object = {}) => ({
  account: ANNA,
  id: 'h1',
  points,
  forMs: 60_000,
  use: 'checkout' as const,
  at: 1,
  issuers: [],
  ...more,
})

/** The answer, which must not be a refusal. */
export function held<T>(answer: ({ ok: true } & T) | Refusal): T {
  if (!answer.ok) throw new Error(answer.code)
  return answer
}

export function createWalletStand(
  store: Store,
  {
    partitions = 1,
    wallet = {},
  }: { partitions?: number; wallet?: Partial<Rulebook['wallet']> } = {},
) {
  openTestClock()
  const book = Rulebook.parse({ ...PRESETS.live, wallet })
  const places = createPartitions(partitions)
  const moved: AccountEntry[] = []
  /** Lives that run, as rooms say. */
  const running = new Set<number>()
  const clock = { nowMs: WALLET_START_MS }
  const walletsOn = (on: Store) =>
    new Wallets({
      store: on,
      partitions: places,
      clock: systemClock,
      rulebook: () => ({ version: 1, publishedAtMs: 0, by: 'test', book }),
      journalMax: 1_000_000,
      numbersOf: async (brands) => brands.map((brand) => Number(brand.slice('brand-'.length))),
      runs: async (live) => running.has(live),
      onMoved: (entry) => moved.push(entry),
      nowMs: () => clock.nowMs,
    })
  const wallets = walletsOn(store)
  return {
    book,
    clock,
    moved,
    running,
    places,
    wallets,
    /** The same wallets over another connection. */
    walletsOn,
    totals: (): Promise<Totals> => sumTotals(store, places),
    /** What is where, without what came in. */
    async sums() {
      const {
        spendable,
        session,
        pending,
        held: inHold,
        frozen,
        spent,
        expired,
        revoked,
      } = await sumTotals(store, places)
      return { spendable, session, pending, held: inHold, frozen, spent, expired, revoked }
    },
    async imbalance(): Promise<number> {
      return imbalance(await sumTotals(store, places))
    },
    /** Gives spendable points of a brand, under an id of their own. */
    give: (
      account: number,
      points: number,
      { id, issuer = 1, month = 0 }: { id?: string; issuer?: number; month?: number } = {},
    ) =>
      wallets.issue({
        account,
        id: id ?? `give-${points}-${issuer}-${month}`,
        cause: 'adjusted',
        lots: [{ issuer, points, month }],
      }),
  }
}
