/** The only file that knows Socket.IO. It turns sockets into links and frames into calls. */

import { createShardedAdapter } from '@socket.io/redis-adapter'
import { Server, type Socket } from 'socket.io'
import { type ErrorCode, GOODBYES, type GoodbyeReason, refuse } from '../../shared/errors.ts'
import type { BodyOf, EventName } from '../../shared/protocol/index.ts'
import type { Log } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import {
  BACKPRESSURE_BYTES_MAX,
  CONNECT_DEADLINE_MS,
  FRAME_BYTES_MAX,
  KNOCKING_FACTOR,
  PING_INTERVAL_MS,
  PING_TIMEOUT_MS,
  UPGRADE_DEADLINE_MS,
} from './limits.ts'
import type { Asking } from './origins.ts'
import type { Transport } from './transport.ts'

/** One admitted connection. */
export interface Link {
  readonly id: string
  readonly connected: boolean
  send<E extends EventName>(event: E, body: BodyOf<E>): void
  /** Hears what is sent to the topic, until it closes. */
  join(topic: string): void
  /** Bytes the client has not read yet. */
  buffered(): number
  /** Says why, then closes. */
  goodbye(reason: GoodbyeReason, afterMs?: number): void
  onCommand(handle: (name: unknown, args: unknown[]) => void): void
  onClose(run: () => void): void
}

export interface Knock extends Asking {
  auth: unknown
  /** The peer, or what the trusted proxies say. */
  ip: string
}

export interface SocketServer {
  kind: Transport['kind']
  /** To every link of this process that joined the topic. */
  toTopic<E extends EventName>(topic: string, event: E, body: BodyOf<E>): void
  /** A word to the other gateways; may be lost. */
  nudge(room: string): void
  connections(): number
  /** Takes no more connections; those that are stay. */
  stopListening(): void
  close(): Promise<void>
}

export interface SocketServerOptions<Admitted> {
  transport: Transport
  port: number
  trustedProxies: number
  socketsPerIpMax: number
  /** Synchronous: nothing may be awaited before the upgrade is answered. */
  allowOrigin: (asking: Asking) => boolean
  admit: (
    knock: Knock,
  ) => Promise<{ ok: true; as: Admitted } | { ok: false; code: ErrorCode; afterMs?: number }>
  onLink: (link: Link, as: Admitted) => void
  onNudge: (room: string) => void
  /** For the adapter that carries nudges: one connection to publish, one to subscribe. */
  bus: { publish: Store; subscribe: Store }
  log: Log
}

interface Request {
  headers: Record<string, string | string[] | undefined>
  connection?: { remoteAddress?: string | undefined }
  socket?: { remoteAddress?: string | undefined }
}

/** The address of the client: the n-th from the right of X-Forwarded-For, where n proxies are trusted. */
function addressOf(request: Request, trustedProxies: number): string {
  const peer = request.socket?.remoteAddress ?? request.connection?.remoteAddress ?? ''
  if (trustedProxies === 0) return peer
  const header = request.headers['x-forwarded-for']
  const hops = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',')
  return hops.at(-trustedProxies)?.trim() || peer
}

const headerOf = (request: Request, name: string): string | undefined => {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(',') : value
}

const askingOf = (request: Request): Asking => ({
  origin: headerOf(request, 'origin'),
  host: headerOf(request, 'host'),
})

/**
 * What engine.io holds of a connection. uWS and ws count unread bytes under different names; with ws packets
 * also wait in engine.io itself until the frame before them has left.
 */
interface RawConnection {
  transport: { socket?: { getBufferedAmount?: () => number; bufferedAmount?: number } }
  writeBuffer?: { data?: string }[]
}

function unreadBytes({ transport, writeBuffer = [] }: RawConnection): number {
  const waiting = writeBuffer.reduce((sum, { data = '' }) => sum + data.length, 0)
  try {
    return (
      waiting + (transport.socket?.getBufferedAmount?.() ?? transport.socket?.bufferedAmount ?? 0)
    )
  } catch {
    // uWS throws where the socket closed a moment ago.
    return 0
  }
}

function linkOf(socket: Socket): Link {
  return {
    id: socket.id,
    get connected() {
      return socket.connected
    },
    send: (event, body) => void socket.emit(event, body),
    join: (topic) => void socket.join(topic),
    buffered: () => unreadBytes(socket.conn as unknown as RawConnection),
    goodbye(reason, afterMs) {
      socket.emit('server.goodbye', {
        code: GOODBYES[reason],
        reason,
        ...(afterMs !== undefined && { afterMs }),
      })
      // `true` closes the connection: leaving only the namespace leaves uWS topics subscribed.
      socket.disconnect(true)
    },
    onCommand: (handle) => void socket.onAny((name, ...args) => handle(name, args)),
    onClose: (run) => void socket.on('disconnect', run),
  }
}

