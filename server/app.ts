/** The composition: builds every part from the configuration and hands each what it needs. */

import type { Config } from './config.ts'
import { checkRedis, fixPartitions, nextGateway } from './data.ts'
import { createGateway, createTransport, type Gateway } from './gateway/index.ts'
import { watchRulebook } from './governance/index.ts'
import {
  type Gate,
  openPepper,
  sessionKeys,
  ticketKeys,
  watchRevocations,
} from './identity/index.ts'
import { type Log, systemClock } from './kernel/index.ts'
import {
  connect,
  createPartitions,
  createShards,
  duplicate,
  loadScripts,
  openTestClock,
} from './redis/index.ts'
import { createRoom, getRoom, startLive } from './rooms/index.ts'

export interface App {
  stop(): Promise<void>
}

/** The room that the demo opens. */
const DEMO = { id: 'demo', name: '周六晚的厨房', timeZone: 'Asia/Shanghai' }

const REDIS_QUIET_MS = 5000

/** Says once in a while that Redis is away, not with each attempt. */
function redisErrors(log: Log): (error: Error) => void {
  let saidMs = 0
  return (error) => {
    if (systemClock.now() - saidMs < REDIS_QUIET_MS) return
    saidMs = systemClock.now()
    log.warn({ reason: error.message }, 'Redis connection')
  }
}

export async function startApp(config: Config, log: Log): Promise<App> {
  const clock = systemClock
  const onError = redisErrors(log)
  const url = config.redis.url.reveal()
  const store = await connect(url, { onError })
  if (config.testClock) openTestClock()
  await checkRedis(store)
  await fixPartitions(store, config.redis.partitions)
  await loadScripts(store)
  const partitions = createPartitions(config.redis.partitions)
  const shards = await createShards({
    store,
    partitions: partitions.slots,
    clock,
    durability: config.redis.durability,
    log,
  })
  const rulebook = await watchRulebook(store, clock, {
    onChange: ({ version }) => log.info({ version }, 'rulebook'),
    onError: (error) => log.warn({ err: error }, 'rulebook could not be read'),
  })
  const sessions = sessionKeys(config.keys.sessions)
  let gateway: Gateway | undefined
  const revocations = await watchRevocations({
    store,
    clock,
    onRevoked: (who) => gateway?.revoked(who),
    onError: (error) => log.warn({ err: error }, 'revocations could not be read'),
  })
  const gate: Gate = {
    store,
    pepper: await openPepper(store, sessions),
    partitions,
    tickets: ticketKeys(config.keys.tickets, sessions.ticket),
    sessions,
    revocations,
  }
  if (config.demo) await openDemoRoom()

  async function openDemoRoom(): Promise<void> {
    const brand = config.keys.tickets[0]?.brand ?? 'demo'
    await createRoom(store, { ...DEMO, brand })
    const room = await getRoom(store, DEMO.id)
    if (room?.live.state === 'ended') await startLive(store, { room: DEMO.id })
  }

  const closers: (() => Promise<void>)[] = []
  if (config.roles.has('gateway')) {
    const bus = { publish: duplicate(store, { onError }), subscribe: duplicate(store, { onError }) }
    gateway = await createGateway({
      store,
      partitions,
      shards,
      gate,
      rulebook: () => rulebook.current(),
      clock,
      log,
      number: await nextGateway(store),
      pulseMs: config.gateway.pulseMs,
      journalMax: config.redis.journalEntriesMax,
      socketsPerViewerMax: config.gateway.socketsPerViewerMax,
      socketsPerIpMax: config.gateway.socketsPerIpMax,
      transport: await createTransport({
        wanted: config.gateway.transport,
        shared: config.gateway.processes > 1,
        log,
      }),
      port: config.gateway.port,
      trustedProxies: config.trustedProxies,
      allowOrigin: () => true,
      bus,
      history: async () => ({ ok: true, receipts: [] }),
    })
    log.info({ port: config.gateway.port, transport: gateway.kind }, 'gateway listens')
    const { drain } = gateway
    closers.push(async () => {
      await drain()
      bus.publish.disconnect()
      bus.subscribe.disconnect()
    })
  }

  return {
    async stop() {
      for (const close of closers) await close()
      rulebook.stop()
      revocations.stop()
      await shards.stop()
      store.disconnect()
    },
  }
}
