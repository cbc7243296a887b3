import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLog, systemClock } from '../kernel/index.ts'
import { certainBy, createShards, type Shards, type Store } from '../redis/index.ts'
import { startCluster, type TestCluster } from '../redis/testing.ts'
import { Redemptions } from './redemptions.ts'
import { readStates } from './stock.ts'
import { BRAND, createRewardStand, plain, type RewardStand, ZONE } from './testing.ts'

const VIEWERS = 5000
const PIECES = 50
const POINTS = 500
/** Taps under way at once. */
const AT_ONCE = 500

let cluster: TestCluster
let store: Store
let stand: RewardStand
let shards: Shards
beforeAll(async () => {
  cluster = await startCluster()
  store = await cluster.connect()
  stand = await createRewardStand(store, { partitions: 12 })
  shards = await createShards({
    store,
    partitions: stand.places.slots,
    clock: systemClock,
    durability: { kind: 'auto' },
    log: createLog('silent', 'test'),
  })
})
afterAll(async () => {
  await shards?.stop()
  stand?.stop()
  await cluster?.stop()
})

async function inBatches<T>(run: (account: number) => Promise<T>): Promise<T[]> {
  const answers: T[] = []
  for (let from = 1; from <= VIEWERS; from += AT_ONCE) {
    const accounts = Array.from({ length: AT_ONCE }, (_, i) => from + i)
    answers.push(...(await Promise.all(accounts.map(run))))
  }
  return answers
}

test('[RW9 RW10 C44 002-26 002-45] 5,000 taps on 50 pieces over three masters: exactly 50, and all others have every point back', async () => {
  await stand.publish('oats', plain({ stock: { kind: 'fixed', pieces: PIECES }, delivery: 'code' }))
  await inBatches((account) => stand.give(account, POINTS))
  // What no master may forget is waited for, as in the service.
  const redemptions = new Redemptions(
    { ...stand.parts, wallet: stand.wallets, certain: certainBy({ shards, clock: systemClock }) },
    stand.shelf,
  )
  const answers = await Promise.all(
    Array.from({ length: VIEWERS }, (_, i) =>
      redemptions.redeem({
        account: i + 1,
        brand: BRAND,
        room: 'demo',
        live: 0,
        id: `wish-${i + 1}-oats`,
        reward: 'oats',
      }),
    ),
  )
  const won = answers.filter((answer) => answer.ok)
  expect(won).toHaveLength(PIECES)
  const refused = answers.flatMap((answer) => (answer.ok ? [] : [answer.code]))
  expect(new Set(refused)).toEqual(new Set(['sold_out']))

  // Masters without replicas are durable after a second or two; what waits for it goes on by itself.
  const winners = answers.flatMap((answer, i) => (answer.ok ? [i + 1] : []))
  const states = async () => {
    const found = await Promise.all(
      winners.map((account) => redemptions.read({ account, id: `wish-${account}-oats` })),
    )
    return found.filter((one) => one?.state === 'issued').length
  }
  await expect.poll(states, { timeout: 30_000, interval: 500 }).toBe(PIECES)

  const [state] = await readStates(store, ['oats'], { atMs: stand.clock.nowMs, timeZone: ZONE })
  expect(state?.left).toBe(0)
  expect(await stand.imbalance()).toBe(0)
  expect(await stand.totals()).toMatchObject({
    spendable: (VIEWERS - PIECES) * POINTS,
    held: 0,
    spent: PIECES * POINTS,
  })
  const codes = new Set<string>()
  for (const account of winners) {
    const one = await redemptions.read({ account, id: `wish-${account}-oats` })
    codes.add(one?.code ?? '')
  }
  expect(codes.size).toBe(PIECES)
})
