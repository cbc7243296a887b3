import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { InvitePolicy } from '../../shared/rulebook/invite.ts'
import { DAY_MS } from '../../shared/time.ts'
import { createLog, systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { Died, dyingAfter } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { createWalletStand } from '../wallet/testing.ts'
import { Accounts } from './accounts.ts'
import { Invites, type StepDone } from './invites.ts'

let redis: Store
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
})

const [ANN, BEN, CLEO] = [5, 6, 7]
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
  const invites = new Invites({
    ...options,
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
        await run(stand(dyingAfter(redis, commands)), what).catch((error: unknown) => {
          if (!(error instanceof Died)) throw error
        })
      for (const what of ['invite', 'orders', 'registers']) await run(whole, what)
      expect(await has(ANN)).toEqual({ spendable: 100, pending: 0, growth: 10 })
      expect(await has(BEN)).toEqual({ ...NOTHING, spendable: 20 })
      expect(await imbalance()).toBe(0)
    }),
    { numRuns: 60 },
  )
})
