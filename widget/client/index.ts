/** `@fanfare/client`: points in a live room, from a browser, a mini-program or Node. */

export type * from './api.ts'
export { createClient } from './client.ts'
export { bindPage, pageStorage, type Runtime, systemRuntime } from './runtime.ts'
export type { ClientSocket, Incoming, SocketFactory, SocketHandlers } from './socket.ts'
export type { Storage } from './store.ts'
