/** Which listener carries the sockets: uWebSockets.js where it loads, node:http elsewhere. */

import { once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import { createRequire } from 'node:module'
import type { Log } from '../kernel/index.ts'

/** The part of a uWebSockets.js app that we use; its package is optional, so its types are not imported. */
export interface UwsApp {
  listen(host: string, port: number, options: number, done: (token: unknown) => void): void
  any(pattern: string, answer: (response: UwsResponse, request: UwsRequest) => void): void
  ws<Data>(pattern: string, behavior: UwsBehavior<Data>): void
  /** Bytes are sent as text. */
  publish(topic: string, message: string | Uint8Array): boolean
  close(): void
}
export interface UwsRequest {
  getHeader(name: string): string
  getQuery(): string
}
/** Good until the handler returns. */
export interface UwsResponse {
  writeStatus(status: string): UwsResponse
  writeHeader(name: string, value: string): UwsResponse
  end(body: string, closes: boolean): void
  getRemoteAddressAsText(): ArrayBuffer
  upgrade(data: object, key: string, protocol: string, extensions: string, context: unknown): void
}
/** The data that its upgrade was given are properties of it. Its methods throw once it is closed. */
export type UwsSocket<Data> = Data & {
  /** Bytes are sent as text. */
  send(text: string | Uint8Array): number
  cork(run: () => void): void
  subscribe(topic: string): boolean
  getBufferedAmount(): number
  end(): void
}
interface UwsBehavior<Data> {
  maxPayloadLength: number
  maxBackpressure: number
  /** Seconds. */
  idleTimeout: number
  upgrade(response: UwsResponse, request: UwsRequest, context: unknown): void
  open(socket: UwsSocket<Data>): void
  message(socket: UwsSocket<Data>, message: ArrayBuffer, isBinary: boolean): void
  close(socket: UwsSocket<Data>): void
}
interface Uws {
  App(): UwsApp
  us_listen_socket_close(token: unknown): void
  LIBUS_LISTEN_EXCLUSIVE_PORT: number
  LIBUS_LISTEN_DEFAULT: number
}

export type Transport =
  | { kind: 'uws'; app: UwsApp; listen(port: number): Promise<void>; stopListening(): void }
  | { kind: 'node'; server: HttpServer; listen(port: number): Promise<void>; stopListening(): void }

export interface TransportOptions {
  wanted: 'auto' | 'uws' | 'node'
  /** Several gateway processes share the port; otherwise it is taken exclusively. */
  shared: boolean
  log: Log
}

/** `require` rather than `import`: only when asked, and bundlers leave it alone. */
const load = createRequire(import.meta.url)

/** Throws where uWebSockets.js was asked for by name and cannot be loaded. */
export async function createTransport(options: TransportOptions): Promise<Transport> {
  if (options.wanted === 'node') return nodeTransport()
  try {
    return uwsTransport(load('uWebSockets.js') as Uws, options.shared)
  } catch (error) {
    if (options.wanted === 'uws') throw error
    options.log.warn(
      { reason: error instanceof Error ? error.message.split('\n')[0] : String(error) },
      'uWebSockets.js cannot be loaded; sockets run on node:http, at about half the speed',
    )
    return nodeTransport()
  }
}

const inUse = (port: number): Error =>
  new Error(`port ${port} is taken; stop what uses it or set FANFARE_GATEWAY_PORT`)

/** Socket.IO patches its adapter for the whole process with the last app: a second one would take its viewers. */
let taken = false

function uwsTransport(uws: Uws, shared: boolean): Transport {
  if (taken) throw new Error('one process carries one uWebSockets.js gateway')
  taken = true
  const app = uws.App()
  let token: unknown
  return {
    kind: 'uws',
    app,
    listen: (port) =>
      new Promise((resolve, reject) => {
        // Without the exclusive flag two services would silently split each other's viewers.
        const flags = shared ? uws.LIBUS_LISTEN_DEFAULT : uws.LIBUS_LISTEN_EXCLUSIVE_PORT
        app.listen('0.0.0.0', port, flags, (listening) => {
          token = listening
          if (listening) resolve()
          else reject(inUse(port))
        })
      }),
    stopListening() {
      // `io.close()` leaves the listen socket open.
      if (token) uws.us_listen_socket_close(token)
      token = undefined
    },
  }
}

function nodeTransport(): Transport {
  // It would look for late headers every 30 s only.
  const server = createServer({ connectionsCheckingInterval: 2000 }, (_, response) => {
    // Only sockets live here; without an answer the connection would stay for ever.
    response.writeHead(404).end()
  })
  // Slow headers and bodies end after ten seconds, as on uWebSockets.js.
  server.headersTimeout = 10_000
  server.requestTimeout = 10_000
  return {
    kind: 'node',
    server,
    async listen(port) {
      server.listen(port, '0.0.0.0')
      await Promise.race([
        once(server, 'listening'),
        once(server, 'error').then(([error]) => {
          throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? inUse(port) : error
        }),
      ])
    },
    stopListening: () => void server.close(),
  }
}
