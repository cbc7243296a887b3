/** The only file that knows Socket.IO's library: on node:http, and where the front is switched off. */

import { Server, type Socket } from 'socket.io'
import { GOODBYES, type GoodbyeReason, refuse } from '../../shared/errors.ts'
import type { BodyOf, EventName } from '../../shared/protocol/index.ts'
import { placeOf } from '../identity/index.ts'
import { Counts, type JsonBytes } from '../kernel/index.ts'
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
import type {
  Ack,
  Link,
  NotAdmitted,
  Receiver,
  SocketServer,
  SocketServerOptions,
} from './sockets.ts'
import type { Transport } from './transport.ts'

interface Request {
  headers: Record<string, string | string[] | undefined>
  connection?: { remoteAddress?: string | undefined }
  socket?: { remoteAddress?: string | undefined }
}

const peerOf = ({ socket, connection }: Request): string =>
  socket?.remoteAddress ?? connection?.remoteAddress ?? ''

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

class LibraryLink implements Link {
  readonly #socket: Socket

  constructor(socket: Socket) {
    this.#socket = socket
  }

  get connected(): boolean {
    return this.#socket.connected
  }

  send<E extends EventName>(event: E, body: BodyOf<E>): void {
    this.#socket.emit(event, body)
  }

  sendJson(event: EventName, json: string): void {
    this.#socket.emit(event, JSON.parse(json))
  }

  answer(ack: Ack, json: string): void {
    if (typeof ack === 'function') ack(JSON.parse(json))
  }

  answerWritten(ack: Ack, out: JsonBytes): void {
    this.answer(ack, out.toString())
  }

  sendWritten(event: EventName, out: JsonBytes): void {
    this.sendJson(event, out.toString())
  }

  together(run: () => void): void {
    run()
  }

  join(topic: string): void {
    void this.#socket.join(topic)
  }

  buffered(): number {
    return unreadBytes(this.#socket.conn as unknown as RawConnection)
  }

  goodbye(reason: GoodbyeReason, afterMs?: number): void {
    this.send('server.goodbye', {
      code: GOODBYES[reason],
      reason,
      ...(afterMs !== undefined && { afterMs }),
    })
    // `true` closes the connection: leaving only the namespace leaves uWS topics subscribed.
    this.#socket.disconnect(true)
  }
}

function listen(socket: Socket, receiver: Receiver): void {
  socket.onAny((name: unknown, ...args: unknown[]) => {
    const last = args.at(-1)
    const ack = typeof last === 'function' ? (args.pop() as (body: unknown) => void) : undefined
    receiver.command({ name, input: args[0], ack })
  })
  socket.on('disconnect', () => receiver.closed())
  if (!socket.connected) receiver.closed()
}

/** An engine.io connection, which is there before anybody has said who it is. */
interface Opened {
  request: Request
  once(event: 'close', run: () => void): void
}

/** `io.use` answers refusals as errors with data; the client sees them as `connect_error`. */
function refusal({ ok: _, code, ...detail }: NotAdmitted): Error {
  return Object.assign(new Error(code), { data: refuse(code, detail) })
}

export async function createLibraryServer<Admitted>(
  options: SocketServerOptions<Admitted> & { transport: Transport },
): Promise<SocketServer> {
  const { transport, log } = options
  const openPerIp = new Counts()
  const isFull = (ip: string) => openPerIp.of(ip) >= KNOCKING_FACTOR * options.socketsPerIpMax
  const ipOf = (request: Request): string =>
    placeOf(peerOf(request), headerOf(request, 'x-forwarded-for'), options.trustedProxies)
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
      const allowed = options.allowOrigin(askingOf(request)) && !isFull(ipOf(request))
      answer(allowed ? null : 'forbidden', allowed)
    },
    // In the constructor: there it wins over what attachApp is given. uWS only.
    ...({ maxBackpressure: BACKPRESSURE_BYTES_MAX, idleTimeout: 120 } as object),
  })
  const admitted = new WeakMap<Socket, Admitted>()

  io.use((socket, next) => {
    const request = socket.request as unknown as Request
    options
      .admit({
        auth: socket.handshake.auth,
        ip: ipOf(request),
        ...askingOf(request),
      })
      .then((answer) => {
        if (!answer.ok) return next(refusal(answer))
        admitted.set(socket, answer.as)
        next()
      })
      .catch((error: unknown) => {
        log.error({ err: error }, 'admission failed')
        next(refusal({ ok: false, code: 'busy', afterMs: 1000 }))
      })
  })
  io.on('connection', (socket) => {
    const as = admitted.get(socket)
    if (as === undefined || !socket.connected) return void socket.disconnect(true)
    listen(socket, options.onLink(new LibraryLink(socket), as))
  })

  if (transport.kind === 'uws') io.attachApp(transport.app)
  else io.attach(transport.server)
  io.engine.on('connection', (connection: Opened) => {
    const ip = ipOf(connection.request)
    openPerIp.add(ip)
    connection.once('close', () => openPerIp.remove(ip))
  })
  await transport.listen(options.port)

  return {
    toTopic(topic, event, body) {
      if (transport.kind === 'uws') {
        // What Socket.IO's patched adapter does, without its loop over all sockets of the room.
        transport.app.publish(`/\x1f${topic}`, `42${JSON.stringify([event, body])}`)
      } else io.local.to(topic).emit(event, body)
    },
    flush: () => undefined,
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