/** An engine.io connection, which is there before anybody has said who it is. */
interface Opened {
  request: Request
  once(event: 'close', run: () => void): void
}

/** Connections per address, admitted or not, so that one address cannot hold all the descriptors. */
function countOpen(max: number) {
  const open = new Map<string, number>()
  const of = (ip: string) => open.get(ip) ?? 0
  return {
    full: (ip: string) => of(ip) >= max,
    /** The answer ends it. */
    open(ip: string): () => void {
      open.set(ip, of(ip) + 1)
      return () => {
        if (of(ip) > 1) open.set(ip, of(ip) - 1)
        else open.delete(ip)
      }
    },
  }
}

/** `io.use` answers refusals as errors with data; the client sees them as `connect_error`. */
function refusal(code: ErrorCode, afterMs?: number): Error {
  return Object.assign(new Error(code), {
    data: refuse(code, afterMs === undefined ? {} : { afterMs }),
  })
}

export async function createSocketServer<Admitted>(
  options: SocketServerOptions<Admitted>,
): Promise<SocketServer> {
  const { transport, log } = options
  const knocking = countOpen(KNOCKING_FACTOR * options.socketsPerIpMax)
  const io = new Server({
    path: '/socket.io/',
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: FRAME_BYTES_MAX,
    connectTimeout: CONNECT_DEADLINE_MS,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    upgradeTimeout: UPGRADE_DEADLINE_MS,
    allowRequest: (request, answer) => {
      const allowed =
        options.allowOrigin(askingOf(request)) &&
        !knocking.full(addressOf(request, options.trustedProxies))
      answer(allowed ? null : 'forbidden', allowed)
    },
    adapter: createShardedAdapter(options.bus.publish, options.bus.subscribe, {
      channelPrefix: 'ff:io',
    }),
    // In the constructor: there it wins over what attachApp is given. uWS only.
    ...({ maxBackpressure: BACKPRESSURE_BYTES_MAX, idleTimeout: 120 } as object),
  })
  const admitted = new WeakMap<Socket, Admitted>()

  io.use((socket, next) => {
    const request = socket.request as unknown as Request
    options
      .admit({
        auth: socket.handshake.auth,
        ip: addressOf(request, options.trustedProxies),
        ...askingOf(request),
      })
      .then((answer) => {
        if (!answer.ok) return next(refusal(answer.code, answer.afterMs))
        admitted.set(socket, answer.as)
        next()
      })
      .catch((error: unknown) => {
        log.error({ err: error }, 'admission failed')
        next(refusal('busy', 1000))
      })
  })
  io.on('connection', (socket) => {
    const as = admitted.get(socket)
    if (as === undefined || !socket.connected) return void socket.disconnect(true)
    options.onLink(linkOf(socket), as)
  })
  io.on('nudge', (room: unknown) => {
    if (typeof room === 'string') options.onNudge(room)
  })
  // Both ends of the adapter raise errors while Redis is away; it is a fast path and may miss.
  io.of('/').adapter.on('error', (error: unknown) => log.warn({ err: error }, 'adapter'))

  if (transport.kind === 'uws') io.attachApp(transport.app)
  else io.attach(transport.server)
  io.engine.on('connection', (connection: Opened) => {
    connection.once('close', knocking.open(addressOf(connection.request, options.trustedProxies)))
  })
  await transport.listen(options.port)

  return {
    kind: transport.kind,
    toTopic(topic, event, body) {
      if (transport.kind === 'uws') {
        // What Socket.IO's patched adapter does, without its loop over all sockets of the room.
        transport.app.publish(`/\x1f${topic}`, `42${JSON.stringify([event, body])}`)
      } else io.local.to(topic).emit(event, body)
    },
    nudge(room) {
      try {
        io.serverSideEmit('nudge', room)
      } catch (error) {
        log.warn({ err: error }, 'nudge was not sent')
      }
    },
    connections: () => io.engine.clientsCount,
    stopListening: () => transport.stopListening(),
    async close() {
      transport.stopListening()
      // Whoever is still half-way through a request would hold the server open.
      if (transport.kind === 'node') transport.server.closeAllConnections()
      await io.close()
      if (transport.kind === 'uws') transport.app.close()
    },
  }
}
