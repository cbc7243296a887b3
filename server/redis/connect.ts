/** Connections to one Redis or a Redis Cluster. Nothing outside this folder knows ioredis. */

import { Cluster, Redis } from 'ioredis'
import { provideLibraries } from './functions.ts'
import { gatherWrites } from './gather.ts'
import { type Store, scripts } from './script.ts'
import { isCluster, onStreams } from './topology.ts'

export type { Store } from './script.ts'

export interface ConnectOptions {
  /** Called on connection errors, which are retried for ever; without it they would end the process. */
  onError?: (error: Error) => void
}

/** Reconnect quickly and for ever: 50 ms more each time, at most a second. */
const retryStrategy = (times: number): number => Math.min(50 * times, 1000)

/**
 * A host that lost its power closes no connection: commands that are not answered for so long fail, and the connection is
 * made anew. Longer than the slowest disk holds a write back.
 */
const SILENT_MS = 10_000

const BASE = {
  retryStrategy,
  // A write that cannot be sent is refused at once; the gateway keeps it in its own bounded queue.
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  connectTimeout: 5000,
  socketTimeout: SILENT_MS,
  enableAutoPipelining: false,
}

/**
 * Opens a connection. `url` is `redis://host:port`, `rediss://`, `unix:///path`, or for a cluster
 * `redis-cluster://host:port,host:port`. Resolves when commands can be sent; rejects with the first error
 * after 10 s of trying.
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<Store> {
  const store = open(url)
  onStreams(store, (node) => gatherWrites(node.stream))
  let last: Error | undefined
  store.on('error', (error: Error) => {
    last = error
    options.onError?.(error)
  })
  let reached = false
  const deadline = new Promise<never>((_, reject) => {
    AbortSignal.timeout(10_000).addEventListener('abort', () => {
      // Later it may be reconnecting at just this moment, which is no reason to give up for good.
      if (reached) return
      store.disconnect()
      reject(
        new Error(
          `cannot reach Redis (REDIS_URL, or FANFARE_DATA_DIR of npm start): ${last?.message ?? 'no answer in 10 s'}`,
          { cause: last },
        ),
      )
    })
  })
  deadline.catch(() => undefined)
  if (store.status !== 'ready')
    await Promise.race([new Promise<void>((resolve) => store.once('ready', resolve)), deadline])
  reached = true
  return store
}

function open(url: string): Store {
  if (url.startsWith('redis-cluster://')) {
    const nodes = url
      .slice('redis-cluster://'.length)
      .split(',')
      .map((node) => {
        const at = node.lastIndexOf(':')
        return { host: node.slice(0, at), port: Number(node.slice(at + 1)) }
      })
    return new Cluster(nodes, {
      clusterRetryStrategy: retryStrategy,
      enableOfflineQueue: false,
      maxRedirections: 24,
      retryDelayOnFailover: 150,
      retryDelayOnTryAgain: 50,
      retryDelayOnClusterDown: 150,
      slotsRefreshTimeout: 2000,
      shardedSubscribers: true,
      redisOptions: {
        connectTimeout: 5000,
        socketTimeout: SILENT_MS,
        enableAutoPipelining: false,
        maxRetriesPerRequest: 1,
      },
    })
  }
  if (url.startsWith('unix://')) return new Redis({ ...BASE, path: url.slice('unix://'.length) })
  return new Redis(url, BASE)
}

/** Loads every declared script on every master, so that no call pays for a miss. */
export const loadScripts = (store: Store): Promise<void> =>
  provideLibraries(
    store,
    scripts().map(({ library }) => library),
  )

/** A second connection to the same place, for subscriptions: it keeps commands while it reconnects, so that they come back. */
export const duplicate = (store: Store, options: ConnectOptions): Store => {
  const copy = isCluster(store)
    ? store.duplicate([], { enableOfflineQueue: true })
    : store.duplicate({ enableOfflineQueue: true, maxRetriesPerRequest: null })
  copy.on('error', options.onError ?? (() => undefined))
  return copy
}

/** Hears a channel. Returns what ends it. The connection must be one for subscriptions. */
export async function subscribe(
  subscriber: Store,
  channel: string,
  heard: (text: string) => void,
): Promise<() => Promise<void>> {
  const onMessage = (from: string, text: string): void => {
    if (from === channel) heard(text)
  }
  subscriber.on('message', onMessage)
  await subscriber.subscribe(channel)
  return async () => {
    subscriber.off('message', onMessage)
    await subscriber.unsubscribe(channel).catch(() => undefined)
  }
}
