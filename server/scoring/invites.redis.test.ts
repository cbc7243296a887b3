import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { type Behaviour, newBehaviour } from '../../shared/behaviour.ts'
import { InviteGuard, InvitePolicy } from '../../shared/rulebook/invite.ts'
import { DAY_MS } from '../../shared/time.ts'
import { createLog, systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { dies, dyingAfter } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { createWalletStand } from '../wallet/testing.ts'
import { Accounts } from './accounts.ts'
import { friendsOf, noteRefused } from './friends.ts'
import { invitesOf } from './invite-views.ts'
import { Invites, type StepDone } from './invites.ts'

let redis: Store
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
})

const [ANN, BEN, CLEO] = [5, 6, 7]

const ofAnybody = async (inviters: readonly number[]) => new Set(inviters)
const heldBy = async (invites: Invites) => (await invites.held(ofAnybody)).invites
const POLICY = InvitePolicy.parse({
  due: ['registers', 'orders'],
  points: 100,
  growth: 10,
  invitedPoints: 20,
  withinDays: 7,
  perDay: 2,
})

function stand(store = redis, policy: Partial<InvitePolicy> = {}) {
  const wallet = createWalletStand(store)
  const merged = new Map<number, number>()
  const options = {
    store,
    partitions: wallet.places,
    clock: systemClock,
    rulebook: () => ({
      version: 1,
      publishedAtMs: 0,
      by: 'test',
      book: { ...wallet.book, invite: { ...POLICY, ...policy } },
    }),
    journalMax: 1_000_000,
    nowMs: () => wallet.clock.nowMs,
  }
  const accounts = new Accounts({
    ...options,
    shards: { epoch: () => 'e1', indexOfSlot: () => 0 },
    readRoom: async () => undefined,
  })
  const behaviours = new Map<number, Behaviour>()
  const invites = new Invites({
    ...options,
    behaviourOf: async (account) => behaviours.get(account),
    wallets: wallet.wallets,
    changeGrowth: (change) => accounts.changeGrowth(change),
    log: createLog('silent', 'test'),
    settledIn: async (account) => merged.get(account) ?? account,
  })
  return {
    ...wallet,
    merged,
    invites,
    invite: (inviter: number, invited: number) =>
      invites.invite({ inviter, invited, brand: 'acme', by: 's1' }),
    /** As a journal tells it; nothing else happens to the account, so any number above that of the invite will do. */
    did: (account: number, step: StepDone['step'], more: Partial<StepDone> = {}) =>
      invites.done([{ account, step, version: 1000, atMs: wallet.clock.nowMs, ...more }]),
    arrive: (inviter: number, invited: number, network = `net-${invited}`) =>
      invites.arrive({ inviter, invited, brand: 'acme', network }),
    /** On one day only. */
    behave: (account: number, watchedSec: number) => {
      behaviours.set(account, {
        ...newBehaviour(1),
        watchedSec,
        days: [{ day: 1, watchedSec, acts: 0 }],
      })
    },
    frozen: async (account: number) => (await wallet.wallets.readRecord(account)).frozen,
    seen: (account: number) =>
      invitesOf({ ...options, clock: { ...systemClock, now: options.nowMs } }, account),
    async has(account: number) {
      const { balance, growth } = await accounts.standing(account)
      return { spendable: balance.spendable, pending: balance.pending, growth }
    },
  }
}
const NOTHING = { spendable: 0, pending: 0, growth: 0 }

