/**
 * The front: Socket.IO's protocol on uWebSockets.js, without the library. Stock clients see no difference; a viewer
 * costs a fifth of the memory, and a command a third of the time. `FANFARE_FRONT_HANDLER=off` gives their place
 * to the library (`socketio.ts`); every test of the gateway runs on both.
 */

import { refuse } from '../../shared/errors.ts'
import type { BodyOf, EventName } from '../../shared/protocol/index.ts'
import { placeOf } from '../identity/index.ts'
import { afterThisTurn, type Clock, Counts, randomId } from '../kernel/index.ts'
import { FrontLink, type FrontSocket } from './front-link.ts'
import { HotReader } from './hot.ts'
import {
  BACKPRESSURE_BYTES_MAX,
  CONNECT_DEADLINE_MS,
  FRAME_BYTES_MAX,
  IDLE_SEC,
  KNOCKING_FACTOR,
  PING_INTERVAL_MS,
  PING_TIMEOUT_MS,
  REFUSED_KNOCKS_MAX,
  SWEEP_MS,
} from './limits.ts'
import * as packets from './packets.ts'
import type { Refused, SocketServer, SocketServerOptions } from './sockets.ts'
import { Topics } from './topics.ts'
import type { Transport, UwsRequest, UwsResponse } from './transport.ts'

const PATH = '/socket.io/'
/** So many bits of a frame's bytes, 256 of them, count as one frame more: large ones cost more to read. */
const LARGE_FRAME_BITS = 8
export interface FrontOptions<Admitted> extends SocketServerOptions<Admitted> {
  transport: Extract<Transport, { kind: 'uws' }>
  clock: Clock
}

export async function createFront<Admitted>(
  options: FrontOptions<Admitted>,
): Promise<SocketServer> {
  const front = new Front(options)
  await options.transport.listen(options.port)
  return front
}

class Front<Admitted> implements SocketServer {
  readonly #options: FrontOptions<Admitted>
  readonly #links = new Set<FrontLink>()
  /** Connections per address, admitted or not, so that one address cannot hold all the descriptors. */
  readonly #openPerIp = new Counts()
  readonly #reader = new HotReader()
  readonly #topics: Topics
  readonly #stopSweeping: () => void
  /** Socket ids name nothing here: no client comes back to a session. */
  readonly #name = randomId(6)
  #opened = 0
  #lastSpoken = ''

