/** The client for pages: over the browser's own WebSocket, without the library, because every viewer downloads it. */

import type { Client, ClientOptions } from './api.ts'
import { createClient as createCore } from './client.ts'
import { withWatermarks } from './watermarks.ts'
import { webSocket } from './websocket.ts'

export type * from './api.ts'
export { bindPage, pageStorage, type Runtime, systemRuntime } from './runtime.ts'

/** Makes a client; nothing happens before `connect`. */
export const createClient = (options: ClientOptions): Client =>
  createCore({ socketFactory: withWatermarks(webSocket), ...options })
