/** The composition: builds every part from the configuration and hands each what it needs. */

import { fileURLToPath } from 'node:url'
import { refuse } from '../shared/errors.ts'
import { type Check, createApi, listen, loadPages } from './api/index.ts'
import type { Config } from './config.ts'
import { createCrowd } from './crowd.ts'
import { checkRedis, fixPartitions, nextGateway } from './data.ts'
import { createGateway, createTransport, type Gateway } from './gateway/index.ts'
import { watchRulebook } from './governance/index.ts'
import {
  apiKeys,
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
import { createRoom, endLive, getRoom, type LiveAnswer, startLive } from './rooms/index.ts'
import { createAccounts, createRoomReader } from './scoring/index.ts'
import { sumTotals } from './wallet/index.ts'

export interface App {
  stop(): Promise<void>
}

/** The room that the demo opens. */
const DEMO = { id: 'demo', name: '周六晚的厨房', timeZone: 'Asia/Shanghai' }

const REDIS_QUIET_MS = 5000
/** Requests under way get this long when the service stops. */
const API_GRACE_MS = 5000
/** Pages and scripts, beside the server's own bundle. */
const DIST = fileURLToPath(new URL('..', import.meta.url))

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

  const accounts = createAccounts({
    store,
    partitions,
    shards,
    rulebook: () => rulebook.current(),
    readRoom: createRoomReader({
      store,
      rulebook: () => rulebook.current(),
      clock,
      gateway: await nextGateway(store),
    }),
    clock,
    journalMax: config.redis.journalEntriesMax,
  })

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
      history: (viewer, before) =>
        accounts.history({ account: viewer.account, ...(before !== undefined && { before }) }),
    })
    log.info({ port: config.gateway.port, transport: gateway.kind }, 'gateway listens')
    const { drain } = gateway
    closers.push(async () => {
      await drain()
      bus.publish.disconnect()
      bus.subscribe.disconnect()
    })
  }

  if (config.roles.has('api')) closers.unshift(await startApi())

  async function startApi(): Promise<() => Promise<void>> {
    const brand = config.keys.tickets[0]?.brand ?? 'demo'
    const crowd = createCrowd({
      url: `http://127.0.0.1:${config.gateway.port}`,
      ticketUrl: `http://127.0.0.1:${config.api.port}/v1/demo/ticket`,
      log,
    })
    const api = createApi({
      gate,
      apiKeys: apiKeys(config.keys.api),
      clock,
      log,
      site: {
        publicUrl: config.publicUrl,
        gatewayPort: config.gateway.port,
        allowedOrigins: config.gateway.allowedOrigins.map(({ origin }) => origin),
        trustedProxies: config.trustedProxies,
        metricsToken: config.api.metricsToken,
      },
      pages: loadPages(DIST),
      rulebook: () => rulebook.current(),
      accounts,
      endLive: endLiveOf,
      conservation: () => sumTotals(store, partitions),
      ready,
      ...(config.demo && { demo: { room: DEMO.id, brand, crowd } }),
    })
    const listening = await listen(api, { port: config.api.port })
    log.info({ port: config.api.port }, 'api listens')
    return async () => {
      crowd.stop()
      await listening.close(API_GRACE_MS)
    }
  }

  /** The first step; the worker does the others and finishes them after any crash. */
  async function endLiveOf(id: string): Promise<LiveAnswer> {
    const room = await getRoom(store, id)
    return room ? endLive(store, { room: id, live: room.live.no }) : refuse('room_not_found')
  }

  async function ready(): Promise<Check[]> {
    const shardsHealth = shards.health()
    const checks: Check[] = [
      { name: 'redis', ok: store.status === 'ready', detail: store.status },
      { name: 'shards', ok: shardsHealth.ok, detail: shardsHealth.problems.join('; ') },
    ]
    for (const [name, state] of Object.entries(gateway?.health() ?? {}))
      checks.push({
        name: `gateway ${name}`,
        ok: state === true,
        detail: state === true ? 'ok' : state,
      })
    return checks
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
