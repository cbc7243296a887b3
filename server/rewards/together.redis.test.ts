import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { togetherKey } from './keys.ts'
import { TOGETHER_LEAST } from './limits.ts'
import { createRewardStand, plain, type RewardStand } from './testing.ts'

let redis: Store
let stand: RewardStand
useRedis(async (server) => {
  redis = await server.connect()
})
beforeEach(async () => {
  await redis.flushall()
  stand = await createRewardStand(redis, { partitions: 4 })
  for (const id of ['tea', 'cup', 'oats', 'eggs'])
    await stand.publish(id, plain({ title: { zh: id, en: `the ${id}` } }))
})
afterEach(() => stand.stop())

let gifts = 0
async function take(account: number, ...rewards: string[]): Promise<void> {
  await stand.give(account, 500 * rewards.length, { id: `give-${++gifts}` })
  for (const [n, reward] of rewards.entries()) {
    stand.clock.nowMs += 1000
    const answer = await stand.tap(account, reward, { id: `wish-${account}-${reward}-${n}` })
    expect(answer.ok).toBe(true)
  }
}
const together = (account: number) => stand.redemptions.takenTogether(account)

test('[RW60 002-55] what five viewers took beside the same reward is told, most often first, and not what the viewer has', async () => {
  for (let account = 1; account < TOGETHER_LEAST; account++) await take(account, 'tea', 'cup')
  await take(100, 'tea')
  expect(await together(100)).toEqual([])
  // The order in which they are taken says nothing.
  await take(5, 'cup', 'tea')
  expect(await together(100)).toEqual([{ reward: 'cup', with: { zh: 'tea', en: 'the tea' } }])
  for (let account = 11; account <= 16; account++) await take(account, 'oats', 'tea')
  expect((await together(100)).map(({ reward }) => reward)).toEqual(['oats', 'cup'])
  await take(100, 'oats')
  expect((await together(100)).map(({ reward }) => reward)).toEqual(['cup'])
  expect(await together(99)).toEqual([])
})

test('[RW60] who takes a pair again and again counts once, also after a merge', async () => {
  await take(1, 'tea', 'cup', 'tea', 'cup', 'tea', 'cup')
  for (let account = 2; account < TOGETHER_LEAST; account++) await take(account, 'tea', 'cup')
  await take(100, 'tea')
  expect(await together(100)).toEqual([])
  // Has taken both under another number.
  stand.former.set(6, [1])
  await take(6, 'cup')
  expect(await together(100)).toEqual([])
})

test('[RW60] a reward is given where what goes together cannot be counted', async () => {
  await take(1, 'tea')
  await redis.set(togetherKey('cup'), 'of another kind')
  await take(1, 'cup')
})
