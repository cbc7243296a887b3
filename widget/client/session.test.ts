/** The client against the model server: its session, and what outlives a page. */

import { describe, expect, it } from 'vitest'
import { createClient } from './client.ts'
import { memoryStorage } from './testing.ts'
import { world } from './world.testing.ts'

describe('session and record', () => {
  it('[CL7] [C42] a session that was pushed out: what never left goes on, what left is given up', async () => {
    const { client, server, seen, online, connection } = world()
    await online()
    const sent = client.comment('sent')
    connection().cut()
    const unsent = client.comment('unsent')
    for (let i = 0; i < 9; i++) server.openOtherSession()
    client.wake()
    await server.flush()
    expect(await sent).toMatchObject({ ok: false, code: 'session_expired' })
    expect(await unsent).toMatchObject({ ok: true })
    expect(server.shard.comments).toEqual(new Map([['unsent', 1]]))
    expect(seen.dropped.map((d) => d.name)).toContain('comment.send')
  })

  it('[CL7] a session that is refused while connected is replaced', async () => {
    const { client, server, runtime, online } = world()
    await online()
    for (let i = 0; i < 9; i++) server.openOtherSession()
    const answer = client.comment('pushed out')
    for (let i = 0; i < 5; i++) {
      await server.flush()
      runtime.advance(1000)
    }
    expect(await answer).toMatchObject({ ok: false, code: 'session_expired' })
    expect(client.state.status.phase).toBe('online')
    const next = client.comment('afterwards')
    await server.flush()
    expect(await next).toMatchObject({ ok: true })
  })

  it('[CL2] [CL8] a reload sends again what was under way, and takes nothing twice', async () => {
    const storage = memoryStorage()
    const first = world({ storage })
    await first.online()
    void first.client.comment('under way')
    first.server.deliverUp(first.connection())
    first.client.like(3)
    first.client.close()
    const second = createClient({
      url: '',
      role: 'viewer',
      getTicket: () => 'ticket',
      socketFactory: first.server.factory,
      runtime: first.runtime,
      storage,
    })
    second.connect()
    await first.server.flush()
    expect(first.server.handshakes.at(-1)?.session).toBe('session-1')
    expect(first.server.shard.comments.get('under way')).toBe(1)
    expect(first.server.shard.likes).toBe(3)
  })

  it('[CL8] a duplicated tab starts a session of its own', async () => {
    const storage = memoryStorage()
    const first = world({ storage })
    await first.online()
    const copy = memoryStorage()
    for (const [key, value] of storage.items) copy.setItem(key, value)
    const second = createClient({
      url: '',
      role: 'viewer',
      getTicket: () => 'ticket',
      socketFactory: first.server.factory,
      runtime: first.runtime,
      storage: copy,
    })
    second.connect()
    await first.server.flush()
    expect(first.server.handshakes.at(-1)?.session).toBeUndefined()
    void first.client.comment('from the first')
    void second.comment('from the second')
    await first.server.flush()
    expect([...first.server.shard.comments.values()]).toEqual([1, 1])
  })

  it.each([
    [
      'blocked',
      {
        getItem: () => null,
        setItem: () => {
          throw new Error('quota')
        },
      },
    ],
    ['foreign', { getItem: () => '{"v":99,"entries":7}', setItem: () => undefined }],
    ['broken', { getItem: () => '{', setItem: () => undefined }],
  ])('[CL9] storage that is %s is the same as none', async (_, storage) => {
    const { client, server, online, connection } = world({ storage })
    await online()
    void client.comment('kept')
    connection().cut()
    client.wake()
    await server.flush()
    expect(server.shard.comments.get('kept')).toBe(1)
  })
})
