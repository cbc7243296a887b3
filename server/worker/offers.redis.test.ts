import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { act, START_MS } from '../scoring/bench.testing.ts'
import type { TargetingDeps } from '../targeting/index.ts'
import { ANN, BEN, HELLO, offersOf, policyOf, TargetingStand } from './targeting.testing.ts'
import { type Stand, until } from './worker.testing.ts'

let redis: Store
let on: TargetingStand
let stand: Stand
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  on = new TargetingStand(redis)
  stand = on.stand
})
afterEach(() => stand.clean())

describe('offers', () => {
  test('[TG4 000-27] a lurker is told what a first word brings, and gets it once, with an entry that says why', async () => {
    const { told, targeting } = on.open(policyOf())
    await stand.worker()
    const thenMs = await on.lurk(ANN)
    await until('the offer is told', () => offersOf(told).length === 1)
    expect(offersOf(told)[0]).toMatchObject({
      id: 'speak_up',
      points: 50,
      state: 'open',
      title: HELLO,
    })
    const before = await on.spendable(ANN)
    await on.say(13, ANN, thenMs)
    await until('it is paid', () => offersOf(told).some(({ state }) => state === 'won'))
    // 5 points of the comment itself, and the offer.
    expect((await on.spendable(ANN)) - before).toBe(55)
    await on.say(13, ANN, thenMs + 10_000)
    await on.watchIn(14, ANN, { beats: 4, fromMs: START_MS + 3_600_000, nonce: 4 })
    await on.say(14, ANN, START_MS + 3_700_000)
    await stand.drained()
    expect((await on.spendable(ANN)) - before).toBe(65)
    expect((await targeting.read(ANN))?.segments.map(({ id }) => id)).not.toContain('lurker')
  })

  test('[TG4] a refused comment is no first word, and one who talks is offered nothing', async () => {
    const { told } = on.open(policyOf())
    await stand.worker()
    const thenMs = await on.lurk(ANN)
    await until('the offer is told', () => offersOf(told).length === 1)
    await stand.bench.one(thenMs, {
      account: ANN,
      session: { startMs: START_MS + 90, nonce: 90 },
      actions: [act(1, 'comment', { p1: 1, refused: 20 })],
    })
    Object.assign(stand.bench.room, { live: 11 })
    await on.say(11, BEN, START_MS + 1000)
    await on.lurk(BEN)
    await stand.drained()
    expect(offersOf(told).map(({ state }) => state)).toEqual(['open'])
  })

  test('[TG4] an offer ends with its time', async () => {
    const { told } = on.open(policyOf())
    await stand.worker()
    const thenMs = await on.lurk(ANN)
    await until('the offer is told', () => offersOf(told).length === 1)
    await on.say(13, ANN, thenMs + 11 * 60_000)
    await stand.drained()
    expect(offersOf(told).map(({ state }) => state)).toEqual(['open'])
  })

  test('[TG4 000-29] whoever opened three products and shared none is asked for a share, in the live', async () => {
    const { told } = on.open(
      policyOf({
        offers: [{ id: 'show', label: HELLO, browsed: 3, ask: 'share', points: 30, often: 'live' }],
      }),
    )
    await stand.worker()
    Object.assign(stand.bench.room, { live: 21 })
    const browse = (n: number) =>
      stand.bench.one(START_MS + n * 1000, { account: ANN, actions: [act(n, 'browse')] })
    await browse(1)
    await browse(2)
    await stand.drained()
    expect(told).toEqual([])
    await browse(3)
    await until('the offer is told', () => offersOf(told).length === 1)
    await stand.bench.one(START_MS + 9000, { account: ANN, actions: [act(4, 'share')] })
    await until('it is paid', () => offersOf(told).length === 2)
    expect(offersOf(told)[1]).toMatchObject({ id: 'show', state: 'won' })
  })

  test('[TG4] whoever opens the page anew is told of the open offer again', async () => {
    const { told } = on.open(policyOf())
    await stand.worker()
    const thenMs = await on.lurk(ANN)
    await until('the offer is told', () => offersOf(told).length === 1)
    await on.watchIn(13, ANN, { beats: 0, fromMs: thenMs, nonce: 7 })
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
      on.open(policyOf(), change)
      const first = await stand.worker()
      const thenMs = await on.lurk(ANN)
      const before = await on.spendable(ANN)
      await on.say(13, ANN, thenMs)
      await stand.drained()
      await first.stop()
      const { told } = on.open(policyOf())
      stand.deps.nowMs = () => START_MS + 3_600_000
      const second = await stand.worker()
      await until('the next worker pays', () => offersOf(told).some(({ state }) => state === 'won'))
      expect((await on.spendable(ANN)) - before).toBe(55)
      await second.stop()
      const totals = await stand.audit()
      expect(totals.flatMap(({ problems }) => problems)).toEqual([])
    })

  test('[TG6] two workers over the same journal note everything once', async () => {
    const { targeting } = on.open(policyOf())
    await stand.worker()
    on.open(policyOf())
    await stand.worker()
    await Promise.all([on.lurk(ANN)])
    await stand.drained()
    const behaviour = await targeting.read(ANN)
    expect(behaviour).toMatchObject({ lives: 3, comments: 0, watchedSec: 165 })
  })
})
