import { expect, test } from 'vitest'
import type { Store } from './connect.ts'
import { provideLibraries } from './functions.ts'
import { defineScript } from './script.ts'
import { partitionTags, SLOTS, slotOf } from './slots.ts'
import { useRedis } from './use-redis.testing.ts'

let redis: Store
useRedis(async (server) => {
  redis = await server.connect()
})

const add = defineScript({
  name: 'redis.add',
  source: `--@commit
for i = 1, E.n do redis.call('INCRBY', E.counter(i), E.by(i) * A.times) end
if A.times == 0 then return reply.nothing() end
return reply.added(E.n, A.note, {redis.call('GET', K.first), 7})`,
  keys: ['first'],
  args: { times: 'int', note: 'bin' },
  each: { keys: ['counter'], args: { by: 'int' } },
  replies: { added: { items: 'int', note: 'bin', list: 'list' }, nothing: {} },
})

const call = (times: number) => ({
  keys: { first: 'ff:{a}:x' },
  args: { times, note: Buffer.from([0, 255, 10]) },
  each: [
    { keys: { counter: 'ff:{a}:x' }, args: { by: 2 } },
    { keys: { counter: 'ff:{a}:y' }, args: { by: 3 } },
  ],
})

test('[R1] keys, arguments, items and replies reach the script and come back with their types', async () => {
  const reply = await add.run(redis, call(10))
  expect(reply).toEqual({
    tag: 'added',
    items: 2,
    note: Buffer.from([0, 255, 10]),
    list: [Buffer.from('20'), 7],
  })
  expect(await redis.get('ff:{a}:y')).toBe('30')
  expect(await add.run(redis, call(0))).toEqual({ tag: 'nothing' })
})

const libraries = async (): Promise<string[]> =>
  ((await redis.call('FUNCTION', 'LIST')) as string[][]).map(([, name]) => String(name))

test('[R2] a function that a master does not know is loaded by itself, once for all who miss it', async () => {
  await redis.call('FUNCTION', 'FLUSH')
  const replies = await Promise.all(Array.from({ length: 20 }, () => add.run(redis, call(1))))
  expect(replies.map(({ tag }) => tag)).toEqual(Array(20).fill('added'))
  expect(await libraries()).toEqual([add.library.name])
})

test('[R14] a start takes other versions of its scripts away, and whoever still runs one brings it back', async () => {
  const older = defineScript({ ...add.spec, source: `${add.spec.source}\n` })
  const stranger = "#!lua name=theirs\nredis.register_function('theirs', function() return 1 end)"
  await redis.call('FUNCTION', 'LOAD', stranger)
  expect((await older.run(redis, call(1))).tag).toBe('added')
  await provideLibraries(redis, [add.library])
  expect((await libraries()).sort()).toEqual([add.library.name, 'theirs'].sort())
  expect((await older.run(redis, call(1))).tag).toBe('added')
  expect((await add.run(redis, call(1))).tag).toBe('added')
  expect(await libraries()).toHaveLength(3)
})

test('[R14] what a script includes is made once, what it is called with each time', async () => {
  const counted = defineScript({
    ...{ name: 'redis.counted', keys: ['at'], args: { by: 'int' } },
    source: `local made = redis.call('TIME')\n--@body\nreturn reply.said(made[1] .. made[2], A.by)`,
    replies: { said: { made: 'str', by: 'int' } },
    readonly: true,
  })
  const ask = (by: number) => counted.run(redis, { keys: { at: 'ff:{a}:x' }, args: { by } })
  const [first, second] = [await ask(1), await ask(2)]
  expect(second.made).toBe(first.made)
  expect([first.by, second.by]).toEqual([1, 2])
})

test('[R3] keys of two slots are refused before Redis is asked', async () => {
  await expect(add.run(redis, { ...call(1), keys: { first: 'ff:{b}:x' } })).rejects.toThrow(
    'keys span slots',
  )
})

test('[R4] partition tags fall into the middle of equal ranges of slots', () => {
  for (const n of [8, 64]) {
    const tags = partitionTags(n)
    expect(tags.map((tag) => Math.floor((slotOf(tag) * n) / SLOTS))).toEqual([...tags.keys()])
  }
  expect(slotOf('123456789')).toBe(0x31c3 % SLOTS)
})
