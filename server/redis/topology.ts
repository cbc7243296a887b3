/** Which master owns which slots. */

import { Cluster, type Redis } from 'ioredis'
import type { Store } from './script.ts'
import { SLOTS } from './slots.ts'

export const isCluster = (store: Store): store is Cluster => store instanceof Cluster

export interface MasterPlace {
  /** `host:port` in a cluster, `single` otherwise. */
  name: string
  host: string
  port: number
  /** Inclusive. */
  ranges: [from: number, to: number][]
}

type SlotsReply = [from: number, to: number, master: [host: string, port: number, id: string]][]

/** Masters in the order of their first slot, so that shard indexes agree between processes. */
export async function readTopology(store: Store): Promise<MasterPlace[]> {
  if (!isCluster(store)) return [{ name: 'single', host: '', port: 0, ranges: [[0, SLOTS - 1]] }]
  const reply = (await store.call('CLUSTER', 'SLOTS')) as SlotsReply
  const places = new Map<string, MasterPlace>()
  for (const [from, to, [host, port]] of reply) {
    const name = `${host}:${port}`
    const place = places.get(name) ?? { name, host, port: Number(port), ranges: [] }
    place.ranges.push([Number(from), Number(to)])
    places.set(name, place)
  }
  for (const place of places.values()) place.ranges.sort((a, b) => a[0] - b[0])
  return [...places.values()].sort((a, b) => firstSlot(a) - firstSlot(b))
}

const firstSlot = (place: MasterPlace): number => place.ranges[0]?.[0] ?? SLOTS

/** The store's own connection to each master, in shard order. */
export async function masters(store: Store): Promise<Redis[]> {
  if (!isCluster(store)) return [store]
  const nodes = new Map(
    store.nodes('master').map((node) => [`${node.options.host}:${node.options.port}`, node]),
  )
  return (await readTopology(store)).flatMap(({ name }) => nodes.get(name) ?? [])
}

/** True where every slot has a master; in the middle of a change it may not. */
export const coversAllSlots = (places: readonly MasterPlace[]): boolean =>
  places.reduce((sum, p) => sum + p.ranges.reduce((n, [from, to]) => n + to - from + 1, 0), 0) ===
  SLOTS

/** Two topologies are the same where their texts are. */
export const topologyText = (places: readonly MasterPlace[]): string =>
  places.map((p) => `${p.name}=${p.ranges.map((r) => r.join('-')).join(',')}`).join(' ')

/** A connection of its own to one master, which nothing else waits behind. */
export function connectTo(store: Store, place: MasterPlace): Redis {
  const options = {
    lazyConnect: false,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    // A master that takes connections and does not answer is as good as gone.
    socketTimeout: 5000,
    retryStrategy: (times: number) => Math.min(50 * times, 1000),
  }
  if (!isCluster(store)) return store.duplicate(options)
  const [node] = store.nodes('all')
  if (!node) throw new Error('the cluster has no nodes')
  return node.duplicate({ ...options, host: place.host, port: place.port, readOnly: false })
}
