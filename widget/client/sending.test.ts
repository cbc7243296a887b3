/** The client against the model server: what it sends, keeps and drops. */

import { describe, expect, it } from 'vitest'
import { refuse } from '../../shared/errors.ts'
import { world } from './world.testing.ts'

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

  it('[CL3] [CL4] where the cluster grows a command is kept until its own shard has it, and sent again no more than once', async () => {
    const { client, server, runtime, online } = world()
    server.namesEpochs = true
    await online()
    void client.comment('before')
    await server.flush()
    server.grow()
    let sent = 0
    const count = () => {
      sent += server.open
        .flatMap(({ up }) => up)
        .filter(({ name }) => name === 'comment.send').length
    }
    for (let i = 0; i < 10; i++) {
      runtime.advance(500)
      server.pulse()
      count()
      await server.flush()
      count()
    }
    expect(client.state.pending.undurable).toBeGreaterThan(0)
    expect(sent).toBeLessThanOrEqual(1)
    server.makeDurable()
    server.pulse()
    await server.flush()
    expect(client.state.pending.undurable).toBe(0)
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
