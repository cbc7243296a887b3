/** Hosts whose clocks are wrong by up to an hour, and jump: a clock that is told to Node before the service runs. */

import { afterEach, expect, test } from 'vitest'
import { startRedis } from '../../server/redis/testing.ts'
import { knock, startService, type TestService, testTicket } from '../../server/service.testing.ts'
import { HOUR_MS, MINUTE_MS } from '../../shared/time.ts'
import { createTappers, publish, readBooks } from './tappers.testing.ts'
import { until } from './until.testing.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** The wall clock is off by SKEW_MS, and by as much to the other side after SIGUSR2. The monotonic clock stays. */
const WRONG_CLOCK = `
  const Real = Date
  let off = Number(process.env.SKEW_MS)
  globalThis.Date = class extends Real {
    constructor(...of) { if (of.length === 0) super(Real.now() + off); else super(...of) }
    static now() { return Real.now() + off }
  }
  process.on('SIGUSR2', () => { off = -off })`

async function startSkewed(redisUrl: string, roles: string, skewMs: number): Promise<TestService> {
  const service = await startService({
    redisUrl,
    roles,
    env: {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(WRONG_CLOCK)}`,
      SKEW_MS: String(skewMs),
    },
  })
  cleanups.push(() => service.kill())
  return service
}

const readiness = async ({ apiUrl }: TestService) => {
  const answer = await fetch(`${apiUrl}/readyz`)
  return { status: answer.status, text: await answer.text() }
}

test('[F11 guarantee 6] gateways an hour behind and ahead, and one whose host jumps by two: tickets, deadlines and points are those of Redis', async () => {
  const redis = await startRedis()
  cleanups.push(() => redis.stop())
  const store = await redis.connect()
  await publish(store)
  const [ahead, behind] = await Promise.all([
    startSkewed(redis.url, 'gateway', HOUR_MS),
    startSkewed(redis.url, 'gateway', -HOUR_MS),
    startSkewed(redis.url, 'api,worker', 20 * MINUTE_MS),
  ])
  for (const [service, says] of [
    [ahead, 'ahead of'],
    [behind, 'behind'],
  ] as const) {
    const { status, text } = await readiness(service)
    expect({ status, said: text.includes(`${says} that of Redis`) }).toEqual({
      status: 200,
      said: true,
    })
    await expect.poll(() => service.log()).toContain('that of Redis, which counts')
    // The merchant's clock and that of Redis are right: its tickets are as good as they say, and no longer.
    const nowMs = Date.now()
    const old = await testTicket({ viewer: 'old', nowMs: nowMs - 10 * MINUTE_MS })
    await expect(knock(service.gatewayUrl, { ticket: old })).rejects.toThrow('ticket_expired')
    const { socket } = await knock(service.gatewayUrl, {
      ticket: await testTicket({ viewer: 'new', nowMs }),
    })
    const read = (await socket.emitWithAck('clock.read', {})) as unknown as { atMs: number }
    expect(Math.abs(read.atMs - nowMs)).toBeLessThan(5 * MINUTE_MS)
    socket.close()
  }

  const tappers = await createTappers({
    ...{ urls: [ahead.gatewayUrl, behind.gatewayUrl], viewers: 16, seed: 11 },
  })
  cleanups.push(() => tappers.close())
  tappers.go()
  await until('there is load', () => tappers.tapped() > 50)
  const connections = () => tappers.all.map(({ next }) => next)
  const before = connections()
  process.kill(ahead.pid, 'SIGUSR2')
  await until('it noticed', async () => (await readiness(ahead)).text.includes('behind that of'))
  const tapped = tappers.tapped()
  await until('there is load again', () => tappers.tapped() > tapped + 50)
  tappers.rest()
  await tappers.settled()
  // Nobody was taken for dead when the time jumped.
  expect(connections()).toEqual(before)
  expect(await readBooks(store)).toEqual({
    ...{ issued: tappers.tapped(), journal: tappers.tapped(), doubled: [] },
  })
})
