import { afterEach, beforeEach, expect, test } from 'vitest'
import { HOUR_MS } from '../../shared/time.ts'
import { rewardSlot, type Store } from '../redis/index.ts'
import { dyingAt, losingMasters } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { createRewardStand, plain, type RewardStand } from './testing.ts'

let redis: Store
let masters: ReturnType<typeof losingMasters>
let stand: RewardStand
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(begin)
afterEach(() => stand.stop())

const ANNA = 7
const ID = 'wish-0001'
const slots = () => [stand.places.slotOf(ANNA), rewardSlot('oats')] as const

async function begin() {
  await redis.flushall()
  masters = losingMasters(redis)
  stand = await createRewardStand(redis, { partitions: 4, certain: masters.certain })
  await stand.give(ANNA, 2000)
}
const keep = () => Promise.all(slots().map((slot) => masters.certain({ slot })))
/** What the worker does until nothing is left to do. */
async function work() {
  stand.clock.nowMs += HOUR_MS
  for (let i = 0; i < 3; i++) {
    await stand.pass()
    await stand.resolve(ANNA)
  }
}

test('[RW9] whichever master comes back without its newest data, at whichever step, a redemption that is given back has its points back once', async () => {
  for (const cashFen of [0, 990])
    for (let script = 1; script <= 6; script++)
      for (const loses of [0, 1] as const) {
        stand.stop()
        await begin()
        await stand.publish('oats', plain({ cashFen, worthFen: 1500, cancelWithinMin: 600 }))
        await stand.tap(ANNA, 'oats', { id: ID })
        await keep()
        await stand
          .redemptionsOn(dyingAt(redis, script, true))
          .cancel({ account: ANNA, id: ID, by: 'viewer' })
          .catch(() => undefined)
        await masters.lose(slots()[loses])
        await work()
        const why = `script ${script}, ${slots()[loses]} loses, cash ${cashFen}`
        const { state } = (await stand.redemptions.read({ account: ANNA, id: ID })) ?? {}
        const { spendable, held } = await stand.totals()
        expect(['issued', 'refunded', 'cancelled'], why).toContain(state)
        expect({ spendable, held }, why).toEqual({
          spendable: state === 'issued' ? 1500 : 2000,
          held: 0,
        })
      }
})

test('[RW4 RW9] a hold that is open again because its partition forgot ends as its redemption did', async () => {
  await stand.publish('oats', plain({ cashFen: 990, worthFen: 1500 }))
  await stand.tap(ANNA, 'oats', { id: ID })
  await keep()
  await stand.redemptions.cancel({ account: ANNA, id: ID, by: 'viewer' })
  await masters.certain({ slot: slots()[1] })
  const [partition] = slots()
  // As it was while the points were held.
  stand.stop()
  masters = losingMasters(redis)
  await masters.lose(partition)
  stand = await createRewardStand(redis, { partitions: 4 })
  await stand.give(ANNA, 2000)
  const hold = { account: ANNA, id: `r-${ID}`, points: 500, forMs: 1000, subject: 'oats', at: 1 }
  await stand.wallets.hold({ ...hold, use: 'redemption' })
  await work()
  expect(await stand.totals()).toMatchObject({ spendable: 2000, held: 0 })
})
