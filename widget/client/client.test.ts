/** The client against the model server: sending, connection, state, moments, watching, time. */

import { describe, expect, it } from 'vitest'
import { refuse } from '../../shared/errors.ts'
import type { Moment } from '../../shared/room-state.ts'
import { createClient } from './client.ts'
import type { ClientEvents, ClientOptions } from './index.ts'
import { ManualRuntime, type ModelConnection, ModelServer, memoryStorage } from './testing.ts'

function world(options: Partial<ClientOptions> = {}) {
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

const moment = (seq: number, atMs: number): Moment => ({ seq, atMs, kind: 'heat.rose', level: seq })

describe('sending', () => {
  it('[CL10] taps of 250 ms leave as one command, at most 50 in one', async () => {
    const { client, runtime, leaving, online } = world()
    await online()
    for (let i = 0; i < 7; i++) client.like()
    runtime.advance(249)
    expect(leaving('like.send')).toHaveLength(0)
    client.like(60)
    runtime.advance(1)
    expect(leaving('like.send').map((u) => u.input.count)).toEqual([50, 17])
  })

  it('[CL10] without a connection taps are merged into as few commands as possible, and none is lost', async () => {
    const { client, runtime, server, online, connection, pass } = world()
    await online()
    connection().cut()
    server.handshakeRefusals.push(refuse('busy', { afterMs: 20_000 }))
    await pass(500)
    for (let i = 0; i < 40; i++) {
      client.like(3)
      runtime.advance(300)
    }
    expect(client.state.pending).toMatchObject({ likes: 120, undurable: 3 + 1 })
    await pass(15_000)
    expect(server.shard.likes).toBe(120)
  })

  it('[CL10] at most 500 taps wait where the outbox is full', async () => {
    const { client, runtime, online } = world()
    await online()
    for (let i = 0; i < 40; i++) void client.comment(`c${i}`)
    client.like(10_000)
    runtime.advance(1000)
    expect(client.state.pending.likes).toBe(500)
  })

  it('[CL5] [CL11] at most 32 commands are under way or could be set back; a comment beyond is busy', async () => {
    const { client, server, runtime, online } = world()
    await online()
    runtime.advance(10)
    server.makeDurable()
    server.pulse()
    await server.flush()
    const answers: string[] = []
    for (let i = 0; i < 40; i++) {
      void client.comment(`c${i}`).then((a) => answers.push(a.ok ? 'ok' : a.code))
    }
    await server.flush()
    expect(answers.filter((a) => a === 'busy')).toHaveLength(8)
    expect(server.shard.comments.size).toBe(32)
    // All applied, none durable: a set-back to the start must find every one of them in its window.
    expect(await client.comment('one more')).toMatchObject({ ok: false, code: 'busy' })
    runtime.advance(10)
    server.makeDurable()
    runtime.advance(10)
    server.pulse()
    await server.flush()
    expect(client.state.pending.undurable).toBe(0)
    void client.comment('one more')
    await server.flush()
    expect(server.shard.comments.get('one more')).toBe(1)
  })

  it('[CL5] a watermark that stands still for 10 s does not silence the viewer', async () => {
    const { client, server, runtime, online } = world()
    await online()
    for (let i = 0; i < 32; i++) void client.comment(`c${i}`)
    await server.flush()
    expect(await client.comment('too early')).toMatchObject({ code: 'busy' })
    runtime.advance(11_000)
    await server.flush()
    server.pulse()
    await server.flush()
    void client.comment('late')
    await server.flush()
    expect(server.shard.comments.get('late')).toBe(1)
    expect(client.state.pending.undurable).toBeGreaterThan(32)
  })

  it('[CL5] what was kept beyond the window is sent again without leaving it', async () => {
    const { client, server, online, pass } = world()
    await online()
    for (let i = 0; i < 10; i++) void client.comment(`c${i}`)
    await server.flush()
    // No watermark: the window opens after 10 s, and much more than a window is kept.
    for (let i = 0; i < 100; i++) {
      client.like()
      await pass(500)
      server.pulse()
      await server.flush()
    }
    expect(server.shard.likes).toBe(100)
    expect(client.state.pending.undurable).toBeGreaterThan(100)
    server.crash(1000, 'reattached')
    // The comments are the lowest and have to wait; the likes above them must not run ahead.
    for (let i = 0; i < 10; i++) server.refusals.push(refuse('rate_limited', { afterMs: 3000 }))
    for (let i = 0; i < 90; i++) {
      await pass(1000)
      server.pulse()
      await server.flush()
    }
    expect(server.tooOld).toBe(0)
    expect([server.shard.likes, server.shard.comments.size]).toEqual([100, 10])
  })

  it('[CL3] a watermark equal to the time of the answer does not make it durable', async () => {
    const { client, server, runtime, online } = world()
    await online()
    server.makeDurable()
    runtime.advance(100)
    void client.comment('edge')
    await server.flush()
    server.makeDurable()
    server.pulse()
    await server.flush()
    expect(client.state.pending.undurable).toBeGreaterThan(0)
    runtime.advance(1)
    server.makeDurable()
    server.pulse()
    await server.flush()
    expect(client.state.pending.undurable).toBe(0)
  })

  it('[CL4] a new epoch in an answer alone sends again what was applied before', async () => {
    const { client, server, seen, online } = world()
    await online()
    void client.comment('first')
    await server.flush()
    server.crash(100, 'cut')
    await server.flush()
    client.wake()
    await server.flush()
    expect(server.shard.comments).toEqual(new Map([['first', 1]]))
    expect(seen.scored.filter((s) => s.name === 'comment.send').map((s) => s.again)).toEqual([
      false,
      true,
    ])
  })

  it('[CL12] a command without an answer is sent again after 5 s and credited once', async () => {
    const { client, server, runtime, online, connection } = world()
    await online()
    void client.comment('lost ack')
    server.deliverUp(connection())
    connection().down = []
    runtime.advance(4000)
    await server.flush()
    expect(client.state.pending.comments).toBe(1)
    runtime.advance(1000)
    await server.flush()
    expect(client.state.pending.comments).toBe(0)
    expect(server.shard.comments.get('lost ack')).toBe(1)
  })

  it('[CL12] at most 16 commands wait for an answer', async () => {
    const { client, leaving, online } = world()
    await online()
    for (let i = 0; i < 30; i++) void client.comment(`c${i}`)
    expect(leaving('comment.send')).toHaveLength(16)
  })

  it('[CL13] [CL24] busy holds everything, says paused, and comes back one by one', async () => {
    const { client, server, runtime, online, leaving } = world()
    await online()
    server.refusals.push(refuse('busy', { afterMs: 1000 }))
    void client.comment('a')
    await server.flush()
    expect(client.state.status.phase).toBe('paused')
    void client.comment('b')
    void client.share()
    runtime.advance(999)
    expect([...leaving('comment.send'), ...leaving('share.send')]).toHaveLength(0)
    runtime.advance(5000)
    expect([...leaving('comment.send'), ...leaving('share.send')]).toHaveLength(1)
    await server.flush()
    expect(client.state.status.phase).toBe('online')
    expect([...server.shard.comments.values()]).toEqual([1, 1])
  })

  it('[CL13] rate_limited holds its own kind only', async () => {
    const { client, server, runtime, online } = world()
    await online()
    server.refusals.push(refuse('rate_limited', { afterMs: 2000 }))
    void client.comment('slow')
    await server.flush()
    client.like(5)
    runtime.advance(250)
    await server.flush()
    expect(server.shard.likes).toBe(5)
    expect(server.shard.comments.size).toBe(0)
    runtime.advance(5000)
    await server.flush()
    expect(server.shard.comments.get('slow')).toBe(1)
  })

  it('[CL13] [CL14] what cannot succeed is dropped with its reason, and the next one goes on', async () => {
    const { client, server, seen, online } = world()
    await online()
    server.refusals.push(refuse('bad_request', { field: 'text' }))
    const answer = client.comment('bad')
    await server.flush()
    expect(await answer).toMatchObject({ code: 'bad_request', field: 'text' })
    expect(seen.dropped).toMatchObject([{ name: 'comment.send', refusal: { code: 'bad_request' } }])
    void client.comment('good')
    await server.flush()
    expect(server.shard.comments).toEqual(new Map([['good', 1]]))
  })

  it('[CL13] internal is tried ten times, then dropped', async () => {
    const { client, server, seen, online, pass } = world()
    client.setVisible(false)
    await online()
    for (let i = 0; i < 12; i++) server.refusals.push(refuse('internal'))
    void client.comment('poison')
    await pass(120_000)
    expect(server.refusals).toHaveLength(2)
    expect(seen.dropped).toMatchObject([{ refusal: { code: 'internal' } }])
  })

  it('[CL15] a request is answered once; busy without a connection, an answer or a living connection', async () => {
    const { client, server, runtime, online, connection } = world({ role: 'host' })
    expect(await client.request('cue.skip', { cue: 'x' })).toMatchObject({ code: 'busy' })
    await online()
    const unanswered = client.request('clock.read', {})
    connection().up = []
    runtime.advance(8000)
    expect(await unanswered).toMatchObject({ code: 'busy' })
    await server.flush()
    const cut = client.request('clock.read', {})
    connection().cut()
    expect(await cut).toMatchObject({ code: 'busy' })
  })
})

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

describe('watching', () => {
  it('[CL29] opens the clock with nonce 0, then beats when due with the nonce of the moment', async () => {
    const { server, runtime, online } = world()
    await online()
    expect(server.shard.beats).toMatchObject([{ nonce: 0, visible: true, reason: 'open' }])
    for (let i = 0; i < 130; i++) {
      runtime.advance(500)
      await server.flush()
    }
    const beats = server.shard.beats
    expect(beats.map((b) => b.reason)).toEqual(['open', 'ok', 'ok', 'ok'])
    expect(beats.map((b) => b.nonce)).toEqual([0, 1, 2, 3])
    const [a, b] = [beats[1]?.atMs ?? 0, beats[2]?.atMs ?? 0]
    expect(b - a).toBeGreaterThanOrEqual(20_150)
    expect(b - a).toBeLessThanOrEqual(21_000)
  })

  it('[CL29] a clock that is minutes off beats at the same moments', async () => {
    const { server, runtime, client } = world()
    server.skewMs = -420_000
    client.connect()
    for (let i = 0; i < 100; i++) {
      await server.flush()
      runtime.advance(500)
    }
    expect(server.shard.beats.map((b) => b.reason)).toEqual(['open', 'ok', 'ok'])
  })

  it('[CL29] a nonce of another device is corrected by the answer', async () => {
    const { server, runtime, online } = world()
    await online()
    server.shard.watch = { nonce: 50, dueAtMs: server.now() + 5000 }
    for (let i = 0; i < 100; i++) {
      runtime.advance(500)
      await server.flush()
    }
    expect(server.shard.beats.map((b) => b.reason)).toEqual(['open', 'stale', 'ok', 'ok'])
  })

  it('[CL30] hidden: one beat that says so, then silence; seen again: a beat at once', async () => {
    const { client, server, runtime, online } = world()
    await online()
    runtime.advance(5000)
    client.setVisible(false)
    await server.flush()
    for (let i = 0; i < 100; i++) {
      runtime.advance(1000)
      await server.flush()
    }
    expect(server.shard.beats.map((b) => b.visible)).toEqual([true, false])
    client.setVisible(true)
    await server.flush()
    expect(server.shard.beats.map((b) => [b.visible, b.reason])).toEqual([
      [true, 'open'],
      [false, 'ok'],
      [true, 'ok'],
    ])
  })

  it('[CL30] a page that was never seen sends nothing', async () => {
    const { client, server, runtime, online } = world()
    client.setVisible(false)
    await online()
    runtime.advance(60_000)
    await server.flush()
    expect(server.shard.beats).toHaveLength(0)
  })

  it('[CL29] waking late beats at once', async () => {
    const { client, server, runtime, online } = world()
    await online()
    runtime.sleep(90_000)
    client.wake()
    await server.flush()
    expect(server.shard.beats.map((b) => b.reason)).toEqual(['open', 'ok'])
  })

  it('[CL31] what another device did does not change the nonce', async () => {
    const { server, runtime, online, connection } = world()
    await online()
    const account = { ...server.account(), version: 50, watch: { nonce: 999, dueAtMs: 0 } }
    connection().send('account.changed', { account, receipts: [] })
    for (let i = 0; i < 50; i++) {
      await server.flush()
      runtime.advance(500)
    }
    expect(server.shard.beats.map((b) => b.nonce)).toEqual([0, 1])
  })

  it('[CL29] hosts and stages do not watch', async () => {
    const { server, runtime, online } = world({ role: 'stage' })
    await online()
    runtime.advance(60_000)
    await server.flush()
    expect(server.shard.beats).toHaveLength(0)
  })
})

describe('time', () => {
  it('[CL32] follows the server within half a round trip, whatever the device says', async () => {
    const { client, server, runtime } = world()
    server.skewMs = 300_000.5
    client.connect()
    for (let i = 0; i < 20; i++) {
      // Each leg takes 20 to 60 ms.
      await server.flush()
      runtime.advance(20 + 40 * runtime.random())
    }
    expect(Math.abs(client.serverNow() - server.now())).toBeLessThanOrEqual(200)
  })

  it('[CL32] a clock that stood still is found out by a pulse', async () => {
    const { client, server, runtime, online } = world()
    await online()
    runtime.advance(20_000)
    await server.flush()
    server.skewMs += 90_000
    server.pulse()
    for (let i = 0; i < 10; i++) {
      await server.flush()
      runtime.advance(400)
    }
    expect(Math.abs(client.serverNow() - server.now())).toBeLessThanOrEqual(200)
  })
})
