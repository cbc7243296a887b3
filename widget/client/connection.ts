/** One connection at a time: opening, refreshing, noticing that it died, and coming back. */

import { comesBack, type ErrorCode, type Refusal } from '../../shared/errors.ts'
import type { Goodbye, Handshake, Welcome } from '../../shared/protocol/index.ts'
import { PROTOCOL } from '../../shared/protocol/registry.ts'
import { backoffMs } from './backoff.ts'
import {
  LATE_TIMER_MS,
  PROBE_MS,
  SILENCE_MS,
  STABLE_MS,
  TICKETS_REFUSED_MAX,
  WELCOME_MS,
} from './limits.ts'
import type { Runtime } from './runtime.ts'
import type { ClientSocket, Incoming, SocketFactory } from './socket.ts'

/** Why the client does not come back: a refusal of the handshake, or the reason of a goodbye. */
export type EndReason = ErrorCode | (string & {})

export type Phase =
  | { phase: 'idle' | 'connecting' | 'online' }
  /** `retryAtMs` is local time. */
  | { phase: 'offline'; retryAtMs: number }
  | { phase: 'refused'; reason: EndReason }

export interface ConnectionOptions {
  url: string
  getTicket: () => string | Promise<string>
  socketFactory: SocketFactory
  runtime: Runtime
  /** The client session, the cursor and the language of the next handshake. */
  greet: () => Omit<Handshake, 'protocol' | 'ticket' | 'resume'>
  received: (...incoming: Incoming) => void
  /** The phase changed, or a deadline moved. */
  changed: () => void
  /** The socket is gone; no answer will come on it. */
  disconnected: () => void
  /** The server does not know the client session any more. */
  sessionLost: () => void
}

export class Connection {
  readonly #o: ConnectionOptions
  phase: Phase = { phase: 'idle' }
  #socket: ClientSocket | undefined
  #resume: string | undefined
  /** Rises with each attempt; what belongs to an earlier one is not listened to. */
  #attempt = 0
  #openedAtMs = 0
  #deadlineMs = Number.POSITIVE_INFINITY
  #failures = 0
  #ticketsRefused = 0
  /** The server asked not to come before. */
  #notBeforeMs = 0
  #heardAtMs = 0
  #probing = false

  constructor(options: ConnectionOptions) {
    this.#o = options
  }

  /** The socket after its welcome; undefined while there is none. */
  get live(): ClientSocket | undefined {
    return this.phase.phase === 'online' ? this.#socket : undefined
  }

  /** How long ago the handshake began. */
  get openForMs(): number {
    return this.#o.runtime.now() - this.#openedAtMs
  }

  open(): void {
    if (this.phase.phase === 'idle' || this.phase.phase === 'refused') {
      this.#ticketsRefused = 0
      this.#start()
    }
  }

  close(): void {
    this.#end({ phase: 'idle' })
  }

  get nextAtMs(): number {
    return this.#deadlineMs
  }

