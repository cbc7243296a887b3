import { beforeEach, expect, test } from 'vitest'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import type { RulebookInput } from '../../shared/rulebook/schema.ts'
import { DAY_MS } from '../../shared/time.ts'
import { must } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { createWalletStand, held, holding } from '../wallet/testing.ts'
import { act, createBench, START_MS } from './bench.testing.ts'
import { changeGrowth } from './change-growth.ts'
import { keepTiers } from './keep-tiers.ts'
import { Random } from './random.testing.ts'

let redis: Store
useRedis(
  async (server) => {
    redis = await server.connect()
  },
  ['--appendonly', 'no'],
)
beforeEach(async () => {
  await redis.flushall()
})

type Rungs = RulebookInput['ladder']['rungs']
type Deed = Parameters<typeof act>[1]

const label = { zh: '级', en: 'Tier' }
const ACCOUNT = 5
const EARN: RulebookInput['earn'] = [
  { id: 'like', no: 1, action: 'like', points: 1 },
  { id: 'share', no: 2, action: 'share', points: 0, growth: 10 },
]
const [WATCHES, INVITES] = [
  {
    id: 'watches',
    no: 1,
    title: label,
    action: 'comment' as const,
    period: 'streak' as const,
    cycle: 'end' as const,
    steps: [{ goal: 3, points: 0 }],
  },
  {
    id: 'invites',
    no: 2,
    title: label,
    action: 'invite' as const,
    period: 'once' as const,
    steps: [
      { goal: 1, points: 0 },
      { goal: 3, points: 1 },
    ],
  },
]

function stand(rungs: Rungs, more: Partial<RulebookInput> = {}) {
  const bench = createBench(redis, {
    earn: EARN,
    quests: [WATCHES, INVITES],
    ladder: { id: 'ways', rungs },
    ...more,
  })
  const slot = bench.places.slotOf(ACCOUNT)
  let seq = 0
  return {
    ...bench,
    slot,
    async does(atMs: number, action: Deed, units = 1, of: { p1?: number; p2?: number } = {}) {
      const more = { units, p1: action === 'comment' ? ++seq : 0, ...of }
      const { state, entry } = await bench.one(atMs, {
        account: ACCOUNT,
        actions: [act(++seq, action, more)],
      })
      const { receipts, promotions } = must(entry, 'something applied')
      const paid = receipts.reduce((sum, { points }) => sum + points, 0)
      return { tier: state.tier, watch: state.watch, earned: state.earned, promotions, paid }
    },
    grow: (atMs: number, id: string, growth: number) =>
      changeGrowth(
        redis,
        { slot, book: bench.book, journalMax: 1000, nowMs: atMs },
        { account: ACCOUNT, id, growth, cause: 'refunded', subject: 'o' },
      ),
    keep: (atMs: number) =>
      keepTiers(redis, { slot, book: bench.book, journalMax: 1000, aroundMs: atMs, nowMs: atMs }, [
        ACCOUNT,
      ]),
  }
}

const regular = { id: 'regular', label, growth: 0 }

test('[TI11 003-20] points ever earned make a tier, growth does not where the rung names none, and spending takes nothing', async () => {
  const { does } = stand([
    regular,
    { id: 'silver', label, lifetimePoints: 30 },
    { id: 'gold', label, lifetimePoints: 100 },
  ])
  expect((await does(START_MS, 'share', 50)).tier).toMatchObject({ rung: 0, growth: 500 })
  expect((await does(START_MS, 'like', 29)).tier).toMatchObject({ rung: 0 })
  const risen = await does(START_MS, 'like')
  expect(risen).toMatchObject({ earned: 30, tier: { rung: 1, promotions: 1 } })
  expect(risen.promotions).toEqual([{ ladder: 1, from: 0, rung: 1, no: 1 }])
  const { wallets } = createWalletStand(redis)
  const spent = { account: ACCOUNT, id: 'h1' }
  held(await wallets.hold(holding(30, spent)))
  held(await wallets.capture(spent))
  expect(await does(START_MS + DAY_MS, 'like')).toMatchObject({ earned: 31, tier: { rung: 1 } })
  // 69 and not 100 are missing, though none of the points is left.
  expect((await does(START_MS + DAY_MS, 'like', 69)).tier).toMatchObject({ rung: 2, promotions: 2 })
})

test('[TI11 003-20] points that a server gave count with the next action that earns, and with the first of a day', async () => {
  const { does } = stand([regular, { id: 'silver', label, lifetimePoints: 30 }])
  await does(START_MS, 'like')
  const { wallets } = createWalletStand(redis)
  const lots = [{ issuer: 1, points: 40 }]
  held(await wallets.issue({ account: ACCOUNT, id: 'i1', cause: 'adjusted', lots }))
  expect((await does(START_MS + 1000, 'like')).tier).toMatchObject({ rung: 1, promotions: 1 })
})

test('[TI11 002-34] three days of watching in a row and three friends are the gold card, in whatever order', async () => {
  const community = PRESETS.community
  const { does } = stand(community.ladder.rungs, { ...community })
  expect((await does(START_MS, 'invite', 3)).tier.rung).toBe(0)
  const rungs: number[] = []
  let watch = { nonce: 0, dueAtMs: 0 }
  for (const day of [0, 1, 2]) {
    const start = START_MS + day * DAY_MS
    ;({ watch } = await does(start, 'watch', 1, { p1: watch.nonce, p2: 10 * day + 1 }))
    const beat = await does(watch.dueAtMs, 'watch', 1, { p1: watch.nonce, p2: 10 * day + 2 })
    watch = beat.watch
    rungs.push(beat.tier.rung)
  }
  expect(rungs).toEqual([0, 0, 1])
})