test('[E11 002-16 003-10] points are pending until the friend has done all, then both are paid once', async () => {
  const { invite, did, has, moved, imbalance } = stand()
  expect(await invite(ANN, BEN)).toMatchObject({ ok: true, points: 100, invitedPoints: 20 })
  expect(await has(ANN)).toEqual({ ...NOTHING, pending: 100 })
  await did(BEN, 'orders')
  await did(BEN, 'watches')
  await did(CLEO, 'registers')
  expect(await has(ANN)).toEqual({ ...NOTHING, pending: 100 })
  for (let i = 0; i < 3; i++) await did(BEN, 'registers')
  expect(await has(ANN)).toEqual({ spendable: 100, pending: 0, growth: 10 })
  expect(await has(BEN)).toEqual({ ...NOTHING, spendable: 20 })
  expect(moved.map(({ cause }) => cause)).toEqual(['pending', 'due', 'invited'])
  expect(await invite(ANN, BEN)).toMatchObject({ ok: true, dup: true })
  expect(await has(ANN)).toMatchObject({ spendable: 100, pending: 0 })
  expect(await imbalance()).toBe(0)
})

test('[E12] nobody invites oneself, one who was invited or there before, or the own inviter', async () => {
  const { invite, give, has } = stand()
  const refused = { ok: false, code: 'invite_refused' }
  expect(await invite(ANN, ANN)).toMatchObject({ ...refused, field: 'invited' })
  expect(await invite(ANN, BEN)).toMatchObject({ ok: true })
  expect(await invite(CLEO, BEN)).toMatchObject({ ...refused, field: 'invited' })
  await give(CLEO, 5)
  expect(await invite(ANN, CLEO)).toMatchObject({ ...refused, field: 'invited' })
  expect(await has(ANN)).toMatchObject({ pending: 100 })
  const open = stand(redis, { newOnly: false })
  expect(await open.invite(BEN, ANN)).toMatchObject({ ...refused, field: 'inviter' })
  expect(await open.invite(ANN, CLEO)).toMatchObject({ ok: true })
  expect(await has(BEN)).toEqual(NOTHING)
})

test('[E12] two who invite each other at the same instant are not both promised something', async () => {
  for (let i = 0; i < 20; i++) {
    await redis.flushall()
    const { invite, has } = stand(redis, { newOnly: false })
    await Promise.all([invite(ANN, BEN), invite(BEN, ANN)])
    const pending = (await has(ANN)).pending + (await has(BEN)).pending
    expect(pending).toBeLessThanOrEqual(100)
  }
})

test('[E12] a day has room for so many friends, whoever asks at once; the next day has room again', async () => {
  const { invite, has, clock } = stand()
  const friends = Array.from({ length: 12 }, (_, i) => 20 + i)
  const answers = await Promise.all(friends.map((friend) => invite(ANN, friend)))
  expect(answers.filter(({ ok }) => ok)).toHaveLength(2)
  expect(answers.find(({ ok }) => !ok)).toMatchObject({ code: 'limit_reached', field: 'perDay' })
  expect(await has(ANN)).toMatchObject({ pending: 200 })
  clock.nowMs += DAY_MS
  const rest = friends.filter((_, i) => !answers[i]?.ok)
  expect(await invite(ANN, rest[0] ?? 0)).toMatchObject({ ok: true })
})

test('[E13] what the friend did before the invite or after its time does not count', async () => {
  const { invite, did, has, give, clock, wallets } = stand(redis, {
    due: ['orders'],
    newOnly: false,
  })
  await give(BEN, 5)
  const { changes } = await wallets.readRecord(BEN)
  await invite(ANN, BEN)
  await did(BEN, 'orders', { version: changes })
  const lateMs = clock.nowMs + 7 * DAY_MS + 1
  await did(BEN, 'orders', { atMs: lateMs })
  expect(await has(ANN)).toMatchObject({ pending: 100, spendable: 0 })
  // Done in time, read late.
  clock.nowMs = lateMs
  await did(BEN, 'orders', { atMs: lateMs - 1 })
  expect(await has(ANN)).toMatchObject({ pending: 0, spendable: 100 })
})

test('[E13] a promise that was dropped pays nobody', async () => {
  const { invite, did, has, wallets, clock, imbalance } = stand(redis, { due: ['orders'] })
  await invite(ANN, BEN)
  const [promise] = await wallets.openHolds(ANN)
  clock.nowMs += 8 * DAY_MS + 1
  await wallets.void({ account: ANN, id: promise?.id ?? '', lapsed: true })
  await did(BEN, 'orders', { atMs: clock.nowMs - 2 * DAY_MS })
  expect(await has(ANN)).toEqual(NOTHING)
  expect(await has(BEN)).toEqual(NOTHING)
  expect(await imbalance()).toBe(0)
})

