/** The built service as processes, for tests that need several of it, or need to kill one. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { io, type Socket } from 'socket.io-client'
import { freePort } from '../loadtest/processes/free-port.ts'
import type {
  ClientToServer,
  Handshake,
  ServerToClient,
  Welcome,
} from '../shared/protocol/index.ts'
import { PROTOCOL } from '../shared/protocol/registry.ts'
import { loadConfig } from './config.ts'
import { issueTicket, type NewTicket, ticketKeys } from './identity/index.ts'
import { createPartitions } from './redis/index.ts'

const PROGRAM = resolve('dist/server/main.js')
/** Of every service that says nothing else. */
export const PARTITIONS = createPartitions(8)

export interface TestService {
  pid: number
  apiUrl: string
  gatewayUrl: string
  /** Everything it has logged so far. */
  log(): string
  /** SIGKILL, as a crash would. */
  kill(): Promise<void>
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null>
}

export interface ServiceOptions {
  redisUrl: string
  roles?: string
  env?: Record<string, string>
}

const started = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of started) child.kill('SIGKILL')
})

/** Starts one process of the service in demo mode, on free ports; resolves when it is ready. */
export async function startService(options: ServiceOptions): Promise<TestService> {
  const dataDir = mkdtempSync(join(tmpdir(), 'fanfare-data-'))
  const [api, gateway] = [await freePort(), await freePort()]
  const child = spawn(process.execPath, [PROGRAM], {
    env: {
      PATH: process.env.PATH,
      REDIS_URL: options.redisUrl,
      FANFARE_DEMO: '1',
      FANFARE_PARTITIONS: String(PARTITIONS.slots.length),
      FANFARE_ROLES: options.roles ?? 'gateway',
      FANFARE_API_PORT: String(api),
      FANFARE_GATEWAY_PORT: String(gateway),
      FANFARE_DATA_DIR: dataDir,
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.add(child)
  let log = ''
  const ready = new Promise<void>((done, fail) => {
    const hear = (chunk: Buffer) => {
      log += chunk
      if (log.includes('"msg":"ready"')) done()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', (code) => fail(new Error(`the service ended with ${code}:\n${log}`)))
  })
  const ended = once(child, 'exit').then(([code]) => {
    started.delete(child)
    rmSync(dataDir, { recursive: true, force: true })
    return code as number | null
  })
  await ready
  return {
    pid: child.pid ?? 0,
    apiUrl: `http://127.0.0.1:${api}`,
    gatewayUrl: `http://127.0.0.1:${gateway}`,
    log: () => log,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

const demoKeys = () =>
  ticketKeys(loadConfig({ REDIS_URL: 'redis://127.0.0.1', FANFARE_DEMO: '1' }).keys.tickets)

/** A ticket signed with the demo's sample key. */
export async function testTicket(of: Partial<NewTicket> & { viewer: string }): Promise<string> {
  const ticket = await issueTicket(demoKeys(), {
    room: 'demo',
    brand: 'demo',
    role: 'viewer',
    name: of.viewer,
    nowMs: Date.now(),
    ...of,
  })
  if (!ticket) throw new Error('no key signs tickets of the demo')
  return ticket
}

export type TestSocket = Socket<ServerToClient, ClientToServer>

/**
 * A plain Socket.IO client, for tests that must say exactly what is sent. Rejects with the refusal's code. What may be told
 * together with the welcome is heard only where `listen` asks for it.
 */
export function knock(
  url: string,
  auth: Partial<Handshake> & Record<string, unknown>,
  listen: (socket: TestSocket) => void = () => undefined,
): Promise<{ socket: TestSocket; welcome: Welcome }> {
  const socket: TestSocket = io(url, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    auth: { protocol: PROTOCOL, ...auth },
  })
  listen(socket)
  return new Promise((done, fail) => {
    socket.once('session.welcomed', (welcome) => done({ socket, welcome }))
    socket.once('connect_error', (error) => {
      const { data } = error as Error & { data?: { code?: string } }
      socket.close()
      fail(Object.assign(new Error(data?.code ?? error.message), { data }))
    })
  })
}
