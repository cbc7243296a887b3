/** Replies read where they stand, on a real Redis, beside the same ones read by the client. */

import { expect, onTestFinished, test } from 'vitest'
import { connect, type Store } from '../connect.ts'
import { StandingCommand } from '../encoded-command.ts'
import { provideLibraries } from '../functions.ts'
import { defineScript } from '../script.ts'
import type { TestRedis } from '../testing.ts'
import { useRedis } from '../use-redis.testing.ts'

let server: TestRedis
useRedis(async (started) => {
  server = started
  const store = await started.connect()
  await provideLibraries(store, [say.library])
})

/** Strings of all lengths up to `longest`, `count` of them. */
const say = defineScript({
  name: 'redis.say',
  source: `--@commit
if A.count < 0 then return reply.nothing() end
if A.count == 0 then return redis.error_reply('ERR there is nothing to say') end
local all = {}
for i = 1, A.count do all[i] = string.rep(string.char(i % 256), (i * 7919) % (A.longest + 1)) end
return reply.said(-A.count, all)`,
  keys: ['place'],
  args: { count: 'int', longest: 'int' },
  replies: { said: { less: 'int', all: 'strings' }, nothing: {} },
})

const ask = (store: Store, count: number, longest: number) =>
  say.run(store, { keys: { place: 'ff:{a}:x' }, args: { count, longest } })

async function said(store: Store, count: number, longest: number): Promise<unknown> {
  const reply = await ask(store, count, longest)
  if (reply.tag !== 'said') return reply
  const { less, all } = reply
  return { less, all: Array.from({ length: all.length }, (_, i) => all.at(i).toString('latin1')) }
}

async function open(ownReader: boolean): Promise<Store> {
  const store = await connect(server.url, { ownReader })
  onTestFinished(() => store.disconnect())
  return store
}

/** Whether this connection's replies are read here. */
async function isOwn(store: Store): Promise<boolean> {
  const bytes = Buffer.from('$1\r\n1\r\n$8\r\nff:{a}:x\r\n$1\r\n1\r\n$1\r\n1\r\n')
  const command = new StandingCommand(say.library.name, { firstKey: 'ff:{a}:x', count: 4, bytes })
  await store.sendCommand(command)
  return command.standing !== undefined
}

test('[R14] replies of any length come as the client would have read them, between those of other commands', async () => {
  const [ours, theirs] = [await open(true), await open(false)]
  expect([await isOwn(ours), await isOwn(theirs)]).toEqual([true, false])
  await ours.hset('hash', { a: '1', b: 'x'.repeat(100_000) })
  const everything = (store: Store) =>
    Promise.allSettled([
      said(store, 3, 10),
      store.hgetall('hash'),
      said(store, 400, 2000),
      said(store, 0, 0),
      store.call('NO SUCH COMMAND'),
      said(store, -1, 0),
      store.get('nothing'),
      store.multi().set('k', 1).get('k').exec(),
      said(store, 3000, 300),
      said(store, 1, 500_000),
      store.ping(),
    ])
  const heard = await everything(ours)
  expect(heard.filter(({ status }) => status === 'rejected')).toHaveLength(2)
  expect(heard).toEqual(await everything(theirs))
})

test('[R14] a connection that was cut while an answer came reads the answers of the next one', async () => {
  const store = await open(true)
  const cut = Promise.allSettled([ask(store, 3000, 3000), ask(store, 3000, 3000)])
  await server.kill()
  await cut
  await server.start()
  for (let i = 0; i < 500 && store.status !== 'ready'; i++)
    await new Promise((done) => setTimeout(done, 20))
  expect(await isOwn(store)).toBe(true)
  expect(await said(store, 2, 5)).toEqual({ less: -2, all: ['\x01'.repeat(5), '\x02'.repeat(4)] })
})
