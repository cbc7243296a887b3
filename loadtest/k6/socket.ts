/** Lets the client's own Socket.IO frames run over k6's sockets, which lack a constant of the browser's. */

import { WebSocket as K6WebSocket } from 'k6/websockets'
import { webSocket } from '../../widget/client/websocket.ts'

const OPEN = 1

/** A constructor that answers an object answers that object, so `new WebSocket(url)` gives k6's socket. */
function BrowserLike(url: string): K6WebSocket {
  return new K6WebSocket(url)
}
Object.assign(globalThis, { WebSocket: Object.assign(BrowserLike, { OPEN }) })

export const socketFactory = webSocket
