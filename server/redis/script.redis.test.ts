import { expect, test } from 'vitest'
import type { Store } from './connect.ts'
import { loadScripts } from './connect.ts'
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

test('[R2] a flushed script cache heals by itself', async () => {
  await loadScripts(redis)
  await redis.script('FLUSH')
  expect((await add.run(redis, call(1))).tag).toBe('added')
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
