/** The frames on the wire, as Socket.IO's protocol (revision 5) and Engine.IO's (4) write them. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { refuse } from '../../shared/errors.ts'
import { ACKS_MAX } from './limits.ts'
import type { ClientSocket } from './socket.ts'
import { webSocket } from './websocket.ts'

class Wire {
  static readonly OPEN = 1
  static last: Wire
  readyState = 1
  closed = false
  sent: string[] = []
  onmessage: ((event: { data: unknown }) => void) | null = null
  onclose: (() => void) | null = null
  readonly url: string
  constructor(url: string) {
    this.url = url
    Wire.last = this
  }
  send(frame: string) {
    this.sent.push(frame)
  }
  close() {
    this.closed = true
    this.readyState = 3
  }
  hear(data: unknown) {
    this.onmessage?.({ data })
  }
}

const received = vi.fn()
const closed = vi.fn()
let socket: ClientSocket

beforeEach(() => {
  vi.stubGlobal('WebSocket', Wire)
  received.mockReset()
  closed.mockReset()
  socket = webSocket(
    'https://live.example:7071/',
    { protocol: 1, ticket: 't' },
    { received, closed },
  )
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('Socket.IO over a WebSocket', () => {
  it('asks for Engine.IO 4 over WebSocket alone, and greets when the server has opened', () => {
    expect(Wire.last.url).toBe('wss://live.example:7071/socket.io/?EIO=4&transport=websocket')
    expect(Wire.last.sent).toEqual([])
    Wire.last.hear('0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000}')
    expect(Wire.last.sent).toEqual(['40{"protocol":1,"ticket":"t"}'])
  })

  it('answers pings', () => {
    Wire.last.hear('2')
    expect(Wire.last.sent).toEqual(['3'])
  })

  it('hands over events, also those that ask for an answer', () => {
    Wire.last.hear('40{"sid":"x"}')
    Wire.last.hear('42["server.goodbye",{"code":4001,"reason":"draining"}]')
    Wire.last.hear('4217["session.refreshed",{"resume":"r"}]')
    expect(received.mock.calls).toEqual([
      ['server.goodbye', { code: 4001, reason: 'draining' }],
      ['session.refreshed', { resume: 'r' }],
    ])
  })

  it('gives each answer to its command, once', () => {
    const likes = vi.fn()
    const clock = vi.fn()
    socket.send('like.send', { seq: 1, count: 2 }, likes)
    socket.send('clock.read', {}, clock)
    expect(Wire.last.sent).toEqual(['421["like.send",{"seq":1,"count":2}]', '422["clock.read",{}]'])
    Wire.last.hear('432[{"ok":true,"atMs":5}]')
    Wire.last.hear('432[{"ok":true,"atMs":6}]')
    expect(clock.mock.calls).toEqual([[{ ok: true, atMs: 5 }]])
    expect(likes).not.toHaveBeenCalled()
  })

  it('lets go of the oldest answers above the maximum', () => {
    const answered: number[] = []
    for (let i = 0; i <= ACKS_MAX; i++) socket.send('clock.read', {}, () => answered.push(i))
    Wire.last.hear('431[{"ok":true,"atMs":1}]')
    Wire.last.hear('432[{"ok":true,"atMs":1}]')
    expect(answered).toEqual([1])
  })

  it('tells a refused handshake with its reason, and closes', () => {
    const refusal = refuse('ticket_expired')
    Wire.last.hear(`44${JSON.stringify({ message: 'refused', data: refusal })}`)
    expect(closed.mock.calls).toEqual([[refusal]])
    expect(Wire.last.closed).toBe(true)
  })

  it.each(['1', '41'])('ends once when the server says %s', (frame) => {
    const { onclose } = Wire.last
    Wire.last.hear(frame)
    expect(closed).toHaveBeenCalledTimes(1)
    expect(Wire.last.onclose).toBeNull()
    expect(onclose).not.toBeNull()
  })

  it('ends once when the network does', () => {
    Wire.last.onclose?.()
    expect(closed).toHaveBeenCalledTimes(1)
  })

  it('calls nobody after its own end, and sends nothing', () => {
    socket.close()
    Wire.last.hear('42["server.goodbye",{}]')
    socket.send('clock.read', {}, () => {})
    expect(received).not.toHaveBeenCalled()
    expect(closed).not.toHaveBeenCalled()
    expect(Wire.last.sent).toEqual([])
  })

  it('ignores what it does not know', () => {
    Wire.last.hear(new ArrayBuffer(4))
    Wire.last.hear('6')
    Wire.last.hear('4')
    expect(received).not.toHaveBeenCalled()
    expect(closed).not.toHaveBeenCalled()
  })
})
