/** Targeting in a worker, over viewers who watch and write. */

import type { TargetingPolicy } from '../../shared/rulebook/targeting.ts'
import { TargetingPolicy as Policy } from '../../shared/rulebook/targeting.ts'
import { systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { act, START_MS } from '../scoring/bench.testing.ts'
import { Targeting, type TargetingDeps } from '../targeting/index.ts'
import { Packs } from '../tiers/index.ts'
import { createStand, type Stand } from './worker.testing.ts'

export const [ANN, BEN] = [2, 3]
export const HELLO = { zh: '打个招呼', en: 'Say hello' }

/** Small numbers, so that a few beats are enough. */
export const policyOf = (more: Parameters<typeof Policy.parse>[0] = {}): TargetingPolicy =>
  Policy.parse({
    segments: [
      {
        id: 'lurker',
        label: { zh: '还没开口', en: 'Silent so far' },
        all: [
          { figure: 'lives', atLeast: 3 },
          { figure: 'watchedMinutes', atLeast: 1 },
          { figure: 'comments', atMost: 0 },
        ],
        tell: true,
      },
      {
        id: 'away',
        label: { zh: '久未到来', en: 'Away' },
        all: [{ figure: 'daysSinceLast', atLeast: 30 }],
        tell: true,
        pack: { kind: 'comeback_pack', points: 80, gifts: [{ id: 'coupon', label: HELLO }] },
      },
    ],
    offers: [
      {
        id: 'speak_up',
        label: HELLO,
        segment: 'lurker',
        watchedMinutes: 0.5,
        ask: 'comment',
        points: 50,
      },
    ],
    ...(more as object),
  })

type Told = Parameters<TargetingDeps['tell']>[0]
type Heard = Parameters<TargetingDeps['tellMerchant']>[0]

/** Those that were shown. */
export const offersOf = (told: readonly Told[]) =>
  told.flatMap(({ offer }) => (offer ? [offer] : []))

export class TargetingStand {
  readonly stand: Stand
  readonly #store: Store
  #seq = 0

  constructor(store: Store) {
    this.#store = store
    this.stand = createStand(store, { partitions: 2 })
  }

  /** Targeting with everything real but devices, merchants and the catalogue; `change` plants a death. */
  open(
    policy: TargetingPolicy,
    change: (deps: TargetingDeps) => Partial<TargetingDeps> = () => ({}),
  ) {
    const { bench, deps } = this.stand
    const rulebook = () => ({
      version: 1,
      publishedAtMs: 0,
      by: 'test',
      book: { ...bench.book, targeting: policy },
    })
    const told: Told[] = []
    const heard: Heard[] = []
    const given: string[] = []
    const base = {
      store: this.#store,
      partitions: bench.places,
      clock: systemClock,
      rulebook,
      pepper: Buffer.alloc(32, 'pepper'),
      nowMs: () => deps.nowMs?.() ?? START_MS,
    }
    const packs = new Packs({
      ...base,
      wallets: deps.wallets,
      goods: {
        async give({ id }) {
          given.push(id)
          return 'given'
        },
      },
    })
    const ports: TargetingDeps = {
      ...base,
      wallets: deps.wallets,
      packs,
      async tell(one) {
        told.push(one)
      },
      async tellMerchant(one) {
        heard.push(one)
      },
      spotOf: async () => ({ brandNo: 1, issuer: 1 }),
      knownOf: async (accounts) => new Set(accounts),
      rungOf: async () => 0,
      onError: () => undefined,
    }
    const targeting = new Targeting({ ...ports, ...change(ports) })
    deps.rulebook = rulebook
    deps.targeting = targeting
    return { targeting, told, heard, given }
  }

  /** So many visible beats from then on, in a live; the first one opens the clock. */
  async watchIn(
    live: number,
    account: number,
    { beats, fromMs, nonce: session = 1 }: { beats: number; fromMs: number; nonce?: number },
  ): Promise<void> {
    Object.assign(this.stand.bench.room, { live })
    let nonce = 0
    for (let n = 0; n <= beats; n++) {
      const beat = act(++this.#seq, 'watch', { p1: nonce, p2: 1000 + this.#seq })
      const answer = await this.stand.bench.one(fromMs + n * 15_000, {
        account,
        session: { startMs: START_MS + session, nonce: session },
        actions: [beat],
      })
      nonce = answer.state.watch.nonce
    }
  }

  say(live: number, account: number, atMs: number) {
    Object.assign(this.stand.bench.room, { live })
    return this.stand.bench.one(atMs, {
      account,
      session: { startMs: START_MS + 90, nonce: 90 },
      actions: [act(++this.#seq, 'comment', { p1: this.#seq })],
    })
  }

  /** A lurker: two lives of a minute without a word, then half a minute of a third. */
  async lurk(account: number): Promise<number> {
    await this.watchIn(11, account, { beats: 4, fromMs: START_MS, nonce: 1 })
    await this.watchIn(12, account, { beats: 4, fromMs: START_MS + 600_000, nonce: 2 })
    await this.watchIn(13, account, { beats: 3, fromMs: START_MS + 1_200_000, nonce: 3 })
    return START_MS + 1_200_000 + 50_000
  }

  recordOf(account: number) {
    return this.stand.deps.wallets.readRecord(account)
  }

  async spendable(account: number): Promise<number> {
    const { wallet } = await this.recordOf(account)
    return wallet.lots.reduce(
      (sum, { bucket, points }) => sum + (bucket === 'spendable' ? points : 0),
      0,
    )
  }
}
