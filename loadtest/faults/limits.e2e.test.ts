/** What the system around sets limits to: open files of a gateway, memory and connections of Redis. */

import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { startRedis } from '../../server/redis/testing.ts'
import { startService } from '../../server/service.testing.ts'
import { createTappers, publish, readBooks } from './tappers.testing.ts'
import { until } from './until.testing.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

const SPARE_FILES = 20

test('[R17 F12 F20] no file is left for a gateway, then no memory for Redis, also for a gateway that starts, then it takes no connection: who is in goes on, who was cut comes back, nothing is lost or doubled', async () => {
  const redis = await startRedis()
  cleanups.push(() => redis.stop())
  const store = await redis.connect()
  await publish(store)
  const service = await startService({ redisUrl: redis.url })
  cleanups.push(() => service.kill())
  const tappers = await createTappers({ urls: [service.gatewayUrl], viewers: 16, seed: 61 })
  cleanups.push(() => tappers.close())
  const load = async () => {
    const before = tappers.tapped()
    tappers.go()
    await until('there is load', () => tappers.tapped() > before + 40)
    tappers.rest()
  }
  await load()

  const files = () => readdirSync(`/proc/${service.pid}/fd`).length
  const most = files() + SPARE_FILES
  execFileSync('prlimit', ['--pid', String(service.pid), `--nofile=${most}:`])
  const { port, hostname } = new URL(service.gatewayUrl)
  const strangers: Socket[] = []
  cleanups.push(() => {
    for (const socket of strangers) socket.destroy()
  })
  for (let i = 0; i < 2 * SPARE_FILES; i++) {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    strangers.push(socket)
  }
  await until('no file is left', () => files() >= most)
  await load()
  await tappers.settled()
  for (const { client } of tappers.all) expect(client.state.status.phase).toBe('online')
  // Those who say nothing are shown out, and there is room again.
  for (const socket of strangers) socket.destroy()
  for (const tapper of tappers.all) {
    tapper.cut = true
    tapper.cut = false
  }
  await until('everybody is back', () =>
    tappers.all.every(({ client }) => client.state.status.phase === 'online'),
  )

  await store.config('SET', 'maxmemory', 1)
  await load()
  await until('everybody is told', () =>
    tappers.all.every(({ client }) => client.state.status.phase === 'paused'),
  )
  // What is started meanwhile waits, and has nothing of what it needs there: a new release.
  await store.call('FUNCTION', 'FLUSH')
  const late = startService({ redisUrl: redis.url })
  cleanups.push(() => late.then((started) => started.kill()))
  await until('it was refused', async () =>
    /cmdstat_eval:.*(rejected|failed)_calls=[1-9]/.test(await store.info('commandstats')),
  )
  await store.config('SET', 'maxmemory', 0)
  expect((await late).log()).toContain('its memory is full: raise maxmemory')
  await tappers.settled()

  await store.config('SET', 'maxclients', 1)
  await store.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  await load()
  await until('the probe says so', async () => {
    const answer = await fetch(`${service.apiUrl}/readyz`)
    return answer.status === 503
  })
  await store.config('SET', 'maxclients', 10_000)
  await tappers.settled()
  await until('all is well', async () => (await fetch(`${service.apiUrl}/readyz`)).ok)
  expect(await readBooks(store)).toEqual({
    ...{ issued: tappers.tapped(), journal: tappers.tapped(), doubled: [] },
  })
})
