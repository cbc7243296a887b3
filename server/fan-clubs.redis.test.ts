import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatAccount } from '../shared/ids.ts'
import { DAY_MS, MINUTE_MS } from '../shared/time.ts'
import { clubsKey, membersKey } from './clubs/keys.ts'
import { CLUB, type ClubRules, ClubStand } from './fan-clubs.testing.ts'
import type { Store } from './redis/index.ts'
import { dies, dyingAfter } from './redis/testing.ts'
import { useRedis } from './redis/use-redis.testing.ts'
import { changeGrowth } from './scoring/change-growth.ts'
import { ZERO } from './worker/element.ts'
import { readAfter } from './worker/journal.ts'

let redis: Store
let on: ClubStand
const ACCOUNTS = [2, 3, 4, 5]
const [ANN = 0, BEN = 0, CID = 0] = ACCOUNTS
useRedis(async (server) => {
  redis = await server.connect()
})
async function begin(rules?: ClubRules) {
  await on?.clean()
  on = await ClubStand.begin(redis, rules)
}
beforeEach(() => begin())
afterEach(() => on.clean())

const Doing = fc.record({
  who: fc.nat(3),
  what: fc.constantFrom('like', 'like', 'comment', 'share', 'join', 'leave', 'day'),
  much: fc.integer({ min: 1, max: 8 }),
})
const GAINS = { like: CLUB.earns.like, comment: CLUB.earns.comment, share: CLUB.earns.share }
const runs = Number(process.env.FANFARE_TEST_RUNS ?? 8)

test('[FC1 FC3 FC4 FC6 FC15 004-13] growth is counted once, within the cap of a day, and each rung gives its growth once, whatever dies or is rebuilt', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(Doing, { minLength: 8, maxLength: 40 }),
      fc.array(
        fc.record({
          calls: fc.nat(20),
          upTo: fc.integer({ min: 1, max: 12 }),
          lost: fc.nat(3).map((one) => one === 0),
        }),
        { maxLength: 6 },
      ),
      async (doings, deaths) => {
        await begin()
        const model = ACCOUNTS.map(() => ({ in: false, all: 0, today: 0 }))
        for (const { who, what, much } of doings) {
          const account = ACCOUNTS[who] ?? 0
          const own = model[who] ?? { in: false, all: 0, today: 0 }
          if (what === 'join') {
            on.nowMs += 1000
            await on.join(account)
            own.in = true
          } else if (what === 'leave') {
            // What was done before is counted first: a worker that comes later finds no member.
            await on.count()
            await on.clubsOn().leave(await on.clubAt(), account)
            own.in = false
          } else if (what === 'day') {
            on.nowMs += DAY_MS
            for (const one of model) one.today = 0
          } else {
            const units = what === 'like' ? much : 1
            await on.does(account, what as keyof typeof GAINS, units)
            const gain = own.in ? units * GAINS[what as keyof typeof GAINS] : 0
            const counted = Math.min(gain, CLUB.perDay - own.today)
            own.all += counted
            own.today += counted
          }
        }
        for (const { calls, upTo, lost } of deaths) {
          await dies(on.count(dyingAfter(redis, calls), upTo))
          if (lost) await on.loseAll()
        }
        await on.count()
        await on.finish()
        const sums = await on.given()
        for (const [i, account] of ACCOUNTS.entries()) {
          const { in: isIn = false, all = 0, today = 0 } = model[i] ?? {}
          const { own } = await on.viewOf(account)
          expect(own !== undefined).toBe(isIn)
          if (isIn)
            expect(own).toMatchObject({ growth: all, rung: all >= 40 ? 2 : all >= 10 ? 1 : 0 })
          if (isIn) expect(own?.today).toBeLessThanOrEqual(Math.max(today, CLUB.perDay))
          const rungs = (all >= 10 ? 50 : 0) + (all >= 40 ? 100 : 0)
          expect(sums.get(`growth ${account}`) ?? 0).toBe(rungs)
        }
        const { club } = await on.clubsOn().desk(await on.clubAt())
        expect(club?.members).toBe(model.filter((one) => one.in).length)
      },
    ),
    { numRuns: runs },
  )
}, 120_000)

test('[FC1] of two workers that have a partition at once only one counts', async () => {
  await on.join(ANN)
  await on.does(ANN, 'share')
  await on.does(ANN, 'share')
  const place = on.placeOf(ANN)
  const all = await readAfter(redis, place.slot, { after: ZERO, limit: 100 })
  const [first, second] = [on.consumerOn(redis), on.consumerOn(redis)]
  for (const one of [first, second]) await one.open?.(place, ZERO)
  await first.handle(place, all.slice(0, 1))
  await expect(second.handle(place, all)).rejects.toThrow('got further')
  await first.handle(place, all.slice(1))
  expect((await on.viewOf(ANN)).own?.growth).toBe(10)
})

