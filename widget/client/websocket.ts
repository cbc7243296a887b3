/**
 * The part of Socket.IO's protocol (revision 5 over Engine.IO 4) that the client uses, over the browser's own
 * WebSocket: every viewer downloads this, and the library is ten times as large.
 */

import type { Refusal } from '../../shared/errors.ts'
import { ACKS_MAX } from './limits.ts'
import { refusalIn } from './refusal.ts'
import type { Incoming, TellingFactory, TellingSocket } from './socket.ts'

/** First character of a frame: Engine.IO's packet types. */
const OPEN = '0'
const CLOSE = '1'
const PING = '2'
const PONG = '3'
const MESSAGE = '4'
/** Second character, inside a message: Socket.IO's. */
const CONNECT = '0'
const DISCONNECT = '1'
const EVENT = '2'
const ACK = '3'
const REFUSED = '4'

type Acked = (answer: never) => void

/** Opens one connection. A refused handshake carries the refusal in `data`. */
export const webSocket: TellingFactory = (url, auth, handlers) => {
  const address = `${url.replace(/^http/, 'ws').replace(/\/$/, '')}/socket.io/`
  const socket = new WebSocket(`${address}?EIO=4&transport=websocket`)
  const acks = new Map<number, Acked>()
  let lastAck = 0

  const end = () => {
    socket.onmessage = socket.onclose = null
    acks.clear()
    socket.close()
  }
  const closed = (refusal?: Refusal) => {
    end()
    handlers.closed(refusal)
  }

  function message(packet: string): void {
    const digits = /^\d*/.exec(packet.slice(1))?.[0] ?? ''
    const text = packet.slice(1 + digits.length)
    const body: unknown = text && JSON.parse(text)
    switch (packet[0]) {
      case EVENT:
        return handlers.received(...(body as Incoming))
      case ACK: {
        const acked = acks.get(Number(digits))
        acks.delete(Number(digits))
        return acked?.((body as never[])[0] as never)
      }
      case REFUSED:
        // `{ message, data }`.
        return closed(refusalIn((body as { data?: unknown } | null)?.data))
      case DISCONNECT:
        return closed()
      // CONNECT: the server goes on with its own welcome.
    }
  }

  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (typeof data !== 'string') return
    const type = data[0]
    if (type === OPEN) socket.send(MESSAGE + CONNECT + JSON.stringify(auth))
    if (type === PING) socket.send(PONG)
    if (type === CLOSE) closed()
    if (type === MESSAGE) message(data.slice(1))
  }
  // An error is always followed by this.
  socket.onclose = () => closed()

  const opened: TellingSocket = {
    send(name, input, acked) {
      if (socket.readyState !== WebSocket.OPEN) return
      acks.set(++lastAck, acked as Acked)
      // Answers that never came; whoever waits for them has given up long ago.
      if (acks.size > ACKS_MAX) acks.delete(lastAck - ACKS_MAX)
      socket.send(MESSAGE + EVENT + lastAck + JSON.stringify([name, input]))
    },
    tell(name, input) {
      if (socket.readyState === WebSocket.OPEN)
        socket.send(MESSAGE + EVENT + JSON.stringify([name, input]))
    },
    close: end,
  }
  return opened
}
