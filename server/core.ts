/** What every role stands on: the data, the rules in force, and who may come in. */

import { DEMO_BOOK } from '../shared/rulebook/demo.ts'
import type { Config } from './config.ts'
import { checkRedis, fixPartitions, untilWritable } from './data.ts'
import { Playing } from './experiments/index.ts'
import { type RulebookWatch, watchRulebook } from './governance/index.ts'
import {
  type Gate,
  openPepper,
  type Revoked,
  sessionKeys,
  ticketKeys,
  watchRevocations,
} from './identity/index.ts'
import { type Clock, type Log, systemClock } from './kernel/index.ts'
import {
  connect,
  createPartitions,
  createShards,
  loadScripts,
  openTestClock,
  type Partitions,
  type Shards,
  type Store,
} from './redis/index.ts'
import { openClock } from './redis-clock.ts'
import { watchOlder } from './worker/index.ts'

export interface Core {
  config: Config
  log: Log
  /** Redis time, whatever this host's clock says. */
  clock: Clock
  /** What somebody should know of this host's clock; empty where nothing. */
  clockNote: () => string
  store: Store
  partitions: Partitions
  shards: Shards
  rulebook: () => ReturnType<RulebookWatch['current']>
  coming: RulebookWatch['coming']
  /** Who plays by another version than the current one. */
  playing: Playing
  gate: Gate
  /** Why this Redis is not written to; empty where it is. */
  older: () => string
  /** For further connections to Redis. */
  onError: (error: Error) => void
  /** Called with each ticket or account that is revoked from now on. */
  onRevoked(hear: (who: Revoked) => void): void
  close(): Promise<void>
}

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

/** Throws with a sentence for the operator where the service must not run on this Redis. */
export async function openCore(config: Config, log: Log): Promise<Core> {
  const onError = redisErrors(log)
  const store = await connect(config.redis.url.reveal(), { onError })
  if (config.testClock) openTestClock()
  const time = await openClock(store, log)
  const { clock } = time
  const { durability } = config.redis
  await checkRedis(store, durability)
  await untilWritable(store, clock, log)
  await fixPartitions(store, config.redis.partitions)
  await loadScripts(store)
  const partitions = createPartitions(config.redis.partitions)
  const shards = await createShards({ store, partitions: partitions.slots, clock, durability, log })
  const unfollow = time.follow(shards)
  const isWorker = config.roles.has('worker')
  const older = await watchOlder({
    ...{ store, partitions, shards, clock, log },
    ...(isWorker && { dataDir: config.dataDir }),
  })
  if (older.why() !== '') throw new Error(older.why())
  const rulebook = await watchRulebook(store, clock, {
    ...(config.demo && { first: DEMO_BOOK }),
    onChange: ({ version }) => log.info({ version }, 'rulebook'),
    onError: (error) => log.warn({ err: error }, 'rulebook could not be read'),
  })
  const playing = await new Playing({
    ...{ store, clock, rulebook: () => rulebook.current() },
    onError: (error) => log.warn({ err: error }, 'experiments could not be read'),
  }).start()
  const listeners: ((who: Revoked) => void)[] = []
  const revocations = await watchRevocations({
    store,
    clock,
    onRevoked: (who) => {
      for (const hear of listeners) hear(who)
    },
    onError: (error) => log.warn({ err: error }, 'revocations could not be read'),
  })
  const sessions = sessionKeys(config.keys.sessions)
  const gate: Gate = {
    store,
    pepper: await openPepper(store, sessions),
    partitions,
    tickets: ticketKeys(config.keys.tickets, sessions.ticket),
    sessions,
    revocations,
  }
  return {
    config,
    log,
    clock,
    clockNote: time.note,
    store,
    partitions,
    shards,
    rulebook: () => rulebook.current(),
    coming: () => rulebook.coming(),
    playing,
    gate,
    older: older.why,
    onError,
    onRevoked: (hear) => void listeners.push(hear),
    async close() {
      rulebook.stop()
      playing.stop()
      revocations.stop()
      unfollow()
      older.stop()
      await shards.stop()
      store.disconnect()
    },
  }
}
