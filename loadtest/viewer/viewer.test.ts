/** A viewer's books, over a server and a time that the test moves by hand. */

import { describe, expect, it } from 'vitest'
import { signSession } from '../../server/identity/index.ts'
import { SESSIONS } from '../../server/identity/testing.ts'
import type { Moment } from '../../shared/room-state.ts'
import type { SocketFactory } from '../../widget/client/socket.ts'
import { ManualRuntime, ModelServer } from '../../widget/client/testing.ts'
import { type Plan, SETTLE_MS } from '../scenarios/index.ts'
import { createMeter } from '../slo/metrics.ts'
import { nonceOf, type ViewerRecord } from './record.ts'
import { playViewer } from './viewer.ts'

const STEP_MS = 20

const plan: Plan = {
  name: 'by hand',
  form: 'short',
  seed: 1,
  viewers: 1,
  arriveMs: 1,
  phases: [
    {
      name: 'one',
      ms: 4000,
      rates: { 'like.send': { perMinute: 60, taps: [2, 2] }, 'comment.send': { perMinute: 30 } },
    },
    { name: 'two', ms: 3000, rates: { 'share.send': { perMinute: 60 } } },
  ],
}

function stage(of: Partial<Plan> = {}, wrap = (factory: SocketFactory) => factory) {
  const runtime = new ManualRuntime()
  const server = new ModelServer(runtime)
  const { meter, measured } = createMeter()
  const records: ViewerRecord[] = []
  playViewer(
    {
      number: 0,
      plan: { ...plan, ...of },
      url: 'http://gateway.test',
      ticket: 'ticket',
      socketFactory: wrap(server.factory),
      runtime,
      meter,
      elapsedMs: 0,
    },
    (record) => records.push(record),
  )
  const pass = async (ms: number, each?: (atMs: number) => void) => {
    for (let at = 0; at < ms; at += STEP_MS) {
      each?.(at)
      runtime.advance(STEP_MS)
      await server.flush()
    }
  }
  return { server, measured, records, pass, session: () => records[0]?.sessions[0] }
}

/** Whole numbers from 1 on. */
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)

describe('a viewer', () => {
  it('does what each phase says, writes down every answer, and leaves once', async () => {
    const { server, measured, records, pass, session } = stage()
    await pass(8000)
    expect(records).toHaveLength(1)
    expect(records[0]).toMatchObject({ viewer: 0, account: 'me', phase: 'online' })
    const numbers = session()?.acknowledged.map(([seq]) => seq) ?? []
    expect(numbers.toSorted((a, b) => a - b)).toEqual(upTo(server.shard.version - 1))
    expect(session()).toMatchObject({ open: [], dropped: [] })
    expect(server.shard.likes).toBeGreaterThan(2)
    expect(server.shard.comments.size).toBeGreaterThan(0)
    expect(server.open).toEqual([])
    expect(measured()).toMatchObject({ evt_acked: { rate: 1 } })
    expect(measured()).not.toHaveProperty('double_credit')
    expect(measured()).not.toHaveProperty('push_gap')
  })

  it('comes back after the cut of a phase with the same client session, and loses nothing', async () => {
    const [one, two] = plan.phases
    const phases = [one, two && { ...two, cut: 1 }].filter((phase) => phase !== undefined)
    const { server, pass, session, records } = stage({ phases })
    await pass(12_000)
    expect(server.handshakes).toHaveLength(2)
    expect(server.handshakes[1]).toMatchObject({ session: 'session-1' })
    expect(records[0]?.sessions).toHaveLength(1)
    expect(session()?.acknowledged).toHaveLength(server.shard.version - 1)
    expect(session()?.open).toEqual([])
  })

  it('leaves with open commands where answers stop, which is no full rate', async () => {
    const { server, measured, records, pass, session } = stage()
    await pass(2500)
    for (const connection of server.open) connection.halfOpen = true
    // A probe finds out; nobody is let in again.
    server.handshakeRefusals = Array.from({ length: 50 }, () => ({
      ok: false,
      code: 'busy',
      retry: 'later',
    }))
    await pass(5000 + SETTLE_MS)
    expect(records).toHaveLength(1)
    expect(session()?.open.length).toBeGreaterThan(0)
    expect(records[0]?.phase).not.toBe('online')
    expect(measured().evt_acked?.rate).toBeLessThan(1)
  })

  it('counts a command that the server says it has newly applied twice', async () => {
    const forgetful = (factory: SocketFactory): SocketFactory => {
      return (url, auth, handlers) => {
        const socket = factory(url, auth, handlers)
        return {
          ...socket,
          send: (name, input, acked) =>
            socket.send(name, input, (answer) => {
              acked(answer)
              if (name === 'share.send') acked(answer)
            }),
        }
      }
    }
    const { measured, pass, records } = stage({}, forgetful)
    await pass(8000)
    expect(records).toHaveLength(1)
    expect(measured().double_credit?.count).toBeGreaterThan(0)
  })

  it('counts moments that never came', async () => {
    const { server, measured, pass, records } = stage()
    const rose = (seq: number): Moment => ({ seq, atMs: server.now(), kind: 'heat.rose', level: 1 })
    await pass(8000, (at) => {
      if (at === 1000 || at === 2000) {
        // Of three moments the second is lost on its way, and nobody repairs it.
        const seq = at === 1000 ? 1 : 3
        server.room.seq = seq
        for (const connection of server.open)
          connection.send('room.happened', { epoch: server.room.epoch, moments: [rose(seq)] })
      }
      if (at % 500 === 0) server.pulse()
    })
    expect(records).toHaveLength(1)
    expect(measured().push_gap).toEqual({ count: 1 })
  })

  it('counts moments that the room names and that never came, up to the last pulse but one', async () => {
    const { server, measured, pass } = stage()
    await pass(8000, (at) => {
      if (at === 2000) server.room.seq = 2
      if (at % 500 === 0) server.pulse()
    })
    expect(measured().push_gap).toEqual({ count: 2 })
  })
})

it('the nonce is read from the signed name of a client session', () => {
  for (const nonce of [1, 0x8000_0000, 0xffff_ffff, 0x1234_5678])
    expect(nonceOf(signSession(SESSIONS, { account: 2 ** 47 + 3, startMs: 1e12, nonce }))).toBe(
      nonce,
    )
})
