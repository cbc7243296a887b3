/** The seam between the gateway and whatever carries its sockets: `front.ts`, or `socketio.ts` with the library. */

import type { ErrorCode, GoodbyeReason, Refusal } from '../../shared/errors.ts'
import type { BodyOf, EventName } from '../../shared/protocol/index.ts'
import type { JsonBytes, Log } from '../kernel/index.ts'
import type { HotCommand } from './hot.ts'
import type { Asking } from './origins.ts'

/** Bytes that the head of a frame may need: the longest name of an event, or the number of an acknowledgement. */
export const FRAME_ROOM = 64

/** Where an answer goes: the number of the client's acknowledgement, what the library made of it, or nowhere. */
export type Ack = number | ((body: unknown) => void) | undefined

/** One admitted connection. */
export interface Link {
  readonly connected: boolean
  send<E extends EventName>(event: E, body: BodyOf<E>): void
  /** The same with a body that is JSON already. */
  sendJson(event: EventName, json: string): void
  /** Answers a command; `json` is what the client's acknowledgement is called with. */
  answer(ack: Ack, json: string): void
  /** The same where it was written as bytes, with `FRAME_ROOM` in front; what is in `out` is used up. */
  answerWritten(ack: Ack, out: JsonBytes): void
  /** As `sendJson`. */
  sendWritten(event: EventName, out: JsonBytes): void
  /** What `run` sends leaves in one piece where the carrier can do that. */
  together(run: () => void): void
  /** Hears what is sent to the topic, until it closes. */
  join(topic: string): void
  /** Bytes the client has not read yet. */
  buffered(): number
  /** Says why, then closes. */
  goodbye(reason: GoodbyeReason, afterMs?: number): void
}

/** A command as it came: nothing of it has been checked. */
export interface Said {
  name: unknown
  input: unknown
  ack: Ack
}

/** What a link tells about its client. */
export interface Receiver {
  command(said: Said): void
  /** A frequent command whose shape has been checked. The object is used again for the next one. */
  hot(command: HotCommand): void
  closed(): void
}

/** Why somebody stays outside, with what else a refusal says. */
export type NotAdmitted = { ok: false; code: ErrorCode } & Pick<
  Refusal,
  'field' | 'afterMs' | 'tier'
>

export interface Knock extends Asking {
  auth: unknown
  /** The peer, or what the trusted proxies say. */
  ip: string
}

export interface SocketServer {
  /** To every link of this process that joined the topic; it may take some turns of the loop. */
  toTopic<E extends EventName>(topic: string, event: E, body: BodyOf<E>): void
  /** What was sent to topics has left before anything that is sent from now on. */
  flush(): void
  /** Takes no more connections; those that are stay. */
  stopListening(): void
  close(): Promise<void>
}

export interface SocketServerOptions<Admitted> {
  port: number
  trustedProxies: number
  socketsPerIpMax: number
  /** Of one connection. */
  framesPerSecMax: number
  /** Synchronous: nothing may be awaited before the upgrade is answered. */
  allowOrigin: (asking: Asking) => boolean
  admit: (knock: Knock) => Promise<{ ok: true; as: Admitted } | NotAdmitted>
  /** The answer hears what the client does from now on. */
  onLink: (link: Link, as: Admitted) => Receiver
  log: Log
}

/** What a refused handshake carries; stock clients show it as `connect_error`. */
export interface Refused {
  message: ErrorCode
  data: Refusal
}
