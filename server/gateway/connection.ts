/** What all connections have in common: who it is, in which room, and how patient we are with it. */

import type { Role } from '../../shared/protocol/index.ts'
import type { ResumeClaims } from '../identity/index.ts'
import { Buckets } from './buckets.ts'
import type { Caller } from './dispatch.ts'
import { BAD_INPUTS_MAX, FULL_BYTES, SLOW_BYTES, SLOW_MS } from './limits.ts'
import type { RoomHub } from './room-hub.ts'
import type { Link } from './socketio.ts'
import type { Viewer } from './viewer.ts'

export class Connection implements Caller {
  readonly link: Link
  readonly claims: ResumeClaims
  readonly hub: RoomHub
  readonly ip: string
  readonly buckets = new Buckets()
  /** Only viewers have an account. */
  viewer: Viewer | undefined
  #bad = 0
  #badSinceMs = 0
  #slowSinceMs = 0
  readonly #now: () => number

  constructor(
    link: Link,
    who: { claims: ResumeClaims; hub: RoomHub; ip: string; now: () => number },
  ) {
    this.link = link
    this.claims = who.claims
    this.hub = who.hub
    this.ip = who.ip
    this.#now = who.now
  }

  get role(): Role {
    return this.claims.role
  }

  bad(): void {
    const now = this.#now()
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
    const now = this.#now()
    if (this.#slowSinceMs === 0) this.#slowSinceMs = now
    if (unread < FULL_BYTES && now - this.#slowSinceMs < SLOW_MS) return false
    this.link.goodbye('slow_consumer', 1000)
    return true
  }
}