  tick(nowMs: number): void {
    if (nowMs < this.#deadlineMs) return
    if (this.phase.phase === 'offline') this.#start()
    else if (this.phase.phase === 'connecting') this.#lost()
    else if (this.#probing) this.again()
    else if (nowMs - this.#heardAtMs >= SILENCE_MS) this.#probe(nowMs)
    else this.#deadlineMs = this.#heardAtMs + SILENCE_MS
  }

  /** The device woke, the page is seen again or the network is back: find out now, wait for nothing. */
  wake(): void {
    const now = this.#o.runtime.now()
    if (this.phase.phase === 'offline') this.#retryAt(Math.max(now, this.#notBeforeMs))
    else if (this.live && !this.#probing && now - this.#heardAtMs > LATE_TIMER_MS / 3) {
      this.#probe(now)
    }
    this.#o.changed()
  }

  /** Drops a connection that is no good and comes back at once. */
  again(): void {
    this.#lost()
    this.wake()
  }

  /** Comes back for another client session or, where `ticket`, with a fresh ticket; never in a hurry. */
  renew(ticket: boolean): void {
    if (ticket) this.#resume = undefined
    this.#lost()
  }

  welcomed({ resume }: Welcome): void {
    this.#resume = resume
    this.#ticketsRefused = 0
    this.#openedWell()
  }

  refreshed(resume: string): void {
    this.#resume = resume
  }

  goodbye({ code, reason, afterMs = 0 }: Goodbye): void {
    if (comesBack(code)) {
      this.#notBeforeMs = this.#o.runtime.now() + afterMs
      this.#lost()
    } else this.#end({ phase: 'refused', reason })
  }

  #openedWell(): void {
    const now = this.#o.runtime.now()
    this.#openedAtMs = now
    this.#heardAtMs = now
    this.#probing = false
    this.#deadlineMs = now + SILENCE_MS
    this.phase = { phase: 'online' }
    this.#o.changed()
  }

  #start(): void {
    const attempt = ++this.#attempt
    this.phase = { phase: 'connecting' }
    this.#openedAtMs = this.#o.runtime.now()
    this.#deadlineMs = this.#openedAtMs + WELCOME_MS
    this.#o.changed()
    if (this.#resume) {
      this.#dial(attempt, { resume: this.#resume })
      return
    }
    Promise.resolve()
      .then(() => this.#o.getTicket())
      .then(
        (ticket) => this.#dial(attempt, { ticket }),
        () => attempt === this.#attempt && this.#lost(),
      )
  }

  #dial(attempt: number, proof: { resume: string } | { ticket: string }): void {
    if (attempt !== this.#attempt) return
    this.#openedAtMs = this.#o.runtime.now()
    const { url, socketFactory, greet, received } = this.#o
    this.#socket = socketFactory(
      url,
      { protocol: PROTOCOL, ...proof, ...greet() },
      {
        received: (...incoming) => {
          if (attempt !== this.#attempt) return
          this.#heard()
          received(...incoming)
        },
        closed: (refusal) => {
          if (attempt !== this.#attempt) return
          if (refusal) this.#refused(refusal, 'ticket' in proof)
          else this.#lost()
        },
      },
    )
  }

  #heard(): void {
    this.#heardAtMs = this.#o.runtime.now()
    this.#probing = false
  }

  #probe(nowMs: number): void {
    this.#probing = true
    this.#deadlineMs = nowMs + PROBE_MS
    const attempt = this.#attempt
    this.#socket?.send('clock.read', {}, () => {
      if (attempt === this.#attempt) this.#heard()
    })
  }

  #refused({ code, retry, afterMs = 0 }: Refusal, fresh: boolean): void {
    const staleProof = retry === 'refresh' && code !== 'session_expired'
    if (staleProof && fresh) this.#ticketsRefused++
    if (retry === 'never' || this.#ticketsRefused >= TICKETS_REFUSED_MAX) {
      this.#end({ phase: 'refused', reason: code })
      return
    }
    this.#notBeforeMs = this.#o.runtime.now() + afterMs
    if (code === 'session_expired') this.#o.sessionLost()
    if (staleProof) this.#resume = undefined
    // A token that ran out is no failure of the network: the fresh ticket goes at once.
    if (staleProof && !fresh) this.again()
    else this.#lost()
  }

  /** The connection is gone; back-off begins, from its shortest where the connection had been good. */
  #lost(): void {
    const { runtime } = this.#o
    const now = runtime.now()
    const stable = this.live && now - this.#openedAtMs >= STABLE_MS
    this.#failures = stable ? 0 : this.#failures + 1
    this.#hangUp()
    const after = backoffMs(runtime, stable ? 0 : this.#failures - 1)
    this.#retryAt(Math.max(now, this.#notBeforeMs) + after)
    this.#o.changed()
  }

  #retryAt(atMs: number): void {
    this.phase = { phase: 'offline', retryAtMs: atMs }
    this.#deadlineMs = atMs
  }

  #end(phase: Phase): void {
    this.#hangUp()
    this.phase = phase
    this.#deadlineMs = Number.POSITIVE_INFINITY
    this.#o.changed()
  }

  #hangUp(): void {
    this.#attempt++
    this.#socket?.close()
    this.#socket = undefined
    this.#probing = false
    this.#o.disconnected()
  }
}
