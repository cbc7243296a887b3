/** A connection of the front, from the upgrade to its end: Socket.IO's frames on a socket of uWebSockets.js. */

import { GOODBYES, type GoodbyeReason } from '../../shared/errors.ts'
import type { BodyOf, EventName } from '../../shared/protocol/index.ts'
import { type JsonBytes, part } from '../kernel/index.ts'
import { PING_INTERVAL_MS, PING_TIMEOUT_MS } from './limits.ts'
import type { Asking } from './origins.ts'
import * as packets from './packets.ts'
import { Rider } from './rider.ts'
import type { Ack, Link, Receiver } from './sockets.ts'
import type { Place, Topics } from './topics.ts'
import type { UwsSocket } from './transport.ts'

/** Behind a packet's arguments. */
const END = part(']')

/** Where a connection stands: it has to say who it is, is being looked at, is in, or is gone. */
type Stage = 'open' | 'knocking' | 'in' | 'closed'
export type FrontSocket = UwsSocket<{ link: FrontLink }>

export class FrontLink extends Rider implements Link {
  readonly ip: string
  /** Until it has been admitted. */
  asking: Asking | undefined
  stage: Stage = 'open'
  receiver: Receiver | undefined
  /** When it is next pinged; or closed, where it has not been admitted or has not answered a ping. */
  dueMs: number
  /** Handshakes of it that were refused. */
  refused = 0
  /** Frames since the last sweep, large ones as several. */
  frames = 0
  pinged = false
  #socket: FrontSocket | undefined
  readonly #topics: Topics
  /** Where it hears what is sent to a whole room: viewers in one place, hosts in two. */
  #places: Place[] | undefined

  constructor(topics: Topics, of: { ip: string; asking: Asking; dueMs: number }) {
    super()
    const { ip, asking, dueMs } = of
    this.#topics = topics
    this.ip = ip
    this.asking = asking
    this.dueMs = dueMs
  }

  get connected(): boolean {
    return this.stage === 'in'
  }

  opened(socket: FrontSocket): void {
    this.#socket = socket
  }

  /** The connection is gone; nothing can be sent any more. */
  closed(): void {
    this.stage = 'closed'
    this.#socket = undefined
    for (const place of this.#places ?? []) this.#topics.part(place)
    this.#places = undefined
    this.receiver?.closed()
    this.receiver = undefined
  }

  /** A text frame, with what it takes along; also where the client has just left. */
  write(frame: string | Uint8Array): void {
    const owed = this.takeOwed()
    if (owed) this.#inOnePiece([...owed, frame])
    else this.#socket?.send(frame)
  }

  override hear(frames: readonly Uint8Array[]): void {
    const owed = this.takeOwed()
    this.#inOnePiece(owed ? [...owed, ...frames] : frames)
  }

  #inOnePiece(frames: readonly (string | Uint8Array)[]): void {
    const [first] = frames
    if (first !== undefined && frames.length === 1) this.#socket?.send(first)
    else
      this.together(() => {
        for (const frame of frames) this.#socket?.send(frame)
      })
  }

  send<E extends EventName>(event: E, body: BodyOf<E>): void {
    this.sendJson(event, JSON.stringify(body))
  }

  sendJson(event: EventName, json: string): void {
    this.write(`${packets.EVENT}["${event}",${json}]`)
  }

  answer(ack: Ack, json: string): void {
    if (typeof ack === 'number') this.write(`${packets.ACK}${ack}[${json}]`)
  }

  answerWritten(ack: Ack, out: JsonBytes): void {
    if (typeof ack !== 'number') return
    out.before('[').numberBefore(ack).before(packets.ACK).put(END)
    this.write(out.view())
  }

  sendWritten(event: EventName, out: JsonBytes): void {
    out.before(`${packets.EVENT}["${event}",`).put(END)
    this.write(out.view())
  }

  together(run: () => void): void {
    if (this.#socket) this.#socket.cork(run)
    else run()
  }

  join(topic: string): void {
    if (!this.#socket) return
    const place = this.#topics.join(topic, this)
    this.#places = [...(this.#places ?? []), place]
    this.#socket.subscribe(place.slice.name)
  }

  buffered(): number {
    return this.#socket?.getBufferedAmount() ?? 0
  }

  goodbye(reason: GoodbyeReason, afterMs?: number): void {
    this.send('server.goodbye', {
      code: GOODBYES[reason],
      reason,
      ...(afterMs !== undefined && { afterMs }),
    })
    this.write(packets.DISCONNECT)
    this.end()
  }

  /** It sends more than anybody has to say: refusals would cost more than what they refuse. */
  flooded(): void {
    if (this.stage === 'in') this.goodbye('too_many_errors')
    else this.end()
  }

  /** What was written still leaves; `closed` runs before this returns. */
  end(): void {
    this.#socket?.end()
  }

  /** Pings, or ends what has been silent for too long. */
  sweep(nowMs: number): void {
    this.frames = 0
    if (nowMs < this.dueMs) return
    if (this.stage !== 'in' || this.pinged) return this.end()
    this.pinged = true
    this.dueMs = nowMs + PING_TIMEOUT_MS
    this.write(packets.PING)
  }

  ponged(nowMs: number): void {
    this.pinged = false
    this.dueMs = nowMs + PING_INTERVAL_MS
  }
}