test('[E13] two accounts that turned out to be one person pay nothing', async () => {
  const { invite, did, has, merged } = stand(redis, { due: ['orders'] })
  await invite(ANN, BEN)
  merged.set(BEN, ANN)
  await did(BEN, 'orders')
  expect(await has(ANN)).toEqual(NOTHING)
})

test('[E14] whatever dies between any two steps, repeats finish it and pay once', async () => {
  const step = fc.constantFrom('invite', 'registers', 'orders')
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, fc.nat(24)), { maxLength: 6 }), async (attempts) => {
      await redis.flushall()
      const { invite, did, has, imbalance } = stand()
      const run = async (on: Pick<typeof whole, 'invite' | 'did'>, what: string) => {
        if (what === 'invite') await on.invite(ANN, BEN)
        else await on.did(BEN, what === 'orders' ? 'orders' : 'registers')
      }
      const whole = { invite, did }
      for (const [what, commands] of attempts)
        await dies(run(stand(dyingAfter(redis, commands)), what))
      for (const what of ['invite', 'orders', 'registers']) await run(whole, what)
      expect(await has(ANN)).toEqual({ spendable: 100, pending: 0, growth: 10 })
      expect(await has(BEN)).toEqual({ ...NOTHING, spendable: 20 })
      expect(await imbalance()).toBe(0)
    }),
    { numRuns: 60 },
  )
})

/** With the thresholds of the schema. */
const GUARD = InviteGuard.parse({ freezeAt: 3 })
const WATCHED = { due: ['watches' as const], growth: 0, perDay: 20, guard: GUARD }

test('[E18 001-18] who comes by a link is a friend if new, of one inviter; the inviter reads what became of each', async () => {
  const { arrive, did, has, give, seen, clock } = stand(redis, { ...WATCHED, perDay: 2 })
  await arrive(ANN, ANN)
  await arrive(ANN, BEN)
  await arrive(ANN, BEN)
  await arrive(CLEO, BEN)
  await give(30, 5)
  await arrive(ANN, 30)
  await arrive(ANN, 31)
  await arrive(ANN, 32)
  expect(await has(ANN)).toEqual({ ...NOTHING, pending: 200 })
  await did(BEN, 'watches')
  expect(await has(ANN)).toMatchObject({ spendable: 100, pending: 100 })
  const standings = (await seen(ANN)).invites.map(({ standing, why }) => why ?? standing)
  expect(standings.sort()).toEqual(['known', 'pending', 'perDay', 'qualified'])
  expect((await seen(CLEO)).invites).toMatchObject([{ standing: 'refused', why: 'taken' }])
  expect(await seen(ANN)).toMatchObject({ leftToday: 0 })
  clock.nowMs += 8 * DAY_MS
  expect((await seen(ANN)).invites.filter(({ standing }) => standing === 'lapsed')).toHaveLength(1)
})

test('[E18] an account has room for so many friends in its life', async () => {
  const { arrive, has, seen, clock } = stand(redis, { ...WATCHED, perLife: 3 })
  for (let i = 0; i < 5; i++) {
    await arrive(ANN, 20 + i)
    clock.nowMs += DAY_MS
  }
  expect(await has(ANN)).toMatchObject({ pending: 300 })
  const refused = (await seen(ANN)).invites.filter(({ standing }) => standing === 'refused')
  expect(refused.map(({ why }) => why)).toEqual(['perLife', 'perLife'])
})

