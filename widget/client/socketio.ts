/** The connection over Socket.IO, WebSocket only; reconnecting is the client's own business. */

import { io } from 'socket.io-client'
import type { Refusal } from '../../shared/errors.ts'
import { WELCOME_MS } from './limits.ts'
import { refusalIn } from './refusal.ts'
import type { Incoming, TellingFactory } from './socket.ts'

/** Opens one connection. A refused handshake carries the refusal in `data`. */
export const socketIo: TellingFactory = (url, auth, handlers) => {
  const socket = io(url, {
    path: '/socket.io/',
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    timeout: WELCOME_MS,
    auth,
  })
  const end = () => {
    socket.removeAllListeners()
    socket.offAny()
    socket.disconnect()
  }
  const closed = (refusal?: Refusal) => {
    end()
    handlers.closed(refusal)
  }
  socket.onAny((...incoming) => handlers.received(...(incoming as Incoming)))
  socket.on('disconnect', () => closed())
  socket.on('connect_error', (error: Error & { data?: unknown }) => {
    closed(refusalIn(error.data))
  })
  return {
    send: (name, input, acked) => {
      socket.emit(name, input, acked)
    },
    tell: (name, input) => {
      socket.emit(name, input)
    },
    close: end,
  }
}
