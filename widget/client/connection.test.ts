/** The client against the model server: connecting, and coming back. */

import { describe, expect, it } from 'vitest'
import { refuse } from '../../shared/errors.ts'
import { keepToken } from './kept.ts'
import { memoryStorage } from './testing.ts'
import { world } from './world.testing.ts'

describe('connection', () => {
  it('[CL16] resumes with the token, and asks for a fresh ticket only when it is refused', async () => {
    const { client, server, runtime, online, tickets, connection } = world()
    await online()
    connection().cut()
    client.wake()
    await server.flush()
    expect(server.handshakes.at(-1)).toMatchObject({ resume: 'resume', session: 'session-1' })
    expect(tickets).toHaveLength(1)
    connection().cut()
    server.handshakeRefusals.push(refuse('ticket_expired'))
    client.wake()
    await server.flush()
    runtime.advance(0)
    await server.flush()
    expect(tickets).toHaveLength(2)
    expect(server.handshakes.at(-1)).toMatchObject({ ticket: 'ticket-2', session: 'session-1' })
  })

  it('[CL36] a page whose ticket came with its address resumes after a reload, until another ticket comes', async () => {
    const storage = memoryStorage()
    const page = (ticket?: string) => keepToken('page', ticket, storage)
    const first = world({ kept: page('x.of-the-first-person') })
    await first.online()
    expect(first.server.handshakes[0]).toMatchObject({ ticket: 'ticket-1' })
    const [stored] = storage.items.values()
    expect(stored).not.toContain('x.of')
    for (const address of [undefined, 'x.of-the-first-person']) {
      const again = world({ kept: page(address) })
      await again.online()
      expect(again.server.handshakes[0]).toMatchObject({ resume: 'resume' })
      expect(again.tickets).toEqual([])
    }
    const other = world({ kept: page('x.of-somebody-else--') })
    await other.online()
    expect(other.server.handshakes[0]).toMatchObject({ ticket: 'ticket-1' })
  })

  it('[CL36] a kept token that is refused is forgotten, and without a storage nothing is kept', async () => {
    const storage = memoryStorage()
    storage.setItem('page', 'mark of-long-ago')
    const { client, server, runtime } = world({ kept: keepToken('page', undefined, storage) })
    server.handshakeRefusals.push(refuse('ticket_expired'))
    client.connect()
    await server.flush()
    expect(server.handshakes[0]).toMatchObject({ resume: 'of-long-ago' })
    expect(keepToken('page', undefined, storage).read()).toBeUndefined()
    runtime.advance(0)
    await server.flush()
    expect(server.handshakes[1]).toMatchObject({ ticket: 'ticket-1' })
    const blocked = {
      getItem: () => {
        throw new Error('blocked')
      },
      setItem: () => {
        throw new Error('blocked')
      },
    }
    const inMemory = keepToken('page', undefined, blocked)
    inMemory.write('token')
    expect([inMemory.read(), keepToken('page', undefined, blocked).read()]).toEqual([
      'token',
      undefined,
    ])
  })

  it('[CL16] gives up after three fresh tickets in a row, and at once where the answer is never', async () => {
    const { client, server, runtime, tickets } = world()
    for (let i = 0; i < 4; i++) server.handshakeRefusals.push(refuse('ticket_invalid'))
    client.connect()
    for (let i = 0; i < 6; i++) {
      await server.flush()
      runtime.advance(10_000)
    }
    expect(client.state.status).toEqual({ phase: 'refused', reason: 'ticket_invalid' })
    expect(tickets).toHaveLength(3)
    const other = world()
    other.server.handshakeRefusals.push(refuse('room_not_found'))
    other.client.connect()
    await other.server.flush()
    expect(other.client.state.status).toEqual({ phase: 'refused', reason: 'room_not_found' })
  })

  it('[CL17] comes back after a goodbye below 4500, not before it was told to', async () => {
    const { client, server, runtime, seen, online, connection } = world()
    await online()
    connection().send('server.goodbye', { code: 4001, reason: 'draining', afterMs: 3000 })
    await server.flush()
    expect(seen.goodbye).toHaveLength(1)
    runtime.advance(2900)
    client.wake()
    await server.flush()
    expect(client.state.status.phase).toBe('offline')
    runtime.advance(400)
    await server.flush()
    expect(client.state.status.phase).toBe('online')
  })

  it('[CL17] stays away after a goodbye from 4500 on', async () => {
    const { client, server, runtime, online, connection } = world()
    await online()
    connection().send('server.goodbye', { code: 4501, reason: 'revoked' })
    await server.flush()
    runtime.advance(600_000)
    client.wake()
    await server.flush()
    expect(client.state.status).toEqual({ phase: 'refused', reason: 'revoked' })
    expect(server.handshakes).toHaveLength(1)
  })

  it('[CL18] waits longer with each failure, never above 8 s, and not at all on waking', async () => {
    const { client, server, runtime } = world()
    client.connect()
    const waits: number[] = []
    for (let i = 0; i < 12; i++) {
      await server.flush()
      server.open.at(-1)?.cut()
      const { status } = client.state
      if (status.phase !== 'offline') throw new Error(status.phase)
      const wait = status.retryAtMs - client.serverNow()
      waits.push(wait)
      expect(wait).toBeLessThanOrEqual(Math.min(8000, 300 * 2 ** i))
      if (i < 11) runtime.advance(wait + 1)
    }
    expect(Math.max(...waits)).toBeGreaterThan(2000)
    client.wake()
    expect(client.state.status.phase).toBe('connecting')
  })

  it('[CL19] a connection that fell silent is probed after 5 s and replaced 3 s later', async () => {
    const { client, server, runtime, online, connection } = world()
    await online()
    runtime.advance(4000)
    await server.flush()
    connection().halfOpen = true
    runtime.advance(7900)
    expect(server.handshakes).toHaveLength(1)
    runtime.advance(200)
    await server.flush()
    expect(server.handshakes).toHaveLength(2)
    expect(client.state.status.phase).toBe('online')
  })

  it('[CL19] a quiet connection that answers the probe is kept', async () => {
    const { server, runtime, online } = world()
    await online()
    for (let i = 0; i < 60; i++) {
      runtime.advance(1000)
      await server.flush()
    }
    expect(server.handshakes).toHaveLength(1)
  })

  it('[CL19] after a sleep the connection is probed at once', async () => {
    const { client, server, runtime, online, connection } = world()
    await online()
    connection().halfOpen = true
    runtime.sleep(600_000)
    client.wake()
    runtime.advance(3000)
    await server.flush()
    expect(server.handshakes).toHaveLength(2)
    expect(client.state.status.phase).toBe('online')
  })

  it('[CL20] a ticket that does not come, or no welcome, is a failure after 10 s', async () => {
    const never = world({ getTicket: () => new Promise<string>(() => undefined) })
    never.client.connect()
    never.runtime.advance(10_000)
    expect(never.client.state.status.phase).toBe('offline')
    const mute = world()
    mute.client.connect()
    mute.runtime.advance(10_000)
    expect(mute.client.state.status.phase).toBe('offline')
  })

  it('[CL16] a ticket callback that fails is tried again', async () => {
    let calls = 0
    const { client, server, runtime } = world({
      getTicket: async () => {
        calls++
        if (calls < 3) throw new Error('offline')
        return 'ticket'
      },
    })
    client.connect()
    for (let i = 0; i < 5; i++) {
      await server.flush()
      runtime.advance(2000)
    }
    await server.flush()
    expect(client.state.status.phase).toBe('online')
  })
})
