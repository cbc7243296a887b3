/** Points in a live room, from a browser, a mini-program or Node. */

import type { Client, ClientOptions } from './api.ts'
import { createClient as createCore } from './client.ts'
import { socketIo } from './socketio.ts'
import { withWatermarks } from './watermarks.ts'

export type * from './api.ts'
export { bindPage, pageStorage, type Runtime, systemRuntime } from './runtime.ts'
export type { ClientSocket, Incoming, SocketFactory, SocketHandlers } from './socket.ts'
export type { Storage } from './store.ts'
export { createWishes, type Wish, type Wishes } from './wishes.ts'
export { socketIo }

/** Makes a client over Socket.IO's own library, which also runs in Node; nothing happens before `connect`. */
export const createClient = (options: ClientOptions): Client =>
  createCore({ socketFactory: withWatermarks(socketIo), ...options })
