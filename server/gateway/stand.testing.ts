/** A stand for tests of the door: one Redis, one gateway process, and a neighbour who must not notice anything. */

import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import type { Scored } from '../../shared/account-state.ts'
import type { Refusal } from '../../shared/errors.ts'
import { systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { startRedis, type TestRedis } from '../redis/testing.ts'
import {
  knock,
  startService,
  type TestService,
  type TestSocket,
  testTicket,
} from '../service.testing.ts'

/** Who carries sockets: the front and the library on uWebSockets.js, and the library on node:http. */
export const TRANSPORTS = ['front', 'uws', 'node'] as const

export const transportEnv = (transport: (typeof TRANSPORTS)[number]): Record<string, string> => ({
  FANFARE_TRANSPORT: transport === 'node' ? 'node' : 'uws',
  FANFARE_FRONT_HANDLER: transport === 'front' ? 'on' : 'off',
})

let viewers = 0
/** For a viewer nobody has been yet, unless named. */
export const newTicket = (
  of: Partial<Parameters<typeof testTicket>[0]> = {},
): ReturnType<typeof testTicket> => testTicket({ viewer: `a${++viewers}`, ...of })

/** Sends one command and waits for its answer; rejects where the connection ends first. */
export function ask<T = Scored | Refusal>(
  socket: TestSocket,
  name: string,
  input: object,
): Promise<T> {
  return new Promise((done, fail) => {
    const closed = () => fail(new Error(`the connection ended before ${name} was answered`))
    if (!socket.connected) return closed()
    socket.once('disconnect', closed)
    const emit = socket.emit.bind(socket) as (name: string, ...args: unknown[]) => void
    emit(name, input, (answer: T) => {
      socket.off('disconnect', closed)
      done(answer)
    })
  })
}

export const like = (socket: TestSocket, command: object) => ask(socket, 'like.send', command)

/** Likes as a client does: what is to come later comes again. Undefined where the connection ends. */
export async function likeUntilCredited(
  socket: TestSocket,
  command: { seq: number; count: number },
): Promise<Scored | undefined> {
  for (const until = performance.now() + 60_000; socket.connected; ) {
    const answer = await like(socket, command).catch(() => undefined)
    if (answer?.ok) return answer
    if (performance.now() > until) throw new Error(`never credited: ${answer?.code}`)
    await systemClock.sleep(200)
  }
  return undefined
}

export async function eventually<T>(
  read: () => T | undefined | Promise<T | undefined>,
  what: string,
  ms = 10_000,
): Promise<T> {
  const until = performance.now() + ms
  for (;;) {
    const found = await read()
    if (found !== undefined && found !== false) return found
    if (performance.now() > until) throw new Error(`${what}: not within ${ms} ms`)
    await systemClock.sleep(20)
  }
}

export interface Stand {
  redis: TestRedis
  store: Store
  service: TestService
  url: string
  /** Likes once; fails where that is not credited or answered. */
  neighbourIsServed(): Promise<void>
  /** Resident, MiB. */
  memory(): number
  /** A line of the metrics, as a number; 0 where there is none. */
  metric(line: string): Promise<number>
  /** Ends it and checks that the process is the one that was started and never had a fault of its own. */
  stop(): Promise<void>
}

export async function startStand(env: Record<string, string> = {}): Promise<Stand> {
  const redis = await startRedis()
  const service = await startService({ redisUrl: redis.url, env })
  const store = await redis.connect()
  const { socket } = await knock(service.gatewayUrl, { ticket: await newTicket() })
  let seq = 0
  return {
    redis,
    store,
    service,
    url: service.gatewayUrl,
    async neighbourIsServed() {
      expect(await like(socket, { seq: ++seq, count: 1 })).toMatchObject({ ok: true })
    },
    memory: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${service.pid}/status`, 'utf8'))?.[1] ?? 0) /
      1024,
    async metric(line) {
      const text = await (await fetch(`${service.apiUrl}/metrics`)).text()
      const found = text.split('\n').find((one) => one.startsWith(`${line} `))
      return Number(found?.split(' ').at(-1) ?? 0)
    },
    async stop() {
      socket.close()
      expect(await service.stop()).toBe(0)
      expect(service.log()).not.toContain('uncaught exception')
      expect(service.log()).not.toContain('unhandled rejection')
      await redis.stop()
    },
  }
}
