/** The client against the model server: watching, and the time. */

import { describe, expect, it } from 'vitest'
import { world } from './world.testing.ts'

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