test('[FC1] without members, or without clubs in the rules, nothing stays but the cursor', async () => {
  await on.does(ANN, 'share')
  await on.count()
  const { slot } = on.placeOf(ANN)
  expect(await redis.keys(`ff:${slot}:club*`)).toEqual([])
  expect((await on.cursorOf(slot, 'clubs')).ms).toBeGreaterThan(0)
})

test('[FC2 004-15] one club for all rooms of a host, another for another host, and none beyond the limit', async () => {
  await on.join(ANN)
  await on.open('market', 'lin')
  await on.does(ANN, 'share')
  await on.count()
  expect((await on.viewOf(ANN, 'kitchen')).own?.growth).toBe(5)
  expect((await on.viewOf(ANN, 'market')).own?.growth).toBe(5)
  await on.open('garden', 'mei')
  expect((await on.viewOf(ANN, 'garden')).own).toBeUndefined()
  await on.does(ANN, 'share')
  on.nowMs += 1000
  await on.join(ANN, 'join-garden-1', 'garden')
  await on.open('attic', 'bo')
  expect(await on.join(ANN, 'join-attic-01', 'attic')).toMatchObject({ code: 'club_limit' })
  await on.count()
  expect((await on.viewOf(ANN, 'garden')).own?.growth).toBe(0)
  await on.clubsOn().leave(await on.clubAt('garden'), ANN)
  expect(await on.join(ANN, 'join-attic-02', 'attic')).toMatchObject({ ok: true })
})

test('[FC5] who leaves keeps growth and rung for the next time', async () => {
  await on.join(ANN)
  for (let n = 0; n < 3; n++) await on.does(ANN, 'share')
  await on.count()
  await on.clubsOn().leave(await on.clubAt(), ANN)
  expect((await on.viewOf(ANN)).own).toBeUndefined()
  await on.does(ANN, 'share')
  await on.count()
  await on.join(ANN, 'join-again-1')
  expect((await on.viewOf(ANN)).own).toMatchObject({ growth: 15, rung: 1 })
})

test('[FC7] who is on a higher tier of the platform gathers more', async () => {
  await begin({ byTier: [{ rung: 'silver', factor: 2 }] })
  const silver = on.bench.book.ladder.rungs.find(({ id }) => id === 'silver')?.growth ?? 0
  await changeGrowth(redis, on.growthAt(ANN), {
    ...{ account: ANN, id: 'gift-growth', growth: silver, cause: 'adjusted', subject: '' },
  })
  for (const account of [ANN, BEN]) {
    await on.join(account)
    await on.does(account, 'share')
  }
  await on.count()
  expect((await on.viewOf(ANN)).own?.growth).toBe(10)
  expect((await on.viewOf(BEN)).own?.growth).toBe(5)
})

const points = async (account: number) => {
  const { wallet } = await on.walletsOn(redis).readRecord(account)
  const of = (bucket: string) =>
    wallet.lots.reduce((sum, lot) => sum + (lot.bucket === bucket ? lot.points : 0), 0)
  return { spendable: of('spendable'), held: of('held') }
}
let gifts = 0
const give = async (account: number, amount: number) => {
  const { brandNo } = await on.clubAt()
  const lots = [{ issuer: brandNo, points: amount }]
  const id = `give-${++gifts}-0000`
  await on.walletsOn(redis).issue({ account, id, lots, cause: 'adjusted', at: brandNo })
}

test('[FC8] joining costs its points once, and nothing where it is refused', async () => {
  await begin({ joinPoints: 30, clubs: 1 })
  expect(await on.join(ANN)).toMatchObject({ code: 'points_short' })
  await give(ANN, 100)
  expect(await on.viewOf(ANN)).toMatchObject({ joinPoints: 30 })
  expect(await on.join(ANN, 'join-paid-01')).toMatchObject({ ok: true })
  expect(await on.join(ANN, 'join-paid-01')).toMatchObject({ ok: true })
  expect(await on.join(ANN, 'join-paid-02')).toMatchObject({ ok: true })
  expect(await points(ANN)).toEqual({ spendable: 70, held: 0 })
  await on.open('garden', 'mei')
  expect(await on.join(ANN, 'join-other-1', 'garden')).toMatchObject({ code: 'club_limit' })
  expect(await points(ANN)).toEqual({ spendable: 70, held: 0 })
  await on.clubsOn().leave(await on.clubAt(), ANN)
  expect(await on.viewOf(ANN)).toMatchObject({ joinPoints: 0 })
  expect(await on.join(ANN, 'join-paid-03')).toMatchObject({ ok: true })
  expect(await points(ANN)).toEqual({ spendable: 70, held: 0 })
})

