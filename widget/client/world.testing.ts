/** A client and the model server it talks to, for tests. */

import { expect } from 'vitest'
import type { Moment } from '../../shared/room-state.ts'
import { createClient } from './client.ts'
import type { ClientEvents, ClientOptions } from './index.ts'
import { ManualRuntime, type ModelConnection, ModelServer } from './testing.ts'

export function world(options: Partial<ClientOptions> = {}) {
  const runtime = new ManualRuntime()
  const server = new ModelServer(runtime)
  const tickets: string[] = []
  const client = createClient({
    url: '',
    role: 'viewer',
    getTicket: () => {
      tickets.push(`ticket-${tickets.length + 1}`)
      return tickets.at(-1) ?? ''
    },
    socketFactory: server.factory,
    runtime,
    ...options,
  })
  const seen: { [E in keyof ClientEvents]: ClientEvents[E][] } = {
    changed: [],
    moment: [],
    scored: [],
    account: [],
    dropped: [],
    goodbye: [],
  }
  for (const name of Object.keys(seen) as (keyof ClientEvents)[]) {
    client.on(name, (body) => (seen[name] as unknown[]).push(body))
  }
  const connection = (): ModelConnection => {
    const last = server.open.at(-1)
    if (!last) throw new Error('no connection')
    return last
  }
  /** Names of the commands that wait to reach the server. */
  const leaving = (name: string) => connection().up.filter((u) => u.name === name)
  const online = async () => {
    client.connect()
    await server.flush()
    expect(client.state.status).toEqual({ phase: 'online' })
  }
  /** Time passes and everything arrives, each half second. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 500) {
      runtime.advance(Math.min(500, left))
      await server.flush()
    }
  }
  return { runtime, server, client, seen, tickets, connection, leaving, online, pass }
}

export const moment = (seq: number, atMs: number): Moment => ({
  seq,
  atMs,
  kind: 'heat.rose',
  level: seq,
})