test('[E18] of those who count for nothing the first 50 are kept, and a friend who counts stays one', async () => {
  const { arrive, places, clock } = stand(redis, { ...WATCHED, perDay: 1 })
  await arrive(ANN, 20)
  // As where two gateways let the same friend in and one finds that no room is left.
  const at = { slot: places.slotOf(ANN), inviter: ANN }
  await noteRefused(redis, at, { invited: 20, atMs: clock.nowMs, why: 'perDay' })
  for (let i = 1; i < 60; i++) await arrive(ANN, 20 + i)
  const friends = await friendsOf(redis, at)
  const counting = friends.filter(({ refused }) => refused === undefined)
  expect(counting).toMatchObject([{ invited: 20 }])
  expect(friends).toHaveLength(51)
})

test('[E14 E18] a promise that a dying gateway had begun is made when the friend has watched', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(16), async (commands) => {
      await redis.flushall()
      const { arrive, did, has, imbalance } = stand(redis, WATCHED)
      await dies(stand(dyingAfter(redis, commands), WATCHED).arrive(ANN, BEN))
      const claimed = (await redis.keys('*:invited:*')).length > 0
      await did(BEN, 'watches')
      expect(await has(ANN)).toMatchObject({ spendable: claimed ? 100 : 0, pending: 0 })
      // In either case the next time in leaves nothing undone.
      await arrive(ANN, BEN)
      await did(BEN, 'watches')
      expect(await has(ANN)).toMatchObject({ spendable: 100, pending: 0 })
      expect(await imbalance()).toBe(0)
    }),
    { numRuns: 34 },
  )
})

test('[E19 002-53] honest inviters are never held or frozen, a farm is, and an operator undoes it', async () => {
  const { arrive, did, has, frozen, invites, wallets, seen, clock, imbalance } = stand(
    redis,
    WATCHED,
  )
  // A family on one network, and others from wherever they are, over a few days.
  for (let i = 0; i < 12; i++) {
    await arrive(ANN, 100 + i, i < 3 ? 'home' : `net-${i}`)
    await did(100 + i, 'watches')
    clock.nowMs += 3 * 3_600_000
  }
  expect(await frozen(ANN)).toBe(false)
  expect(await has(ANN)).toMatchObject({ spendable: 1200, pending: 0 })
  expect(await heldBy(invites)).toEqual([])
  // One machine makes accounts and lets each watch what is asked.
  for (let i = 0; i < 12; i++) await arrive(CLEO, 200 + i, 'farm')
  for (let i = 0; i < 12; i++) await did(200 + i, 'watches')
  expect(await frozen(CLEO)).toBe(true)
  expect(await has(CLEO)).toMatchObject({ spendable: 0, pending: 1200 })
  const held = await heldBy(invites)
  expect(held).toHaveLength(12)
  expect(held[0]).toMatchObject({ inviter: CLEO, points: 100, suspicions: ['network', 'burst'] })
  expect((await seen(CLEO)).invites[0]).toMatchObject({ standing: 'held' })
  // It was a school class after all, but for one.
  await wallets.freeze({ account: CLEO, id: 'let-go', freeze: false, by: 'operator' })
  for (let twice = 0; twice < 2; twice++)
    for (let i = 0; i < 12; i++) expect(await invites.judge(200 + i, i > 0)).toEqual({ ok: true })
  expect(await has(CLEO)).toEqual({ ...NOTHING, spendable: 1100 })
  // A second operator who thinks otherwise is not told that it was done.
  for (const [invited, real] of [
    [200, true],
    [201, false],
  ] as const)
    expect(await invites.judge(invited, real)).toMatchObject({ code: 'invite_judged' })
  expect(await has(CLEO)).toEqual({ ...NOTHING, spendable: 1100 })
  expect(await has(200)).toEqual(NOTHING)
  expect(await heldBy(invites)).toEqual([])
  expect(await invites.judge(100, true)).toMatchObject({ ok: false, code: 'not_found' })
  // Who was looked at says nothing against the next one.
  clock.nowMs += DAY_MS
  await arrive(CLEO, 300, 'elsewhere')
  await did(300, 'watches')
  expect(await has(CLEO)).toMatchObject({ spendable: 1200 })
  expect(await frozen(CLEO)).toBe(false)
  expect(await imbalance()).toBe(0)
})

