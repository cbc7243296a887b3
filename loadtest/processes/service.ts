/** A service to be loaded: one of our own with its Redis, each role a process, so that its parts can be told apart. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Child, startChild } from './children.ts'
import { freePort } from './free-port.ts'

export const SERVICE_PROGRAM = resolve('dist/server/main.js')

export interface Service {
  /** Of pages and API. */
  url: string
  /** Where its worker archives journals; undefined where nobody said. */
  dataDir: string | undefined
  /** Those that are ours, to be watched. */
  processes: readonly Pick<Child, 'name' | 'pid'>[]
  stop(): Promise<void>
}

/** A service that runs already; it is neither watched nor stopped. */
export const serviceAt = (url: string, dataDir: string | undefined): Service => ({
  url,
  dataDir,
  processes: [],
  stop: async () => undefined,
})

/** Starts Redis, a gateway, and API with worker, on free ports, with data that is removed at the end. */
export async function startService(redisProgram: string): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'fanfare-load-'))
  const children: Child[] = []
  const stop = async () => {
    // Redis last: what drains still writes to it.
    for (const child of children.reverse()) await child.stop()
    rmSync(folder, { recursive: true, force: true, maxRetries: 20 })
  }
  try {
    const [redis, api, gateway] = [await freePort(), await freePort(), await freePort()]
    // Each process answers for its own health.
    const gatewayHealth = await freePort()
    const redisDir = join(folder, 'redis')
    mkdirSync(redisDir)
    children.push(await startRedis({ program: redisProgram, port: redis, dir: redisDir }))
    const dataDir = join(folder, 'data')
    const of = { redisPort: redis, gatewayPort: gateway, dataDir }
    // The API opens the demo room, so it is first.
    children.push(await startRole({ ...of, roles: 'api,worker', apiPort: api }))
    children.push(await startRole({ ...of, roles: 'gateway', apiPort: gatewayHealth }))
    return { url: `http://127.0.0.1:${api}`, dataDir, processes: children, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

interface RoleOptions {
  /** As in FANFARE_ROLES. */
  roles: string
  redisPort: number
  /** Of the API, or of the role's own health. */
  apiPort: number
  gatewayPort: number
  dataDir: string
  core?: number
  nodeArgs?: readonly string[]
  env?: Record<string, string>
}

/** One process of the service, with the demo's room. */
export const startRole = (of: RoleOptions): Promise<Child> =>
  startChild({
    name: of.roles.replace(',', ' and '),
    command: process.execPath,
    args: [...(of.nodeArgs ?? []), '--enable-source-maps', SERVICE_PROGRAM],
    env: {
      PATH: process.env.PATH,
      REDIS_URL: `redis://127.0.0.1:${of.redisPort}`,
      FANFARE_DEMO: '1',
      FANFARE_PARTITIONS: '8',
      FANFARE_ROLES: of.roles,
      FANFARE_API_PORT: String(of.apiPort),
      FANFARE_GATEWAY_PORT: String(of.gatewayPort),
      FANFARE_DATA_DIR: of.dataDir,
      // All viewers of a load run come from one address.
      FANFARE_SOCKETS_PER_IP: '100000',
      ...of.env,
    },
    readyText: '"msg":"ready"',
    ...(of.core !== undefined && { core: of.core }),
  })

interface RedisOptions {
  program: string
  port: number
  dir: string
  core?: number
}

/** As `npm start` and the compose file set it: an append-only file that is synced every second and seldom rewritten. */
export const startRedis = ({ program, port, dir, core }: RedisOptions): Promise<Child> =>
  startChild({
    name: 'redis',
    command: program,
    args: [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dir],
      ...['--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'],
      ...['--auto-aof-rewrite-min-size', '512mb'],
      // The process that rewrites the file would share the core of a Redis that is pinned, and take half of it.
      ...(core !== undefined ? ['--aof_rewrite_cpulist', `0-${cpus().length - 1}`] : []),
    ],
    env: { PATH: process.env.PATH },
    readyText: 'Ready to accept connections',
    ...(core !== undefined && { core }),
  })
