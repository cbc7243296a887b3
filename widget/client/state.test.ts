/** The client against the model server: what it knows, and moments. */

import { describe, expect, it } from 'vitest'
import { createClient } from './client.ts'
import { memoryStorage } from './testing.ts'
import { moment, world } from './world.testing.ts'

describe('state', () => {
  it('[CL21] an older version, and a state of an epoch that was left, are not shown', async () => {
    const { client, server, online, connection } = world()
    await online()
    const old = server.account()
    void client.comment('x')
    await server.flush()
    const { version } = client.state.account ?? { version: 0 }
    connection().send('account.changed', { account: old, receipts: [] })
    await server.flush()
    expect(client.state.account?.version).toBe(version)
    const late = { ...server.account(), version: 99 }
    server.crash(0, 'reattached')
    await server.flush()
    connection().send('account.changed', { account: late, receipts: [] })
    await server.flush()
    expect(client.state.account?.epoch).toBe(server.epoch)
    expect(client.state.account?.version).toBeLessThan(99)
  })

  it('[CL22] a pulse older than what is shown changes nothing', async () => {
    const { client, server, runtime, online, connection } = world()
    await online()
    runtime.advance(1000)
    server.pulse({ audience: 5 })
    await server.flush()
    connection().send('room.pulsed', { ...server.room, atMs: server.now() - 500, audience: 4 })
    await server.flush()
    expect(client.state.room?.audience).toBe(5)
  })

  it('[CL22] a gateway that has not heard of the new room epoch welcomes; its next pulse counts', async () => {
    const { client, server, runtime, online, connection } = world()
    await online()
    const old = server.room
    server.room = { ...old, epoch: 'r2' }
    server.pulse({ audience: 5 })
    await server.flush()
    expect(client.state.room?.epoch).toBe('r2')
    server.room = old
    connection().cut()
    client.wake()
    await server.flush()
    expect(client.state.room?.epoch).toBe(old.epoch)
    runtime.advance(1000)
    server.room = { ...server.room, epoch: 'r2' }
    server.pulse({ audience: 6 })
    await server.flush()
    expect(client.state.room).toMatchObject({ epoch: 'r2', audience: 6 })
  })

  it('[CL23] snapshots are not changed, and a listener that throws harms nobody else', async () => {
    const { client, server, runtime, online, seen } = world()
    await online()
    const before = client.state
    const account = before.account
    client.on('changed', () => {
      throw new Error('listener')
    })
    const after = seen.changed.length
    void client.comment('x')
    await server.flush()
    expect(before.account).toBe(account)
    expect(client.state).not.toBe(before)
    expect(seen.changed.length).toBeGreaterThan(after)
    expect(() => runtime.advance(1)).toThrow('listener')
  })

  it('[CL24] paused and ended follow the pulses', async () => {
    const { client, server, online } = world()
    await online()
    server.pulse({ paused: true })
    await server.flush()
    expect(client.state.status.phase).toBe('paused')
    const { paused: _, ...room } = server.room
    server.room = room
    server.pulse({ live: { no: 1, state: 'ended', startedAtMs: 0 } })
    await server.flush()
    expect(client.state.status.phase).toBe('ended')
    client.like(3)
    expect(client.state.pending.likes).toBe(0)
  })
})

describe('moments on the wire', () => {
  it('[CL25] a page shows what happens from now on, and after a cut and a reload what it missed, once', async () => {
    const storage = memoryStorage()
    const first = world({ storage })
    first.server.happen([moment(1, first.server.now())])
    await first.online()
    expect(first.server.handshakes[0]?.cursor).toBeUndefined()
    first.server.happen([moment(2, first.server.now() + 1)])
    first.connection().cut()
    first.client.wake()
    await first.server.flush()
    expect(first.seen.moment.map((m) => m.seq)).toEqual([2])
    first.client.close()
    first.server.happen([moment(3, first.server.now() + 2)])
    const seen: number[] = []
    const second = createClient({
      url: '',
      role: 'viewer',
      getTicket: () => 'ticket',
      socketFactory: first.server.factory,
      runtime: first.runtime,
      storage,
    })
    second.on('moment', (m) => seen.push(m.seq))
    second.connect()
    await first.server.flush()
    expect(seen).toEqual([3])
  })

  it('[CL27] comes back for a moment that was lost on the way, once', async () => {
    const { server, runtime, seen, online } = world()
    await online()
    server.happen([moment(1, server.now())])
    for (let i = 0; i < 30; i++) {
      server.pulse()
      await server.flush()
      runtime.advance(1000)
      await server.flush()
    }
    expect(seen.moment.map((m) => m.seq)).toEqual([1])
    expect(server.handshakes).toHaveLength(2)
    server.room.seq = 7
    for (let i = 0; i < 60; i++) {
      server.pulse()
      await server.flush()
      runtime.advance(1000)
      await server.flush()
    }
    expect(server.handshakes).toHaveLength(3)
  })
})
