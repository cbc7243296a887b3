/** The API on a port. */

import { once } from 'node:events'
import type { Server } from 'node:http'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Api } from './api.ts'
import { CONNECTIONS_MAX } from './limits.ts'

export interface Listening {
  port: number
  /** Takes no new connections and resolves when the last answer is out, at the latest after `graceMs`. */
  close(graceMs: number): Promise<void>
}

/** Rejects where the port is taken. Port 0 takes a free one. */
export async function listen(
  api: Api,
  { port, host }: { port: number; host?: string },
): Promise<Listening> {
  const server: Server = createServer(
    {
      // Slow senders are cut off: a whole request is small and comes at once. Node looks every 30 s by default.
      connectionsCheckingInterval: 2000,
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      keepAliveTimeout: 5000,
      maxHeaderSize: 16 * 1024,
    },
    getRequestListener(
      (request, { incoming }) =>
        api.fetch(request, 'socket' in incoming ? (incoming.socket.remoteAddress ?? '') : ''),
      { overrideGlobalObjects: false },
    ),
  )
  server.maxConnections = CONNECTIONS_MAX
  server.listen(port, ...(host === undefined ? [] : [host]))
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    async close(graceMs) {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      AbortSignal.timeout(graceMs).addEventListener('abort', () => server.closeAllConnections())
      await closed
    },
  }
}
