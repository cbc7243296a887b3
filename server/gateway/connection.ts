/** What all connections have in common: who it is, in which room, and how patient we are with it. */

import type { ErrorCode } from '../../shared/errors.ts'
import type { CommandName, Role } from '../../shared/protocol/index.ts'
import type { ResumeClaims } from '../identity/index.ts'
import { Buckets } from './buckets.ts'
import type { Answer, Asked, Caller, Dispatch } from './dispatch.ts'
import type { HotCommand } from './hot.ts'
import { BAD_INPUTS_MAX, FULL_BYTES, SLOW_BYTES, SLOW_MS } from './limits.ts'
import type { RoomHub } from './room-hub.ts'
import type { Link, Receiver, Said } from './sockets.ts'
import type { Viewer } from './viewer.ts'

/** What the connections of a gateway share, so that none of them has to hold it. */
export interface ConnectionTools {
  now: () => number
  dispatch: Dispatch<Connection>
  left: (connection: Connection) => void
  commanded: (name: CommandName | 'unknown', code: ErrorCode | 'ok') => void
}

export interface Entering {
  claims: ResumeClaims
  hub: RoomHub
  ip: string
  /** The client asked for one answer to all commands of a flush. */
  watermarks: boolean
}

export class Connection implements Caller, Receiver {
  readonly link: Link
  readonly claims: ResumeClaims
  /** Of the claims; asked for at each command. */
  readonly role: Role
  readonly hub: RoomHub
  readonly ip: string
  readonly watermarks: boolean
  readonly buckets = new Buckets()
  /** Only viewers have an account. */
  viewer: Viewer | undefined
  #bad = 0
  #badSinceMs = 0
  #slowSinceMs = 0
  readonly #tools: ConnectionTools

  constructor(link: Link, who: Entering, tools: ConnectionTools) {
    this.link = link
    this.claims = who.claims
    this.role = who.claims.role
    this.hub = who.hub
    this.ip = who.ip
    this.watermarks = who.watermarks
    this.#tools = tools
  }

  command(said: Said): void {
    this.#tools.dispatch.command(this, said)
  }

  hot(command: HotCommand): void {
    this.#tools.dispatch.hot(this, command)
  }

  closed(): void {
    this.#tools.left(this)
  }

  answer({ command, ack, seq }: Asked, body: Answer): void {
    this.#tools.commanded(command, body.ok ? 'ok' : body.code)
    if (ack !== undefined) this.link.answer(ack, JSON.stringify(body))
    else if (this.watermarks && !body.ok && seq !== undefined)
      this.link.send('command.refused', { seq, refusal: body })
  }

  /** Counts answers that were sent in another way. */
  answered(command: CommandName): void {
    this.#tools.commanded(command, 'ok')
  }

  bad(): void {
    const now = this.#tools.now()
    if (now - this.#badSinceMs > 60_000) {
      this.#badSinceMs = now
      this.#bad = 0
    }
    this.#bad += 1
    if (this.#bad > BAD_INPUTS_MAX) this.link.goodbye('too_many_errors')
  }

  /** Closes a client that has not read for too long: what it would miss silently it gets whole on return. */
  closeIfSlow(): boolean {
    const unread = this.link.buffered()
    if (unread <= SLOW_BYTES) {
      this.#slowSinceMs = 0
      return false
    }
    const now = this.#tools.now()
    if (this.#slowSinceMs === 0) this.#slowSinceMs = now
    if (unread < FULL_BYTES && now - this.#slowSinceMs < SLOW_MS) return false
    this.link.goodbye('slow_consumer', 1000)
    return true
  }
}
