/** One connection at a time: opening, refreshing, noticing that it died, and coming back. */

import { comesBack, type ErrorCode, type Refusal } from '../../shared/errors.ts'
import type { Goodbye, Handshake, Welcome } from '../../shared/protocol/index.ts'
import { PROTOCOL } from '../../shared/protocol/registry.ts'
import { backoffMs } from './backoff.ts'
import type { KeptToken } from './kept.ts'
import {
  NEVER,
  PROBE_MS,
  QUIET_MS,
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
  /** `tier`: of a room for members, the rung that is needed. */
  | { phase: 'refused'; reason: EndReason; tier?: Refusal['tier'] }

export interface ConnectionOptions {
  url: string
  getTicket: () => string | Promise<string>
  kept?: KeptToken | undefined
  socketFactory: SocketFactory
  runtime: Runtime
  /** What the next handshake says beside who is there. */
  greet: () => Omit<Handshake, 'protocol' | 'ticket' | 'resume'>
  received: (...incoming: Incoming) => void
  /** The phase changed, or a deadline moved. */
  changed: () => void
  /** The socket is gone; no answer will come on it. */
  disconnected: () => void
  /** The server does not know the client session any more. */
  sessionLost: () => void
}

export type Connection = ReturnType<typeof createConnection>

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a closure of small functions; private fields would cost the overlay 1.5 kB.
export function createConnection(o: ConnectionOptions) {
  const { runtime } = o
  let phase: Phase = { phase: 'idle' }
  let socket: ClientSocket | undefined
  let resume = o.kept?.read()
  /** Rises with each attempt; what belongs to an earlier one is not listened to. */
  let attempt = 0
  let openedAtMs = 0
  let deadlineMs = NEVER
  let failures = 0
  let ticketsRefused = 0
  /** The server asked not to come before. */
  let notBeforeMs = 0
  let heardAtMs = 0
  let probing = false

  const live = () => (phase.phase === 'online' ? socket : undefined)

  function enter(next: Phase, untilMs: number): void {
    phase = next
    deadlineMs = untilMs
    o.changed()
  }

  function hangUp(): void {
    attempt++
    socket?.close()
    socket = undefined
    probing = false
    o.disconnected()
  }

  function end(next: Phase): void {
    hangUp()
    enter(next, NEVER)
  }

  function keep(token: string | undefined): void {
    resume = token
    o.kept?.write(token)
  }

  const retryAt = (retryAtMs: number) => enter({ phase: 'offline', retryAtMs }, retryAtMs)

  /** The connection is gone; back-off begins, from its shortest where the connection had been good. */
  function lost(): void {
    const now = runtime.now()
    const stable = live() && now - openedAtMs >= STABLE_MS
    const tries = stable ? 0 : failures
    failures = stable ? 0 : failures + 1
    hangUp()
    retryAt(Math.max(now, notBeforeMs) + backoffMs(runtime, tries))
  }

  function heard(): void {
    heardAtMs = runtime.now()
    probing = false
  }

  function probe(nowMs: number): void {
    probing = true
    deadlineMs = nowMs + PROBE_MS
    socket?.send('clock.read', {}, () => undefined)
  }

  function wake(): void {
    const now = runtime.now()
    if (phase.phase === 'offline') retryAt(Math.max(now, notBeforeMs))
    else if (live() && !probing && now - heardAtMs > QUIET_MS) probe(now)
    o.changed()
  }

  function again(): void {
    lost()
    wake()
  }

  function refused({ code, retry, afterMs = 0, tier }: Refusal, fresh: boolean): void {
    const stale = retry === 'refresh' && code !== 'session_expired'
    if (stale && fresh) ticketsRefused++
    if (retry === 'never' || ticketsRefused >= TICKETS_REFUSED_MAX) {
      end({ phase: 'refused', reason: code, ...(tier && { tier }) })
      return
    }
    notBeforeMs = runtime.now() + afterMs
    if (code === 'session_expired') o.sessionLost()
    if (stale) keep(undefined)
    // A token that ran out is no failure of the network: the fresh ticket goes at once.
    if (stale && !fresh) again()
    else lost()
  }

  function dial(proof: { resume: string } | { ticket: string }): void {
    const mine = attempt
    openedAtMs = runtime.now()
    const auth = { protocol: PROTOCOL, ...proof, ...o.greet() }
    const dialled = o.socketFactory(o.url, auth, {
      received: (...incoming) => {
        if (mine !== attempt) return
        heard()
        o.received(...incoming)
      },
      closed: (refusal) => {
        if (mine !== attempt) return
        if (refusal) refused(refusal, 'ticket' in proof)
        else lost()
      },
    })
    if (mine !== attempt) {
      dialled.close()
      return
    }
    socket = {
      close: dialled.close,
      send: (name, input, acked) =>
        dialled.send(name, input, (answer) => {
          if (mine !== attempt) return
          heard()
          acked(answer)
        }),
    }
  }

  function start(): void {
    const mine = ++attempt
    enter({ phase: 'connecting' }, runtime.now() + WELCOME_MS)
    if (resume) {
      dial({ resume })
      return
    }
    Promise.resolve()
      .then(() => o.getTicket())
      .then(
        (ticket) => mine === attempt && dial({ ticket }),
        () => mine === attempt && lost(),
      )
  }

  return {
    phase: () => phase,
    /** The socket after its welcome; undefined while there is none. */
    live,
    /** How long ago the handshake began. */
    openForMs: () => runtime.now() - openedAtMs,
    nextAtMs: () => deadlineMs,

    open(): void {
      if (phase.phase !== 'idle' && phase.phase !== 'refused') return
      ticketsRefused = 0
      start()
    },

    close: () => end({ phase: 'idle' }),

    tick(nowMs: number): void {
      if (nowMs < deadlineMs) return
      if (phase.phase === 'offline') start()
      else if (phase.phase === 'connecting') lost()
      else if (probing) again()
      else if (nowMs - heardAtMs >= SILENCE_MS) probe(nowMs)
      else deadlineMs = heardAtMs + SILENCE_MS
    },

    /** The device woke, the page is seen again or the network is back: find out now, wait for nothing. */
    wake,

    /** Drops a connection that is no good and comes back at once. */
    again,

    /** Comes back for another client session or, where `ticket`, with a fresh ticket; never in a hurry. */
    renew(ticket: boolean): void {
      if (ticket) keep(undefined)
      lost()
    },

    welcomed(welcome: Welcome): void {
      keep(welcome.resume)
      ticketsRefused = 0
      openedAtMs = runtime.now()
      enter({ phase: 'online' }, openedAtMs + SILENCE_MS)
    },

    refreshed: keep,

    goodbye({ code, reason, afterMs = 0 }: Goodbye): void {
      notBeforeMs = runtime.now() + afterMs
      if (comesBack(code)) lost()
      else end({ phase: 'refused', reason })
    },
  }
}