test('[FC8] wherever joining is cut off, member and paid are one', async () => {
  for (let calls = 0; calls < 14; calls++) {
    await begin({ joinPoints: 30 })
    await give(ANN, 100)
    const place = await on.clubAt()
    const request = { account: ANN, requestId: 'join-paid-01' }
    await dies(on.clubsOn(dyingAfter(redis, calls)).join(place, request))
    const hold = await on.walletsOn(redis).readHold({ account: ANN, id: 'cl-join-paid-01' })
    on.nowMs += 2 * MINUTE_MS
    if (hold?.state === 'open') {
      const verdict = await on.clubsOn().settleHold({ account: ANN, id: hold.id })
      const wallets = on.walletsOn(redis)
      if (verdict === 'capture') await wallets.capture({ account: ANN, id: hold.id, late: true })
      else await wallets.void({ account: ANN, id: hold.id })
      // A request that comes now, under the same hold, finds it decided.
      const late = await on.clubsOn().join(place, request)
      expect(late).toMatchObject(verdict === 'capture' ? { ok: true } : { code: 'hold_closed' })
    }
    const isIn = (await on.viewOf(ANN)).own !== undefined
    expect(await points(ANN), `dead after ${calls}`).toEqual({
      ...{ spendable: isIn ? 70 : 100, held: 0 },
    })
  }
})

test('[FC12 FC15] the club of an account that became one with another goes with it, once', async () => {
  await on.join(ANN)
  await on.join(BEN)
  for (const account of [ANN, BEN]) for (let n = 0; n < 2; n++) await on.does(account, 'share')
  await on.count()
  for (const id of ['merge-one-in', 'merge-two-in'])
    await changeGrowth(redis, on.growthAt(ANN), {
      ...{ account: ANN, id, growth: 1, cause: 'merged_in', subject: formatAccount(BEN) },
    })
  // Begun, cut off, and gone on with after everything was made again.
  await dies(on.count(dyingAfter(redis, 8)))
  for (let rebuilt = 0; rebuilt < 2; rebuilt++) {
    await on.loseAll()
    await on.count()
    await on.finish()
    expect((await on.viewOf(ANN)).own?.growth).toBe(20)
    expect((await on.viewOf(BEN)).own).toBeUndefined()
    expect((await on.clubsOn().desk(await on.clubAt())).club?.members).toBe(1)
  }
})

test('[FC15 FC8 FC13] members, their growth and rungs are the same after a rebuild; who was erased is not there', async () => {
  await begin({ joinPoints: 10 })
  await on.open('garden', 'mei')
  for (const account of [ANN, BEN, CID])
    await on.walletsOn(redis).issue({
      ...{ account, id: `gift-${account}-000`, cause: 'prize' },
      lots: [{ issuer: on.bench.room.issuer, points: 500 }],
    })
  for (const account of [ANN, BEN, CID]) expect(await on.join(account)).toMatchObject({ ok: true })
  await on.join(ANN, 'join-garden-1', 'garden')
  for (const account of [ANN, BEN]) await on.does(account, 'share')
  await on.count()
  await on.clubsOn().leave(await on.clubAt(), BEN)
  await on.clubsOn().forget(CID)
  const seen = async () => ({
    views: [
      await on.viewOf(ANN),
      await on.viewOf(BEN),
      await on.viewOf(CID),
      await on.viewOf(ANN, 'garden'),
    ],
    club: (await on.clubsOn().desk(await on.clubAt())).club,
    record: await redis.getBuffer(clubsKey(on.placeOf(ANN).slot, ANN)),
  })
  const before = await seen()
  await on.loseAll()
  await on.finish()
  expect(await seen()).toMatchObject(before)
  expect((await on.viewOf(BEN)).joinPoints).toBe(0)
  expect((await on.viewOf(CID)).joinPoints).toBe(10)
  // What was not counted before the loss is counted after it.
  await on.does(ANN, 'share')
  await on.loseAll()
  await on.count()
  expect((await on.viewOf(ANN, 'garden')).own?.growth).toBe(10)
  expect(await on.join(BEN, 'join-again-2')).toMatchObject({ ok: true })
})

test('[FC13] of who is erased no club knows anything', async () => {
  await on.join(ANN)
  await on.does(ANN, 'share')
  await on.count()
  await on.clubsOn().forget(ANN)
  await on.clubsOn().forget(ANN)
  const { slot } = on.placeOf(ANN)
  expect(await redis.exists(clubsKey(slot, ANN))).toBe(0)
  expect(await redis.zscore(membersKey(slot), String(ANN))).toBeNull()
  expect((await on.clubsOn().desk(await on.clubAt())).club).toMatchObject({
    ...{ members: 0, byRung: [{ members: 0 }, { members: 0 }, { members: 0 }] },
  })
})
