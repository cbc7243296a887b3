/** What the client offers, and what it needs. */

import type { AccountState, Scored } from '../../shared/account-state.ts'
import type { Refusal } from '../../shared/errors.ts'
import type {
  Ack,
  BodyOf,
  CommandName,
  Goodbye,
  HostPulse,
  Role,
  SentOf,
  Welcome,
} from '../../shared/protocol/index.ts'
import type { Moment, RoomState } from '../../shared/room-state.ts'
import type { EndReason } from './connection.ts'
import type { KeptToken } from './kept.ts'
import type { ScoredInput, ScoredName } from './outbox.ts'
import type { Runtime } from './runtime.ts'
import type { SocketFactory } from './socket.ts'
import type { Storage } from './store.ts'

export interface ClientOptions {
  /** Of the gateway: `https://live.example.com`. */
  url: string
  /** Asked for a fresh ticket at the start and whenever the resume token is refused. */
  getTicket: () => string | Promise<string>
  /** For a page whose ticket came with its address, which cannot be asked again after a reload. */
  kept?: KeptToken | undefined
  role: Role
  /** Tells rooms and viewers of one page apart in the storage. */
  scope?: string
  /** Each tab its own, like `sessionStorage`; without it a reload forgets what was under way. */
  storage?: Storage | undefined
  socketFactory?: SocketFactory
  runtime?: Runtime
  /** Handle of the viewer whose shared link led to this page. */
  via?: string
}

export type ConnectionStatus =
  | { phase: 'idle' | 'connecting' | 'online' }
  /** Connected, but the service cannot take points now; they wait in the outbox. */
  | { phase: 'paused' }
  /** `retryAtMs` is server time. */
  | { phase: 'offline'; retryAtMs: number }
  /** The live is over. */
  | { phase: 'ended' }
  /** The client does not come back by itself. */
  | { phase: 'refused'; reason: EndReason; tier?: Refusal['tier'] }

/** A snapshot: a new object whenever something in it changed. */
export interface ClientState {
  status: ConnectionStatus
  role: Role
  me?: Welcome['me']
  account?: AccountState
  room?: RoomState
  /** Hosts only. */
  host?: HostPulse
  pending: {
    /** Taps that are not answered yet. */
    likes: number
    /** Comments that are not answered yet. */
    comments: number
    /** Commands kept because a crash of the shard could still undo them. */
    undurable: number
  }
}

export interface ClientEvents {
  changed: ClientState
  moment: Moment
  /** A command was answered. `again`: its credit had been shown before the shard lost it. */
  scored: { name: ScoredName; seq: number; scored: Scored; again: boolean }
  /** The own account changed without a command of this client. */
  account: BodyOf<'account.changed'>
  /** A command was not credited and will not be sent again. */
  dropped: { name: ScoredName; seq: number; refusal: Refusal }
  goodbye: Goodbye
}

export interface Client {
  readonly state: ClientState
  on<E extends keyof ClientEvents>(event: E, listener: (body: ClientEvents[E]) => void): () => void
  connect(): void
  /**
   * Ends the connection. The outbox stays on record for the next page or the next `connect`; until then
   * nothing is taken.
   */
  close(): void
  like(count?: number): void
  /** Answered when scored; `busy` at once where the outbox is full. */
  comment(text: string, options?: { question?: boolean }): Promise<Scored | Refusal>
  share(target?: 'room' | 'product'): Promise<Scored | Refusal>
  /** A scored command by its name: what has no method of its own. */
  send(command: ScoredInput): Promise<Scored | Refusal>
  /** For what is not scored. An answer that does not come is `busy`; the server may have acted. */
  request<N extends Exclude<CommandName, ScoredName>>(
    name: N,
    input: SentOf<N>,
  ): Promise<Ack<N> | Refusal>
  /** Hidden pages do not earn watch time. */
  setVisible(visible: boolean): void
  /** The device woke up or the network is back. */
  wake(): void
  /** Unix ms by the server's clock. */
  serverNow(): number
  readonly clock: { readonly offsetMs: number; readonly rttMs: number }
}
