/** Real Redis servers for tests: each test file starts its own, on its own ports. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from '../../loadtest/processes/free-port.ts'
import { connect, type Store } from './connect.ts'
import type { SlotTag } from './keys.ts'

export interface TestRedis {
  url: string
  dir: string
  pid(): number
  connect(): Promise<Store>
  /** SIGKILL, as a crash would. */
  kill(): Promise<void>
  /** Starts it again on the same port and folder. */
  start(): Promise<void>
  /** Ends the server and its connections and removes its folder. */
  stop(): Promise<void>
}

async function answers(port: number): Promise<void> {
  for (let i = 0; i < 500; i++) {
    const probe = new Redis({
      port,
      host: '127.0.0.1',
      lazyConnect: true,
      retryStrategy: () => null,
    })
    probe.on('error', () => undefined)
    try {
      await probe.connect()
      const pong = await probe.ping()
      probe.disconnect()
      if (pong === 'PONG') return
    } catch {
      probe.disconnect()
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`redis-server on port ${port} did not answer within 10 s`)
}

/** A single server with an append-only file. Options are passed to redis-server as given. */
export async function startRedis(options: string[] = []): Promise<TestRedis> {
  const dir = mkdtempSync(join(tmpdir(), 'fanfare-redis-'))
  const port = await freePort()
  let child: ChildProcess | undefined
  const open: Store[] = []
  const server: TestRedis = {
    url: `redis://127.0.0.1:${port}`,
    dir,
    pid: () => child?.pid ?? 0,
    async connect() {
      const store = await connect(server.url)
      open.push(store)
      return store
    },
    async kill() {
      const ending = child
      child = undefined
      // It may have ended by itself.
      if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
      const gone = once(ending, 'exit')
      ending.kill('SIGKILL')
      await gone
    },
    async start() {
      child = spawn(
        'sh',
        [
          // A file that must not grow is an error, as on a full disk, and not the end of the process.
          ...['-c', 'trap "" XFSZ; exec "$@"', 'sh'],
          process.env.REDIS_SERVER_BIN ?? 'redis-server',
          '--port',
          String(port),
          '--bind',
          '127.0.0.1',
          '--dir',
          dir,
          '--save',
          '',
          '--appendonly',
          'yes',
          '--enable-debug-command',
          'yes',
          ...options,
        ],
        { stdio: 'ignore' },
      )
      await answers(port)
    },
    async stop() {
      for (const store of open) store.disconnect()
      await server.kill()
      // A child that was writing the file anew outlives the kill by some moments, and still writes.
      rmSync(dir, { recursive: true, force: true, maxRetries: 20 })
    },
  }
  await server.start()
  return server
}

export interface TestCluster {
  url: string
  /** Masters first, in the order of their slots; then their replicas. */
  nodes: TestRedis[]
  connect(): Promise<Store>
  stop(): Promise<void>
}

/** All slots covered evenly by the masters, each with so many replicas. */
export async function startCluster(masters = 3, replicas = 0): Promise<TestCluster> {
  const nodes = await Promise.all(
    Array.from({ length: masters * (1 + replicas) }, () =>
      startRedis([
        '--cluster-enabled',
        'yes',
        '--cluster-node-timeout',
        '2000',
        '--cluster-announce-ip',
        '127.0.0.1',
        // A replica is sent what it lacks at once, not after five seconds.
        '--repl-diskless-sync-delay',
        '0',
      ]),
    ),
  )
  const addresses = nodes.map((node) => node.url.slice('redis://'.length))
  execFileSync(
    'redis-cli',
    [
      ...['--cluster', 'create', ...addresses, '--cluster-yes'],
      ...['--cluster-replicas', String(replicas)],
    ],
    { stdio: 'ignore' },
  )
  const url = `redis-cluster://${addresses.join(',')}`
  const open: Store[] = []
  return {
    url,
    nodes,
    async connect() {
      for (let i = 0; i < 100; i++) {
        const says = (...command: string[]) =>
          addresses.map((address) =>
            execFileSync('redis-cli', ['-p', address.split(':')[1] ?? '', ...command]).toString(),
          )
        const isReady =
          says('cluster', 'info').every((state) => state.includes('cluster_state:ok')) &&
          says('info', 'replication').filter((state) => /^slave\d+:.*state=online/m.test(state))
            .length >= (replicas > 0 ? masters : 0)
        if (isReady) break
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
      const store = await connect(url)
      open.push(store)
      return store
    },
    async stop() {
      for (const store of open) store.disconnect()
      await Promise.all(nodes.map((node) => node.stop()))
    },
  }
}

/** What a process that was killed would have answered: nothing. */
export class Died extends Error {}

/** What a process that may die was doing; nothing where it died. */
export async function dies<T>(doing: Promise<T>): Promise<T | undefined> {
  try {
    return await doing
  } catch (error) {
    if (error instanceof Died) return undefined
    throw error
  }
}

/** A call of the store: the how manyth, from 1, and the method with what it was given. */
export interface StoreCall {
  number: number
  name: string
  args: readonly unknown[]
}

/** Where the process dies: before Redis sees the call, or after it was done and before its answer came. */
export type Death = 'before' | 'after' | undefined

/** The store of a process that dies where `when` says so: from then on each call throws `Died` and does nothing. */
export function storeThatDies(store: Store, when: (call: StoreCall) => Death): Store {
  let number = 0
  let isDead = false
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        const death = isDead ? 'before' : when({ number: ++number, name: String(name), args })
        isDead ||= death !== undefined
        if (death === 'before') return Promise.reject(new Died('the process is gone'))
        const answer: unknown = Reflect.apply(value, target, args)
        if (death === undefined) return answer
        return Promise.resolve(answer).then(() => {
          throw new Died('the process is gone')
        })
      }
    },
  })
}

/** A process that dies after so many calls: those are done, each later one is not. */
export const dyingAfter = (store: Store, calls: number): Store =>
  storeThatDies(store, ({ number }) => (number > calls ? 'before' : undefined))

/** A process that dies at its n-th script, from 1: before it reached Redis, or with it done and its answer lost. */
export function dyingAt(store: Store, script: number, isDone: boolean): Store {
  let scripts = 0
  return storeThatDies(store, ({ name }) => {
    if (name !== 'sendCommand' || ++scripts < script) return
    return isDone ? 'after' : 'before'
  })
}

/**
 * Masters that come back without their newest data: `certain` notes a slot as it is, `lose` brings it back to what was
 * noted last, or to nothing. Each slot stands for a master of its own.
 */
export function losingMasters(store: Store) {
  const noted = new Map<SlotTag, Map<string, Buffer>>()
  const keysOf = (slot: SlotTag) => store.keys(`ff:${slot}:*`)
  const certain = async ({ slot }: { slot: SlotTag }) => {
    const dumps = new Map<string, Buffer>()
    for (const key of await keysOf(slot)) {
      const dump = await store.dumpBuffer(key)
      if (dump) dumps.set(key, dump)
    }
    noted.set(slot, dumps)
  }
  return {
    certain,
    async lose(slot: SlotTag) {
      for (const key of await keysOf(slot)) await store.del(key)
      for (const [key, dump] of noted.get(slot) ?? []) await store.restore(key, 0, dump)
    },
  }
}