test('[E19 002-53] friends who watch the least and never come back make the next one wait', async () => {
  const { arrive, did, has, behave, clock, invites } = stand(redis, WATCHED)
  const [least, fan] = [900, 9000]
  for (const [inviter, from, watchedSec] of [
    [ANN, 100, least],
    [CLEO, 200, fan],
  ] as const) {
    for (let i = 0; i < 4; i++) {
      await arrive(inviter, from + i, `net-${from}-${i}`)
      await did(from + i, 'watches')
      behave(from + i, watchedSec)
    }
  }
  clock.nowMs += 2 * DAY_MS
  for (const inviter of [ANN, CLEO]) {
    await arrive(inviter, 300 + inviter, `net-of-${inviter}`)
    await did(300 + inviter, 'watches')
  }
  expect(await has(ANN)).toMatchObject({ spendable: 400, pending: 100 })
  expect(await has(CLEO)).toMatchObject({ spendable: 500, pending: 0 })
  expect(await heldBy(invites)).toMatchObject([{ inviter: ANN, suspicions: ['idle'] }])
})

test('[E20] what waits for others never hides what waits for a brand, and whoever sees 200 is told that there are more', async () => {
  const many = { ...WATCHED, perDay: 100, perLife: 1000 }
  const { arrive, did, clock, invites } = stand(redis, many)
  // At most 50 promises of an inviter are open.
  const farm = async (inviter: number, from: number, friends: number) => {
    for (let i = 0; i < friends; i++) await arrive(inviter, from + i, `farm of ${inviter}`)
    for (let i = 0; i < friends; i++) await did(from + i, 'watches')
    clock.nowMs += 1000
  }
  for (let n = 0; n < 6; n++) await farm(20 + n, 1000 + 100 * n, 40)
  await farm(ANN, 100, 5)
  const first = await invites.held(ofAnybody)
  expect(first.invites).toHaveLength(200)
  expect(first.more).toBe(true)
  expect(first.invites.map(({ inviter }) => inviter)).not.toContain(ANN)
  const own = await invites.held(async () => new Set([ANN]))
  expect(own).toMatchObject({ more: false })
  expect(own.invites.map(({ invited }) => invited)).toEqual([100, 101, 102, 103, 104])
  // Nobody has looked in a week: there is nothing left to decide.
  clock.nowMs += 15 * DAY_MS
  expect(await heldBy(invites)).toEqual([])
})

test('[E19] whatever dies on the way, a farm is frozen, held and judged once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(40), { maxLength: 4 }), async (deaths) => {
      await redis.flushall()
      const whole = stand(redis, WATCHED)
      for (let i = 0; i < 6; i++) await whole.arrive(CLEO, 200 + i, 'farm')
      for (let i = 6; i < 10; i++) await whole.arrive(CLEO, 200 + i, `net-${i}`)
      const dying = (commands: number) => stand(dyingAfter(redis, commands), WATCHED)
      const all = [0, 1, 2, 3, 4, 5]
      for (const commands of deaths)
        for (const i of all) await dies(dying(commands).did(200 + i, 'watches'))
      for (const i of all) await whole.did(200 + i, 'watches')
      expect(await whole.frozen(CLEO)).toBe(true)
      expect(await heldBy(whole.invites)).toHaveLength(6)
      for (const commands of deaths)
        for (const i of all) await dies(dying(commands).invites.judge(200 + i, i % 2 === 0))
      for (const i of all) await whole.invites.judge(200 + i, i % 2 === 0)
      const { pending } = await whole.has(CLEO)
      expect(pending).toBe(400)
      expect((await whole.wallets.readRecord(CLEO)).wallet.lots).toContainEqual(
        expect.objectContaining({ points: 300 }),
      )
      expect(await whole.imbalance()).toBe(0)
    }),
    { numRuns: 15 },
  )
})
