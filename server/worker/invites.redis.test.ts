import { afterEach, beforeEach, expect, test } from 'vitest'
import { InvitePolicy, type InviteStep } from '../../shared/rulebook/invite.ts'
import { createLog, systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { START_MS } from '../scoring/bench.testing.ts'
import { Accounts, Invites } from '../scoring/index.ts'
import { cursorsKey } from './keys.ts'
import { createStand, SHORT_GOALS, type Stand, until, watch } from './worker.testing.ts'

let redis: Store
let stand: Stand
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  stand = createStand(redis, { partitions: 2, book: SHORT_GOALS })
})
afterEach(() => stand.clean())

const [ANN, BEN] = [2, 3]

function inviting(due: InviteStep[]) {
  const { deps, bench } = stand
  const invite = InvitePolicy.parse({ due, points: 30, invitedPoints: 20 })
  const options = {
    store: redis,
    partitions: bench.places,
    clock: systemClock,
    rulebook: () => ({ version: 1, publishedAtMs: 0, by: 'test', book: { ...bench.book, invite } }),
    journalMax: 20_000,
    nowMs: () => START_MS,
  }
  const accounts = new Accounts({
    ...options,
    shards: { epoch: () => 'e1', indexOfSlot: () => 0 },
    readRoom: async () => undefined,
  })
  const invites = new Invites({
    ...options,
    wallets: deps.wallets,
    changeGrowth: (change) => accounts.changeGrowth(change),
    log: createLog('silent', 'test'),
  })
  deps.invites = invites
  const report = async (account: number, action: 'register' | 'purchase', id: string) => {
    const order = action === 'purchase' ? { order: id, units: 1000 } : { units: 1 }
    const scored = await accounts.scoreEvent({
      id,
      body: id,
      account,
      brand: 'acme',
      action,
      ...order,
    })
    if (!scored.ok) throw new Error(scored.code)
    return scored.receipts.reduce((sum, { points }) => sum + points, 0)
  }
  const has = async (account: number) => (await accounts.standing(account)).balance
  return { invites, report, has }
}

test('[J29 000-11 001-18] an invite pays when the friend has registered and watched to a goal, not when somebody looked in', async () => {
  const { invites, report, has } = inviting(['registers', 'watches'])
  await invites.invite({ inviter: ANN, invited: BEN, brand: 'acme', by: 's1' })
  await report(BEN, 'register', 'reg-1')
  await watch(stand, BEN, 2)
  await stand.worker()
  await stand.drained()
  expect(await has(ANN)).toMatchObject({ pending: 30, spendable: 0 })
  // The visit goes on to its goal.
  await watch(stand, BEN, 6)
  await until('the promise is due', async () => (await has(ANN)).pending === 0)
  await stand.drained()
  expect(await has(ANN)).toMatchObject({ pending: 0, spendable: 30 })
})

test('[J31] what a friend has done pays the inviter when no crash can take it back', async () => {
  const { invites, report, has } = inviting(['registers'])
  await stand.worker()
  await invites.invite({ inviter: ANN, invited: BEN, brand: 'acme', by: 's1' })
  stand.fake.state.durableAtMs = 0
  await report(BEN, 'register', 'reg-1')
  const slot = stand.bench.places.slotOf(BEN)
  await until('lives are read', async () => Boolean(await redis.hget(cursorsKey(slot), 'lives')))
  await systemClock.sleep(700)
  expect(await has(ANN)).toMatchObject({ pending: 30, spendable: 0 })
  stand.fake.state.durableAtMs = Number.MAX_SAFE_INTEGER
  await until('the promise is due', async () => (await has(ANN)).pending === 0)
})

test('[J29 002-16] an invite pays when the friend has joined and ordered', async () => {
  const { invites, report, has } = inviting(['registers', 'orders'])
  await stand.worker()
  await invites.invite({ inviter: ANN, invited: BEN, brand: 'acme', by: 's1' })
  const bought = await report(BEN, 'purchase', 'o1')
  await stand.drained()
  expect(await has(ANN)).toMatchObject({ pending: 30, spendable: 0 })
  const registered = await report(BEN, 'register', 'reg-1')
  await until('the promise is due', async () => (await has(ANN)).pending === 0)
  await stand.drained()
  expect(await has(ANN)).toMatchObject({ spendable: 30 })
  expect(await has(BEN)).toMatchObject({ spendable: bought + registered + 20 })
})
