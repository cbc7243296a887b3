import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { formatAccount } from '../../shared/ids.ts'
import type { TargetingPolicy } from '../../shared/rulebook/targeting.ts'
import { TargetingPolicy as Policy } from '../../shared/rulebook/targeting.ts'
import { DAY_MS, dayBounds } from '../../shared/time.ts'
import { systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { act, START_MS } from '../scoring/bench.testing.ts'
import { Targeting, type TargetingDeps } from '../targeting/index.ts'
import { Packs } from '../tiers/index.ts'
import { createStand, likes, type Stand, until } from './worker.testing.ts'

let redis: Store
let stand: Stand
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  stand = createStand(redis, { partitions: 2 })
})
afterEach(() => stand.clean())

const [ANN, BEN] = [2, 3]
const HELLO = { zh: '打个招呼', en: 'Say hello' }

/** Small numbers, so that a few beats are enough. */
const policyOf = (more: Parameters<typeof Policy.parse>[0] = {}): TargetingPolicy =>
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

/** Targeting with everything real but devices, merchants and the catalogue; `change` plants a death. */
function open(
  policy: TargetingPolicy,
  change: (deps: TargetingDeps) => Partial<TargetingDeps> = () => ({}),
) {
  const { bench, deps } = stand
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
    store: redis,
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

let seq = 0
/** So many visible beats from then on, in a live; the first one opens the clock. */
async function watchIn(
  live: number,
  account: number,
  { beats, fromMs, nonce: session = 1 }: { beats: number; fromMs: number; nonce?: number },
): Promise<void> {
  Object.assign(stand.bench.room, { live })
  let nonce = 0
  for (let n = 0; n <= beats; n++) {
    const beat = act(++seq, 'watch', { p1: nonce, p2: 1000 + seq })
    const answer = await stand.bench.one(fromMs + n * 15_000, {
      account,
      session: { startMs: START_MS + session, nonce: session },
      actions: [beat],
    })
    nonce = answer.state.watch.nonce
  }
}

const say = (live: number, account: number, atMs: number) => {
  Object.assign(stand.bench.room, { live })
  return stand.bench.one(atMs, {
    account,
    session: { startMs: START_MS + 90, nonce: 90 },
    actions: [act(++seq, 'comment', { p1: seq })],
  })
}

/** A policy of one segment, of all who did anything. */
const busyPolicy = (): TargetingPolicy =>
  policyOf({
    segments: [{ id: 'busy', label: HELLO, all: [{ figure: 'activeDays', atLeast: 1 }] }],
    offers: [],
  })

const offersOf = (told: readonly Told[]) => told.flatMap(({ offer }) => (offer ? [offer] : []))
const recordOf = (account: number) => stand.deps.wallets.readRecord(account)

/** A lurker: two lives of a minute without a word, then half a minute of a third. */
async function lurk(account: number): Promise<number> {
  await watchIn(11, account, { beats: 4, fromMs: START_MS, nonce: 1 })
  await watchIn(12, account, { beats: 4, fromMs: START_MS + 600_000, nonce: 2 })
  await watchIn(13, account, { beats: 3, fromMs: START_MS + 1_200_000, nonce: 3 })
  return START_MS + 1_200_000 + 50_000
}

async function spendable(account: number): Promise<number> {
  const { wallet } = await recordOf(account)
  return wallet.lots.reduce(
    (sum, { bucket, points }) => sum + (bucket === 'spendable' ? points : 0),
    0,
  )
}

test('[TG2] likes that say nothing new are passed over, until the rules see more in them', async () => {
  let policy = policyOf()
  const { targeting } = open(policy, ({ rulebook }) => ({
    rulebook: () => ({ ...rulebook(), book: { ...rulebook().book, targeting: policy } }),
  }))
  const { places, room, book } = stand.bench
  const { day } = dayBounds(START_MS, book.timeZone)
  const knows = () => targeting.knowsLikes(places.slotOf(ANN), ANN, { live: room.live, day })
  await stand.worker()
  for (const seq of [1, 2]) {
    await likes(stand, [ANN], { seq, units: 20 })
    await stand.drained()
    expect(knows()).toBe(seq === 2)
  }
  const before = await targeting.read(ANN)
  expect(before).toMatchObject({ days: [{ acts: 20 }], segments: [] })
  await likes(stand, [ANN], { seq: 3 })
  await stand.drained()
  expect(await targeting.read(ANN)).toEqual(before)
  policy = busyPolicy()
  expect(knows()).toBe(false)
  await likes(stand, [ANN], { seq: 4 })
  await until('the new rules are kept', async () =>
    Boolean((await targeting.read(ANN))?.segments.some(({ id }) => id === 'busy')),
  )
})

describe('offers', () => {
  test('[TG4 000-27] a lurker is told what a first word brings, and gets it once, with an entry that says why', async () => {
    const { told, targeting } = open(policyOf())
    await stand.worker()
    const thenMs = await lurk(ANN)
    await until('the offer is told', () => offersOf(told).length === 1)
    expect(offersOf(told)[0]).toMatchObject({
      id: 'speak_up',
      points: 50,
      state: 'open',
      title: HELLO,
    })
    const before = await spendable(ANN)
    await say(13, ANN, thenMs)
    await until('it is paid', () => offersOf(told).some(({ state }) => state === 'won'))
    // 5 points of the comment itself, and the offer.
    expect((await spendable(ANN)) - before).toBe(55)
    await say(13, ANN, thenMs + 10_000)
    await watchIn(14, ANN, { beats: 4, fromMs: START_MS + 3_600_000, nonce: 4 })
    await say(14, ANN, START_MS + 3_700_000)
    await stand.drained()
    expect((await spendable(ANN)) - before).toBe(65)
    expect((await targeting.read(ANN))?.segments.map(({ id }) => id)).not.toContain('lurker')
  })

  test('[TG4] a refused comment is no first word, and one who talks is offered nothing', async () => {
    const { told } = open(policyOf())
    await stand.worker()
    const thenMs = await lurk(ANN)
    await until('the offer is told', () => offersOf(told).length === 1)
    await stand.bench.one(thenMs, {
      account: ANN,
      session: { startMs: START_MS + 90, nonce: 90 },
      actions: [act(++seq, 'comment', { p1: 1, refused: 20 })],
    })
    Object.assign(stand.bench.room, { live: 11 })
    await say(11, BEN, START_MS + 1000)
    await lurk(BEN)
    await stand.drained()
    expect(offersOf(told).map(({ state }) => state)).toEqual(['open'])
  })

  test('[TG4] an offer ends with its time', async () => {
    const { told } = open(policyOf())
    await stand.worker()
    const thenMs = await lurk(ANN)
    await until('the offer is told', () => offersOf(told).length === 1)
    await say(13, ANN, thenMs + 11 * 60_000)
    await stand.drained()
    expect(offersOf(told).map(({ state }) => state)).toEqual(['open'])
  })

  test('[TG4 000-29] whoever opened three products and shared none is asked for a share, in the live', async () => {
    const { told } = open(
      policyOf({
        offers: [{ id: 'show', label: HELLO, browsed: 3, ask: 'share', points: 30, often: 'live' }],
      }),
    )
    await stand.worker()
    Object.assign(stand.bench.room, { live: 21 })
    const browse = (n: number) =>
      stand.bench.one(START_MS + n * 1000, { account: ANN, actions: [act(++seq, 'browse')] })
    await browse(1)
    await browse(2)
    await stand.drained()
    expect(told).toEqual([])
    await browse(3)
    await until('the offer is told', () => offersOf(told).length === 1)
    await stand.bench.one(START_MS + 9000, { account: ANN, actions: [act(++seq, 'share')] })
    await until('it is paid', () => offersOf(told).length === 2)
    expect(offersOf(told)[1]).toMatchObject({ id: 'show', state: 'won' })
  })

  test('[TG4] whoever opens the page anew is told of the open offer again', async () => {
    const { told } = open(policyOf())
    await stand.worker()
    const thenMs = await lurk(ANN)
    await until('the offer is told', () => offersOf(told).length === 1)
    await watchIn(13, ANN, { beats: 0, fromMs: thenMs, nonce: 7 })
    await until('it is told again', () => offersOf(told).length === 2)
    expect(offersOf(told)[1]).toEqual(offersOf(told)[0])
  })
})

describe('given once, whatever dies', () => {
  const deaths = {
    'before the points': (deps: TargetingDeps) => ({
      wallets: {
        ...deps.wallets,
        issue: async () => {
          throw new Error('died before')
        },
      },
    }),
    'after the points': (deps: TargetingDeps) => ({
      wallets: {
        ...deps.wallets,
        issue: async (request: Parameters<TargetingDeps['wallets']['issue']>[0]) => {
          await deps.wallets.issue(request)
          throw new Error('died after')
        },
      },
    }),
    'before the devices are told': () => ({
      tell: async () => {
        throw new Error('died before telling')
      },
    }),
  }
  for (const [when, change] of Object.entries(deaths))
    test(`[TG6] a worker that dies ${when} leaves it to the next one`, async () => {
      open(policyOf(), change)
      const first = await stand.worker()
      const thenMs = await lurk(ANN)
      const before = await spendable(ANN)
      await say(13, ANN, thenMs)
      await stand.drained()
      await first.stop()
      const { told } = open(policyOf())
      stand.deps.nowMs = () => START_MS + 3_600_000
      const second = await stand.worker()
      await until('the next worker pays', () => offersOf(told).some(({ state }) => state === 'won'))
      expect((await spendable(ANN)) - before).toBe(55)
      await second.stop()
      const totals = await stand.audit()
      expect(totals.flatMap(({ problems }) => problems)).toEqual([])
    })

  test('[TG6] two workers over the same journal note everything once', async () => {
    const { targeting } = open(policyOf())
    await stand.worker()
    open(policyOf())
    await stand.worker()
    await Promise.all([lurk(ANN)])
    await stand.drained()
    const behaviour = await targeting.read(ANN)
    expect(behaviour).toMatchObject({ lives: 3, comments: 0, watchedSec: 165 })
  })
})

describe('segments', () => {
  test('[TG7 001-29 001-30 004-16] 30 days away: the merchant is told of the pack, which waits for the next visit, once an absence', async () => {
    const replay = { room: 'kitchen', url: 'https://shop.example/replays/1' }
    const replaysOf = async () => [replay]
    const { heard, told, given, targeting } = open(policyOf(), () => ({ replaysOf }))
    await stand.worker()
    await watchIn(11, ANN, { beats: 2, fromMs: START_MS })
    await stand.drained()
    const before = await spendable(ANN)
    stand.deps.nowMs = () => START_MS + 31 * DAY_MS
    const away = () => heard.filter(({ data }) => data.segment === 'away')
    await until('the merchant is told', () => away().length === 1)
    expect(away()[0]).toMatchObject({
      account: ANN,
      type: 'segment.entered',
      data: {
        pack: { kind: 'comeback_pack', points: 80, gifts: ['coupon'], given: 'nextVisit' },
        hours: [12],
        replays: [replay],
      },
    })
    expect((await targeting.sizes()).get('away')).toBe(1)
    expect(await spendable(ANN)).toBe(before)
    await watchIn(12, ANN, { beats: 2, fromMs: START_MS + 31 * DAY_MS, nonce: 2 })
    await until('it is delivered', () => told.some(({ pack }) => pack !== undefined))
    expect((await spendable(ANN)) - before).toBe(80)
    expect(given).toHaveLength(1)
    await watchIn(13, ANN, { beats: 2, fromMs: START_MS + 31 * DAY_MS + 900_000, nonce: 3 })
    await stand.drained()
    expect((await spendable(ANN)) - before).toBe(80)
    expect((await targeting.sizes()).get('away')).toBe(0)
    // The next absence has a pack of its own.
    stand.deps.nowMs = () => START_MS + 62 * DAY_MS
    await until(
      'told again',
      () => away().filter(({ type }) => type === 'segment.entered').length === 2,
    )
    await watchIn(14, ANN, { beats: 1, fromMs: START_MS + 62 * DAY_MS, nonce: 4 })
    await until('delivered again', () => told.filter(({ pack }) => pack).length === 2)
    expect((await spendable(ANN)) - before).toBe(160)
  })

  test('[TG7 004-17] a high tier that goes quiet is cared for at once where the rulebook says so', async () => {
    const policy = policyOf({
      segments: [
        {
          id: 'cooling',
          label: HELLO,
          all: [
            { figure: 'rung', atLeast: 3 },
            { figure: 'change', atMost: -50 },
          ],
          tell: true,
          pack: { kind: 'care_pack', points: 200, given: 'atOnce' },
        },
      ],
      offers: [],
    })
    const { heard, told } = open(policy, () => ({ rungOf: async () => 3 }))
    await stand.worker()
    for (let day = 0; day < 3; day++)
      await watchIn(11 + day, ANN, { beats: 8, fromMs: START_MS + day * DAY_MS, nonce: day + 1 })
    await stand.drained()
    expect(heard).toEqual([])
    const before = await spendable(ANN)
    stand.deps.nowMs = () => START_MS + 18 * DAY_MS
    await until('care is given', () => told.some(({ pack }) => pack?.pack === 'care_pack'))
    expect((await spendable(ANN)) - before).toBe(200)
    expect(heard.map(({ type }) => type)).toEqual(['segment.entered'])
    stand.deps.nowMs = () => START_MS + 420 * DAY_MS
    await until('who stays away is not looked at any more', async () => {
      const looked = await redis.keys('*targetreview*')
      return looked.length === 0
    })
  })

  test('[TG8] of who is erased nothing is kept, nor noted again', async () => {
    const { targeting } = open(policyOf(), () => ({ knownOf: async () => new Set([BEN]) }))
    await stand.worker()
    await watchIn(11, ANN, { beats: 2, fromMs: START_MS })
    await watchIn(11, BEN, { beats: 2, fromMs: START_MS })
    await stand.drained()
    expect(await targeting.read(ANN)).toBeUndefined()
    expect(await targeting.read(BEN)).toMatchObject({ lives: 1 })
    await targeting.forget(BEN)
    await targeting.forget(BEN)
    expect(await targeting.read(BEN)).toBeUndefined()
    expect(await redis.keys('*targetreview*')).toEqual([])
  })

  test('[TG9] what another account of the same person did is added once by a merge', async () => {
    const { targeting } = open(policyOf())
    await stand.worker()
    await watchIn(11, ANN, { beats: 4, fromMs: START_MS })
    await say(11, BEN, START_MS + 500_000)
    await stand.drained()
    for (const id of ['m1', 'm2'])
      await stand.deps.wallets.issue({
        account: BEN,
        id,
        cause: 'merged_in',
        subject: formatAccount(ANN),
        lots: [{ issuer: 1, points: 1 }],
      })
    await stand.drained()
    expect(await targeting.read(BEN)).toMatchObject({
      comments: 1,
      lives: 2,
      watchedSec: 60,
      joined: [ANN],
    })
  })

  test('[TG10 002-53] days of nothing but watching freeze an account where the rulebook says so', async () => {
    const idle = (freeze: boolean) =>
      policyOf({
        segments: [
          { id: 'idle', label: HELLO, all: [{ figure: 'activeDays', atLeast: 2 }], freeze },
        ],
        offers: [],
      })
    open(idle(false))
    const first = await stand.worker()
    await watchIn(11, ANN, { beats: 1, fromMs: START_MS, nonce: 1 })
    await watchIn(12, ANN, { beats: 1, fromMs: START_MS + DAY_MS, nonce: 2 })
    await stand.drained()
    expect((await recordOf(ANN)).frozen).toBe(false)
    await first.stop()
    open(idle(true))
    await stand.worker()
    await watchIn(11, BEN, { beats: 1, fromMs: START_MS, nonce: 1 })
    await watchIn(12, BEN, { beats: 1, fromMs: START_MS + DAY_MS, nonce: 2 })
    await until('the account is frozen', async () => (await recordOf(BEN)).frozen)
  })
})
