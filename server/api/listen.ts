/** The API on a port. */

import { once } from 'node:events'
import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { placeOf } from '../identity/index.ts'
import { Counts } from '../kernel/index.ts'
import type { Api } from './api.ts'
import { CONNECTIONS_MAX, CONNECTIONS_PER_ADDRESS_MAX } from './limits.ts'

export interface Listening {
  port: number
  /** Takes no new connections and resolves when the last answer is out, at the latest after `graceMs`. */
  close(graceMs: number): Promise<void>
}

export interface ListenOptions {
  port: number
  host?: string
  /** Connections of one address; undefined where all come from the proxies in front. */
  perAddressMax?: number
}

/** Where strangers connect by themselves, one of them cannot take all connections. */
export const perAddressMax = (trustedProxies: number): Pick<ListenOptions, 'perAddressMax'> =>
  trustedProxies > 0 ? {} : { perAddressMax: CONNECTIONS_PER_ADDRESS_MAX }

function limitAddresses(server: Server, max: number): void {
  const open = new Counts()
  server.on('connection', (socket: Socket) => {
    const place = placeOf(socket.remoteAddress ?? '', undefined, 0)
    if (open.of(place) >= max) return void socket.destroy()
    open.add(place)
    socket.once('close', () => open.remove(place))
  })
}

/** Rejects where the port is taken. Port 0 takes a free one. */
export async function listen(
  api: Api,
  { port, host, perAddressMax }: ListenOptions,
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
  if (perAddressMax !== undefined) limitAddresses(server, perAddressMax)
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
