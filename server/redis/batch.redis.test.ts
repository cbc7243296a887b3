import { expect, test } from 'vitest'
import { Batch } from './batch.ts'
import { readString } from './read-string.ts'
import type { Store } from './script.ts'
import { useRedis } from './use-redis.testing.ts'

let redis: Store
useRedis(async (server) => {
  redis = await server.connect()
})

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

/** Answers what it is asked with, and notes how many came together in which slot. */
function echo(max: number) {
  const calls: string[] = []
  const batch = new Batch<string, string>(max, async (_, items, slot) => {
    calls.push(`${slot} ${items.length}`)
    if (slot === 'bad') throw new Error('no')
    return items.map((item) => `${item}!`)
  })
  return { calls, batch }
}

test('[R11] what is asked of a slot in one turn is one call of at most its maximum, and each gets the own answer', async () => {
  const { calls, batch } = echo(3)
  const asked = ['a', 'b', 'c', 'd'].map((item) => batch.of(redis, 'x', item))
  asked.push(batch.of(redis, 'y', 'e'))
  expect(calls).toEqual(['x 3'])
  expect(await Promise.all(asked)).toEqual(['a!', 'b!', 'c!', 'd!', 'e!'])
  expect(calls).toEqual(['x 3', 'x 1', 'y 1'])
})

test('[R11] nobody waits longer than the turn', async () => {
  const { calls, batch } = echo(10)
  const asked = batch.of(redis, 'x', 'a')
  expect(calls).toEqual([])
  await nextTurn()
  expect(calls).toEqual(['x 1'])
  expect(await asked).toBe('a!')
})

test('[R11] a call that fails fails those who asked in it, and nobody else', async () => {
  const { batch } = echo(10)
  const [bad, worse, good] = await Promise.allSettled([
    batch.of(redis, 'bad', 'a'),
    batch.of(redis, 'bad', 'b'),
    batch.of(redis, 'x', 'c'),
  ])
  expect([bad?.status, worse?.status]).toEqual(['rejected', 'rejected'])
  expect(good).toEqual({ status: 'fulfilled', value: 'c!' })
})

test('[R11] strings that are read in one turn are what single reads would answer', async () => {
  await redis.mset('ff:{a}:1', 'one', 'ff:{b}:1', 'two')
  const keys = ['ff:{a}:1', 'ff:{b}:1', 'ff:{c}:1', 'ff:{a}:1']
  const read = await Promise.all(keys.map((key) => readString(redis, key)))
  expect(read).toEqual(['one', 'two', null, 'one'])
})
