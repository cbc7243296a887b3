/** The wire protocol: types for both ends of a socket. */

import type { z } from 'zod'
import type { Scored } from '../account-state.ts'
import type { Refusal } from '../errors.ts'
import type { events } from './events.ts'
import { hostCommands } from './host.ts'
import { rewardCommands } from './rewards.ts'
import { viewerCommands } from './viewer.ts'

export * from './events.ts'
export * from './limits.ts'
export * from './registry.ts'

export const commands = { ...viewerCommands, ...rewardCommands, ...hostCommands }
export type Commands = typeof commands
export type CommandName = keyof Commands
export type InputOf<N extends CommandName> = z.infer<Commands[N]['input']>
/** What a sender writes: fields with a default may be left out. */
export type SentOf<N extends CommandName> = z.input<Commands[N]['input']>
export type ReplyOf<N extends CommandName> = Commands[N]['scored'] extends true
  ? Scored
  : NonNullable<Commands[N] extends { readonly reply?: infer R } ? R : never>
export type Ack<N extends CommandName> = ReplyOf<N> | Refusal

type EventSpecs = typeof events
export type EventName = keyof EventSpecs
export type BodyOf<N extends EventName> = NonNullable<EventSpecs[N]['body']>

export type ClientToServer = {
  [N in CommandName]: (input: SentOf<N>, ack: (answer: Ack<N>) => void) => void
}
export type ServerToClient = { [N in EventName]: (body: BodyOf<N>) => void }

/** The `auth` object of the Socket.IO handshake. */
export interface Handshake {
  protocol: number
  /** From the merchant's backend; needed the first time and when the resume token has expired. */
  ticket?: string
  resume?: string
  session?: string
  /** Where the client stands in the room's moments. */
  cursor?: { epoch: string; seq: number }
  /**
   * `watermark`: commands sent without an acknowledgement are answered by `commands.scored`, all of one turn at once,
   * or by `command.refused`. Without it such commands are not answered at all.
   */
  acks?: 'watermark'
  /** Handle of the viewer whose shared link led here; proves that viewer's share. */
  via?: string
}
