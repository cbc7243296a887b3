/** What the console needs of a connection: the seam where a fixture takes the place of the client. */

import type { ReadonlySignal } from '@preact/signals'
import type { HostPulse } from '../../shared/protocol/events.ts'
import type { hostCommands } from '../../shared/protocol/host.ts'
import type { Ack, SentOf } from '../../shared/protocol/index.ts'
import type { Moment, RoomState } from '../../shared/room-state.ts'

export type HostCommand = keyof typeof hostCommands | 'board.week'

/** `closed` does not come back by itself: the ticket is refused or revoked. */
export type Link = 'connecting' | 'online' | 'reconnecting' | 'closed'

export interface HostSource {
  room: ReadonlySignal<RoomState | undefined>
  pulse: ReadonlySignal<HostPulse | undefined>
  link: ReadonlySignal<Link>
  /** Never throws: what cannot be sent is answered `busy`. */
  request<N extends HostCommand>(name: N, input: SentOf<N>): Promise<Ack<N>>
  /** Calls `hear` with every new moment; the answer stops it. */
  onMoment(hear: (moment: Moment) => void): () => void
  /** The server's time, Unix ms. */
  serverNow(): number
}

/** Timers and randomness, from `widget/client/runtime.ts`. */
export interface HostRuntime {
  /** Milliseconds from an arbitrary start. */
  now(): number
  random(): number
  /** Calls `run` after `ms`; the answer cancels it. */
  after(ms: number, run: () => void): () => void
}
