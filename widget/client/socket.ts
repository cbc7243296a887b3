/** What the client needs of a connection: the seam where tests plug a pair that is flushed by hand. */

import type { Refusal } from '../../shared/errors.ts'
import type {
  Ack,
  BodyOf,
  CommandName,
  EventName,
  Handshake,
  SentOf,
} from '../../shared/protocol/index.ts'

export type Incoming = { [N in EventName]: [name: N, body: BodyOf<N>] }[EventName]

export interface SocketHandlers {
  received(...incoming: Incoming): void
  /** The connection ended or never came to be; `refusal` where the server said why. Called once. */
  closed(refusal?: Refusal): void
}

export interface ClientSocket {
  /** `acked` may never be called. */
  send<N extends CommandName>(name: N, input: SentOf<N>, acked: (answer: Ack<N>) => void): void
  /** After it no handler is called. */
  close(): void
}

export type SocketFactory = (url: string, auth: Handshake, handlers: SocketHandlers) => ClientSocket

/** A connection that can also send what nobody waits for. */
export interface TellingSocket extends ClientSocket {
  tell<N extends CommandName>(name: N, input: SentOf<N>): void
}
export type TellingFactory = (...of: Parameters<SocketFactory>) => TellingSocket