  constructor(options: FrontOptions<Admitted>) {
    this.#options = options
    const { framesPerSecMax, transport } = options
    const { app } = transport
    this.#topics = new Topics({
      publish: (name, frame) => app.publish(name, frame),
      soon: afterThisTurn,
      after: (ms, run) => options.clock.after(ms, run),
    })
    app.ws<{ link: FrontLink }>(PATH, {
      maxPayloadLength: FRAME_BYTES_MAX,
      maxBackpressure: BACKPRESSURE_BYTES_MAX,
      idleTimeout: IDLE_SEC,
      upgrade: (response, request, context) => this.#upgrade(response, request, context),
      open: (socket) => this.#open(socket),
      message: (socket, message, isBinary) => {
        const { link } = socket
        link.frames += 1 + (message.byteLength >> LARGE_FRAME_BITS)
        if (link.frames > framesPerSecMax) return link.flooded()
        try {
          if (isBinary || !this.#heard(link, message)) link.end()
        } catch (error) {
          options.log.error({ err: error }, 'a frame failed')
          link.end()
        }
      },
      close: (socket) => this.#closed(socket.link),
    })
    app.any('/*', (response) => answer(response, '404 Not Found', 'not_found'))
    app.any(PATH, (response) => answer(response, '400 Bad Request', 'websocket_only'))
    this.#stopSweeping = options.clock.every(SWEEP_MS, () => {
      const now = options.clock.now()
      for (const link of this.#links) link.sweep(now)
    })
  }

  toTopic<E extends EventName>(topic: string, event: E, body: BodyOf<E>): void {
    const frame = `${packets.EVENT}["${event}",${JSON.stringify(body)}]`
    this.#topics.send(topic, Buffer.from(frame))
  }

  flush(): void {
    this.#topics.flush()
  }

  stopListening(): void {
    this.#options.transport.stopListening()
  }

  async close(): Promise<void> {
    this.stopListening()
    this.#stopSweeping()
    for (const link of this.#links) link.end()
    this.#options.transport.app.close()
  }

  #upgrade(response: UwsResponse, request: UwsRequest, context: unknown): void {
    if (!this.#isSpoken(request.getQuery()))
      return answer(response, '400 Bad Request', 'bad_request')
    const { trustedProxies, allowOrigin, clock, socketsPerIpMax } = this.#options
    const peer = Buffer.from(response.getRemoteAddressAsText()).toString()
    const ip = placeOf(peer, headerOf(request, 'x-forwarded-for'), trustedProxies)
    const asking = { origin: headerOf(request, 'origin'), host: headerOf(request, 'host') }
    if (!allowOrigin(asking) || this.#openPerIp.of(ip) >= KNOCKING_FACTOR * socketsPerIpMax)
      return answer(response, '403 Forbidden', 'forbidden')
    const link = new FrontLink(this.#topics, {
      ip,
      asking,
      dueMs: clock.now() + CONNECT_DEADLINE_MS,
    })
    response.upgrade(
      { link },
      request.getHeader('sec-websocket-key'),
      request.getHeader('sec-websocket-protocol'),
      request.getHeader('sec-websocket-extensions'),
      context,
    )
  }

  /** Nearly all clients ask in the same words. */
  #isSpoken(query: string): boolean {
    if (query === this.#lastSpoken) return true
    const asked = new URLSearchParams(query)
    const isSpoken = asked.get('EIO') === '4' && asked.get('transport') === 'websocket'
    // A session is one WebSocket; there is nothing a second one could join.
    if (!isSpoken || asked.has('sid')) return false
    this.#lastSpoken = query
    return true
  }

  #open(socket: FrontSocket): void {
    const { link } = socket
    link.opened(socket)
    this.#links.add(link)
    this.#openPerIp.add(link.ip)
    const handshake = {
      sid: this.#nextName(),
      upgrades: [],
      pingInterval: PING_INTERVAL_MS,
      pingTimeout: PING_TIMEOUT_MS,
      maxPayload: FRAME_BYTES_MAX,
    }
    link.write(packets.OPEN + JSON.stringify(handshake))
  }

  #nextName(): string {
    this.#opened += 1
    return `${this.#name}${this.#opened.toString(36)}`
  }

  #closed(link: FrontLink): void {
    this.#links.delete(link)
    this.#openPerIp.remove(link.ip)
    link.closed()
  }

  /** False where the frame breaks the protocol. */
  #heard(link: FrontLink, message: ArrayBuffer): boolean {
    if (link.receiver && this.#reader.read(new Uint8Array(message))) {
      link.isActing = true
      link.receiver.hot(this.#reader.command)
      return true
    }
    const packet = packets.readPacket(Buffer.from(message).toString())
    switch (packet?.kind) {
      case 'event':
        link.receiver?.command(packet)
        return link.receiver !== undefined || link.stage === 'closed'
      case 'pong':
        if (link.stage === 'in') link.ponged(this.#options.clock.now())
        return true
      case 'nothing':
        return true
      case 'connect':
        if (link.stage !== 'open') return false
        link.stage = 'knocking'
        void this.#knock(link, packet.auth)
        return true
      default:
        // Who leaves the namespace leaves: there is no other.
        return false
    }
  }

  async #knock(link: FrontLink, auth: unknown): Promise<void> {
    const { admit, onLink, log, clock } = this.#options
    const asking = link.asking ?? { origin: undefined, host: undefined }
    const admission = await admit({ auth, ip: link.ip, ...asking }).catch((error: unknown) => {
      log.error({ err: error }, 'admission failed')
      return { ok: false as const, code: 'busy' as const, afterMs: 1000 }
    })
    if (link.stage === 'closed') return
    if (!admission.ok) {
      const { ok: _, code, ...detail } = admission
      const data = refuse(code, detail)
      link.stage = 'open'
      link.write(packets.REFUSED + JSON.stringify({ message: code, data } satisfies Refused))
      link.refused += 1
      if (link.refused >= REFUSED_KNOCKS_MAX) link.end()
      return
    }
    link.stage = 'in'
    link.asking = undefined
    link.ponged(clock.now())
    link.together(() => {
      link.write(`${packets.CONNECT}{"sid":"${this.#nextName()}"}`)
      const receiver = onLink(link, admission.as)
      if (link.stage === 'in') link.receiver = receiver
      else receiver.closed()
    })
  }
}

const headerOf = (request: UwsRequest, name: string): string | undefined =>
  request.getHeader(name) || undefined

function answer(response: UwsResponse, status: string, code: string): void {
  response.writeStatus(status).writeHeader('Content-Type', 'application/json')
  response.end(JSON.stringify({ code }), true)
}
