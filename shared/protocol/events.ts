/** What a server sends by itself. */

import type { AccountState } from '../account-state.ts'
import type { HostPlay } from '../effects.ts'
import type { Refusal } from '../errors.ts'
import type { LedgerEntry } from '../ledger.ts'
import type { OfferView } from '../offers.ts'
import type { Receipt } from '../receipt.ts'
import type { Gain } from '../rewards.ts'
import type { BoardLine, CommentLine, Moment, RoomPulse, RoomState } from '../room-state.ts'
import type { PackView } from '../tiers.ts'
import { event, type Role } from './registry.ts'

/** Which commands of a client session the server has applied: a high-water mark and the 32 below it. */
export interface Applied {
  high: number
  /** Bit i stands for `high - i`. */
  mask: number
}

export interface Welcome {
  protocol: number
  atMs: number
  role: Role
  /** `via` stands for the viewer in links that are handed on; it does not say whose it is. */
  me: { handle: string; name: string; via?: string }
  room: RoomState
  /** Viewers only. */
  account?: AccountState
  applied?: Applied
  /** Signed name of the client session; goes into the next handshake so that commands are credited once. */
  session?: string
  /** Replaces the ticket in later handshakes. */
  resume: string
  resumeExpiresAtMs: number
  /** Index of the viewer's shard in `RoomPulse.durable`. */
  shard: number
  /** Beats come this often, ms. */
  beatMs: number
  /** The client asked for it, and gets it: see `Handshake.acks`. */
  acks?: 'watermark'
}

/** One who is to be announced, in the host's queue. */
export interface Cue {
  id: string
  ladder: string
  rung: number
  names: string[]
  others: number
  sinceMs: number
  held: boolean
  /** They have come in, and the host is asked to say hello: there is nothing to announce. */
  greets?: true
}

export interface HostPulse {
  atMs: number
  cues: Cue[]
  /** The host sees more comments than viewers do. */
  comments: CommentLine[]
  board: BoardLine[]
  /** Distinct viewers who acted in the last minute, counted up to 64. */
  actors: number
  /** Points issued in this live. */
  issued: number
  /** What viewers bought and play. */
  play: HostPlay
}

export interface AccountChanged {
  account: AccountState
  receipts: Receipt[]
  /** Points that moved without an action of the viewer. */
  moved?: LedgerEntry[]
  /** What a payment brought. */
  gain?: Gain
  /** What the tier or a segment has just given. */
  pack?: PackView
  /** Made to this viewer alone, or just taken. */
  offer?: OfferView
}

/** The last event before the server closes the connection. */
export interface Goodbye {
  code: number
  reason: string
  afterMs?: number
}

/** One answer to all commands of the viewer that were scored together and asked for no acknowledgement. */
export interface CommandsScored {
  account: AccountState
  /** Each command that this names has been applied, now or before; what it lacks is under way. */
  applied: Applied
  /** Of those that were applied now. */
  receipts: Receipt[]
  /** As in the acknowledgement of a command. */
  atMs: number
}

export interface CommandRefused {
  seq: number
  refusal: Refusal
}

export const events = {
  'session.welcomed': event<Welcome>(
    'The first event: the whole state, and where the client session stands.',
  ),
  'room.pulsed': event<RoomPulse>('The room as it is now, several times a second.'),
  'room.happened': event<{ epoch: string; moments: Moment[] }>(
    'Moments in order, from the first the client lacks.',
  ),
  'account.changed': event<AccountChanged>(
    'The own account after something that another device or the server did.',
  ),
  'account.reattached': event<{ account: AccountState; applied: Applied; shard?: number }>(
    'The shard has a new epoch, or the account another shard: commands that are not durable must be sent again. `shard` is as in the welcome.',
  ),
  'commands.scored': event<CommandsScored>(
    'What was sent without an acknowledgement, by clients that asked for watermarks, is applied up to here.',
  ),
  'command.refused': event<CommandRefused>(
    'A command without an acknowledgement, of a client that asked for watermarks, was refused.',
  ),
  'session.refreshed': event<{ resume: string; resumeExpiresAtMs: number }>(
    'A newer resume token.',
  ),
  'host.pulsed': event<HostPulse>('What only the host of the room sees.'),
  'server.goodbye': event<Goodbye>(
    'Why the server closes the connection and whether to come back.',
  ),
} as const
