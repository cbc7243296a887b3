/** A client that was cut off comes back through another gateway and has what one that stayed has. `LONG=1` cuts for a minute. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Store } from '../../server/redis/index.ts'
import { startRedis, type TestRedis } from '../../server/redis/testing.ts'
import { knock, startService, type TestService, testTicket } from '../../server/service.testing.ts'
import {
  createTappers,
  PLAIN,
  publish,
  sleep,
  type Tapper,
  type Tappers,
} from './tappers.testing.ts'

const CUT_MS = process.env.LONG === undefined ? 6000 : 60_000

let redis: TestRedis
let store: Store
let services: TestService[] = []
let tappers: Tappers
beforeAll(async () => {
  redis = await startRedis()
  store = await redis.connect()
  await publish(store, {
    ...PLAIN,
    ladder: {
      id: 'short',
      rungs: [
        { id: 'regular', label: { zh: '普通', en: 'Regular' }, growth: 0 },
        { id: 'silver', label: { zh: '白银', en: 'Silver' }, growth: 5 },
      ],
    },
  })
  services = await Promise.all(
    ['gateway,worker', 'gateway'].map((roles) => startService({ redisUrl: redis.url, roles })),
  )
  const urls = services.map(({ gatewayUrl }) => gatewayUrl)
  tappers = await createTappers({ urls, viewers: 4, seed: 5 })
})
afterAll(async () => {
  tappers?.close()
  await Promise.allSettled(services.map((service) => service.stop()))
  await redis.stop()
})

const told = ({ moments }: Tapper) => moments.map(({ seq, kind }) => `${seq} ${kind}`)

async function until(good: () => boolean, what: string, ms = 15_000): Promise<void> {
  for (let waited = 0; waited < ms; waited += 50) {
    if (good()) return
    await sleep(50)
  }
  throw new Error(`${what}: not within ${ms} ms`)
}

test('[GW12 GW13 004-21] cut off, back on the other gateway: every moment once and in order, a tier-up told once', async () => {
  const [stayed, cut, climber, other] = tappers.all as [Tapper, Tapper, Tapper, Tapper]
  const hostTicket = await testTicket({ viewer: 'host', role: 'host' })
  const { socket: host } = await knock(services[1]?.gatewayUrl ?? '', { ticket: hostTicket })
  const title = { zh: '限时', en: 'Now' }
  const run = (name: string, input: object): Promise<Record<string, unknown>> =>
    new Promise((done) => host.emit(name as 'stage.setSafe', input as never, done as never))
  const started = (requestId: string) =>
    run('campaign.start', { requestId, action: 'like', factor: 1, seconds: 600, title })

  const before = (await started('before-cut')) as { ok: boolean; campaign: { campaign: number } }
  expect(before.ok).toBe(true)
  await until(() => cut.moments.length === 1 && stayed.moments.length === 1, 'the first moment')

  cut.cut = true
  const cutAtMs = performance.now()
  cut.next = 0
  await started('during-cut')
  await run('task.start', {
    requestId: 'task-one',
    action: 'share',
    goal: 1,
    points: 10,
    seconds: 600,
    title,
  })
  await run('stage.setSafe', { safe: true })
  await run('campaign.end', { campaign: before.campaign.campaign })
  climber.tapped += 6
  climber.client.like(6)
  await until(
    () => stayed.moments.some(({ kind }) => kind === 'tier.reached'),
    'the tier-up is told to who stayed',
  )
  await run('stage.setSafe', { safe: false })
  await sleep(Math.max(3000, cutAtMs + CUT_MS - performance.now()))
  expect(cut.moments).toHaveLength(1)
  expect(cut.client.state.status.phase).not.toBe('online')

  cut.cut = false
  cut.client.wake()
  await until(() => cut.moments.length >= stayed.moments.length, 'what was missed')
  // Again promoted nowhere: more points, another device and time add no second tier-up.
  climber.tapped += 3
  climber.client.like(3)
  other.tapped += 2
  other.client.like(2)
  await tappers.settled()
  await sleep(3000)

  expect(told(cut)).toEqual(told(stayed))
  const seqs = stayed.moments.map(({ seq }) => seq)
  expect(seqs).toEqual(seqs.map((_, i) => (seqs[0] ?? 0) + i))
  expect(cut.moments).toEqual(stayed.moments)
  const handle = climber.client.state.me?.handle
  for (const { moments } of [stayed, cut, climber, other])
    expect(
      moments.filter(
        (moment) => moment.kind === 'tier.reached' && moment.handles.includes(handle ?? ''),
      ),
    ).toHaveLength(1)

  const shown = ({ client }: Tapper) => {
    const { epoch, seq, safe, tasks, campaigns, board, live } = client.state.room ?? {}
    return { epoch, seq, safe, tasks, campaigns, board, live }
  }
  expect(shown(cut)).toEqual(shown(stayed))
  expect(shown(cut)).toMatchObject({ safe: false, tasks: [{ goal: 1 }], campaigns: [{}] })
  host.close()
})

test('[GW21 F17] a gateway whose subscription is cut again and again shows what it was not told', async () => {
  const ticket = await testTicket({ viewer: 'two-devices' })
  const [here, there] = await Promise.all(
    services.map(({ gatewayUrl }) => knock(gatewayUrl, { ticket })),
  )
  if (!here || !there) throw new Error('two gateways')
  let shown = 0
  there.socket.on('account.changed', ({ account }) => {
    shown = account.balance.spendable
  })
  there.socket.on('account.reattached', ({ account }) => {
    shown = account.balance.spendable
  })
  const cut = () => store.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
  await cut()
  let liked = false
  here.socket.emit('like.send', { seq: 1, count: 3 }, () => {
    liked = true
  })
  for (let cuts = 0; cuts < 20 || !liked; cuts++) await cut()
  await until(() => shown === 3, 'the other device shows it')
  here.socket.close()
  there.socket.close()
})