test('[TI12] a rung that points or quests hold is never lost by time, and nothing is asked for it', async () => {
  const rungs = [
    regular,
    { id: 'silver', label, growth: 50, lifetimePoints: 20 },
    { id: 'gold', label, growth: 100, taskSet: ['invites'] },
  ]
  const { does, keep, grow } = stand(rungs, { demotion: { kind: 'grace' } })
  const held = (await does(START_MS, 'share', 10)).tier
  expect(held).toMatchObject({ rung: 2, keep: { growth: 110 } })
  // The third friend: what growth had reached is held without it now.
  const free = (await does(START_MS, 'invite', 3)).tier
  expect(free).toEqual({ rung: 2, growth: 100, promotions: 1 })
  for (let day = 20; day < 200; day += 5) await keep(START_MS + day * DAY_MS)
  // A refund takes growth, and not the rung.
  await grow(START_MS + 200 * DAY_MS, 'r1', -100)
  expect((await does(START_MS + 200 * DAY_MS, 'like')).tier).toEqual({
    rung: 2,
    growth: 0,
    promotions: 1,
  })
})

test('[TI12] with the point from which on it holds the rung, nothing is asked for it', async () => {
  const rungs = [regular, { id: 'silver', label, growth: 50, lifetimePoints: 20 }]
  const { does } = stand(rungs, { demotion: { kind: 'grace' } })
  expect((await does(START_MS, 'share', 5)).tier).toMatchObject({ rung: 1, keep: { growth: 55 } })
  expect((await does(START_MS, 'like', 19)).tier).toMatchObject({ keep: { growth: 55 } })
  expect((await does(START_MS, 'like')).tier).toEqual({ rung: 1, growth: 50, promotions: 1 })
})

test('[TI12 TI8] who falls from growth falls by one rung, onto one that quests make, and comes back with what was missing', async () => {
  const rungs = [
    regular,
    { id: 'silver', label, taskSet: ['watches'] },
    { id: 'gold', label, growth: 100, keep: 30 },
  ]
  const { does, keep } = stand(rungs, { demotion: { kind: 'grace' } })
  expect((await does(START_MS, 'share', 10)).tier).toMatchObject({ rung: 2, growth: 100 })
  await keep(START_MS + 25 * DAY_MS)
  await keep(START_MS + 40 * DAY_MS)
  const fallen = (await does(START_MS + 40 * DAY_MS, 'like')).tier
  expect(fallen).toEqual({ rung: 1, growth: 70, promotions: 1 })
  expect((await does(START_MS + 40 * DAY_MS, 'share', 3)).tier).toMatchObject({
    rung: 2,
    growth: 100,
    promotions: 2,
  })
})

/** More are played with `HISTORIES=500`. */
const HISTORIES = Number(process.env.HISTORIES ?? 15)

test(
  `[TI11] ${HISTORIES} histories over weeks: the rung is the highest of which any way was ever gone`,
  async () => {
    for (let seed = 1; seed <= HISTORIES; seed++) {
      await redis.flushall()
      const r = new Random(seed)
      const ways = (i: number) => ({
        ...(r.chance(0.5) && { growth: i * 40 }),
        ...(r.chance(0.5) && { lifetimePoints: i * 25 }),
        ...(r.chance(0.5) && {
          taskSet: r.pick([['watches'], ['invites'], ['watches', 'invites']]),
        }),
      })
      const rungs = [1, 2, 3].map((i) => {
        const of = ways(i)
        const some = Object.keys(of).length > 0 ? of : { growth: i * 40 }
        return { id: `r${i}`, label, ...some }
      })
      const { does, keep } = stand([regular, ...rungs], { demotion: { kind: 'highWater' } })
      const commented = new Set<number>()
      let [invites, growth, points, rung] = [0, 0, 0, 0]
      for (let day = 0; day < 12; day++) {
        for (let n = r.below(4); n > 0; n--) {
          const action = r.pick(['like', 'share', 'comment', 'invite'] as const)
          const units = action === 'like' ? r.between(1, 12) : 1
          const atMs = START_MS + day * DAY_MS + (4 - n) * 60_000
          const { tier, earned, paid } = await does(atMs, action, units)
          if (action === 'comment') commented.add(day)
          if (action === 'invite') invites++
          if (action === 'share') growth += 10
          points += action === 'like' ? units : action === 'invite' && invites === 3 ? 1 : 0
          const done = {
            watches: [...commented].some((at) => commented.has(at + 1) && commented.has(at + 2)),
            invites: invites >= 3,
          }
          const reached = rungs.findLastIndex(
            (of) =>
              ('growth' in of && growth >= (of.growth ?? 0)) ||
              ('lifetimePoints' in of && points >= (of.lifetimePoints ?? 0)) ||
              ('taskSet' in of && of.taskSet?.every((id) => done[id as keyof typeof done])),
          )
          rung = Math.max(rung, reached + 1)
          expect([seed, day, action, paid >= 0, tier.rung, tier.growth, earned]).toEqual([
            seed,
            day,
            action,
            true,
            rung,
            growth,
            points,
          ])
        }
        await keep(START_MS + day * DAY_MS + 3_600_000)
      }
    }
  },
  60_000 + HISTORIES * 500,
)
