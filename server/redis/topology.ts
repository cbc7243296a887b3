/** Which master owns which slots. */

import { Cluster, type Redis } from 'ioredis'
import { systemClock } from '../kernel/index.ts'
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

/** Masters that are asked for their view, at most, and how long one may take: another may be the one that hangs. */
const VIEWS = 5
const VIEW_MS = 1000
let turn = 0

/**
 * Masters in the order of their first slot, so that shard indexes agree between processes. Nodes learn of changes one by
 * one, and one that hung still believes what was: the view that most of them have is the one. Throws where none answers
 * twice: once may be this process, which was too busy to hear them.
 */
export async function readTopology(store: Store): Promise<MasterPlace[]> {
  if (!isCluster(store)) return [{ name: 'single', host: '', port: 0, ranges: [[0, SLOTS - 1]] }]
  const places = (await commonView(store)) ?? (await commonView(store))
  if (!places) throw new Error('no master of the cluster says who owns which slots')
  return places
}

/** Undefined where no master answers. */
async function commonView(store: Cluster): Promise<MasterPlace[] | undefined> {
  const nodes = store.nodes('master')
  // Others each time, so that in a large cluster the same few do not speak for all.
  const from = turn++ % Math.max(1, nodes.length)
  const asked = [...nodes.slice(from), ...nodes.slice(0, from)].slice(0, VIEWS)
  const answers = await Promise.allSettled(asked.map((node) => viewOf(node)))
  const views = new Map<string, { places: MasterPlace[]; votes: number }>()
  for (const answer of answers) {
    if (answer.status === 'rejected') continue
    const text = topologyText(answer.value)
    const view = views.get(text) ?? { places: answer.value, votes: 0 }
    view.votes += 1
    views.set(text, view)
  }
  const [most] = [...views.values()].sort((a, b) => b.votes - a.votes)
  return most?.places
}

async function viewOf(node: Redis): Promise<MasterPlace[]> {
  const late = new AbortController()
  const reply = await Promise.race([
    node.call('CLUSTER', 'SLOTS') as Promise<SlotsReply>,
    systemClock.sleep(VIEW_MS, late.signal).then(() => undefined),
  ]).finally(() => late.abort())
  if (!reply) throw new Error('a master did not answer in time')
  return placesOf(reply)
}

function placesOf(reply: SlotsReply): MasterPlace[] {
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

/**
 * Makes the store itself use these masters and no other: it learns of changes only from errors, and a master that hangs
 * makes none. False where it could not be brought to that yet.
 */
export async function follow(store: Store, places: readonly MasterPlace[]): Promise<boolean> {
  if (!isCluster(store)) return true
  await new Promise<void>((done) => store.refreshSlotsCache(() => done()))
  const uses = store.nodes('master').map(({ options }) => `${options.host}:${options.port}`)
  return (
    uses.sort().join() ===
    places
      .map(({ name }) => name)
      .sort()
      .join()
  )
}

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

/** Calls `run` for every stream that the connection ever has; of a cluster, for those of every node. */
export function onStreams(store: Store, run: (node: Redis) => void): void {
  const watch = (node: Redis): void => {
    node.on('connect', () => run(node))
  }
  if (isCluster(store)) store.on('+node', watch)
  else watch(store)
}
