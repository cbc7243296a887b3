/** The client of a live room: what viewers, hosts, stages, bots and tests use; without a page. */

import type { Scored } from '../../shared/account-state.ts'
import type { Refusal } from '../../shared/errors.ts'
import { LIKES_PER_COMMAND } from '../../shared/protocol/limits.ts'
import type { Client, ClientEvents, ClientOptions, ClientState, ConnectionStatus } from './api.ts'
import { createServerClock } from './clock.ts'
import { createConnection } from './connection.ts'
import { createDelivery } from './delivery.ts'
import { createEmitter } from './emitter.ts'
import { LIKE_MERGE_MS, NEVER, PENDING_LIKES_MAX } from './limits.ts'
import { createMoments } from './moments.ts'
import { createOutbox, type Entry, type ScoredInput } from './outbox.ts'
import { createReception } from './reception.ts'
import { busy, createRequests } from './requests.ts'
import { systemRuntime } from './runtime.ts'
import { createShown } from './shown.ts'
import { openStore } from './store.ts'
import { createTimer } from './timer.ts'
import { createWatchClock } from './watch.ts'

export type * from './api.ts'

/** `index.ts` and `browser.ts` choose the socket. */
export type CoreOptions = ClientOptions & Required<Pick<ClientOptions, 'socketFactory'>>

/** Makes a client; nothing happens before `connect`. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a closure of small functions; private fields would cost the overlay 1.5 kB.
export function createClient(options: CoreOptions): Client {
  const { role, scope = '', runtime = systemRuntime } = options
  const viewer = role === 'viewer'
  const store = openStore(`ff:client:${role}:${scope}`, options.storage)
  const outbox = createOutbox(store)
  const clock = createServerClock()
  const watch = createWatchClock()
  const emitter = createEmitter<ClientEvents>((error) =>
    runtime.after(0, () => {
      throw error
    }),
  )
  const moments = createMoments(store, runtime, (moment) => emitter.emit('moment', moment))
  const timer = createTimer(runtime, pump, wake)
  let claimed = false
  let taps = 0
  let flushAtMs = NEVER

  const connection = createConnection({
    url: options.url,
    getTicket: options.getTicket,
    kept: options.kept,
    socketFactory: options.socketFactory,
    runtime,
    greet: () => {
      const { session, cursor } = store.saved
      return {
        ...(viewer && session && { session }),
        ...(cursor && { cursor: { epoch: cursor.epoch, seq: cursor.seq } }),
        ...(options.via && { via: options.via }),
      }
    },
    received: (...incoming) => {
      reception.received(...incoming)
      pump()
    },
    changed: refresh,
    disconnected: () => {
      outbox.disconnected()
      requests.giveUp()
    },
    sessionLost: forgetSession,
  })
  const { live } = connection
  const requests = createRequests(runtime, live)
  claim()
  const shown = createShown({ role, status: { phase: 'idle' }, pending: pending() }, emitter)
  const reception = createReception({
    clock,
    connection,
    emitter,
    moments,
    outbox,
    runtime,
    shown,
    store,
    watch,
    settled,
    dropped,
  })
  const delivery = createDelivery({
    outbox,
    runtime,
    live,
    leaving: (entry) => {
      if (entry.name === 'watch.beat') entry.input = watch.leave(runtime.now(), runtime.random())
    },
    believe: reception.believe,
    applied: (entry, scored) => {
      outbox.applied(entry, { epoch: scored.account.epoch, atMs: scored.atMs })
      settled(entry, scored)
    },
    dropped,
    answered: pump,
    doubted: () => connection.renew(false),
    refresh: ({ code }) => {
      if (code === 'session_expired') forgetSession()
      connection.renew(code !== 'session_expired')
    },
  })

  // The life of a command.

  function command(input: ScoredInput): Promise<Scored | Refusal> {
    if (!claimed || !outbox.hasRoom()) return Promise.resolve(busy())
    return new Promise((resolve) => {
      outbox.add(input, resolve)
      pump()
    })
  }

  function settled(entry: Entry, scored: Scored): void {
    const { name, seq, again } = entry
    entry.settled?.(scored)
    delete entry.settled
    emitter.emit('scored', { name, seq, scored, again })
  }

  function dropped(entry: Entry, refusal: Refusal): void {
    const { name, seq } = entry
    if (name === 'watch.beat') watch.refused(runtime.now())
    entry.settled?.(refusal)
    delete entry.settled
    emitter.emit('dropped', { name, seq, refusal })
  }

  function forgetSession(): void {
    store.save({ session: undefined })
  }

  /** The record is ours alone until `close`: numbers must not be given out twice. */
  function claim(): void {
    claimed = true
    store.claim()
    outbox.restore()
    taps = store.saved.taps ?? 0
    if (taps > 0) flushAtMs = runtime.now()
    store.save({ taps: 0 })
  }

  function flushLikes(): void {
    taps = outbox.mergeLikes(taps)
    while (taps > 0 && outbox.hasRoom()) {
      const count = Math.min(taps, LIKES_PER_COMMAND)
      outbox.add({ name: 'like.send', input: { count } })
      taps -= count
    }
    flushAtMs = taps > 0 ? runtime.now() + LIKE_MERGE_MS : NEVER
  }

  // Time: one timer for everything that is due.

  function beatAtMs(): number {
    const underWay = outbox.entries().some((e) => e.name === 'watch.beat' && !e.applied)
    const ended = shown.state().room?.live.state === 'ended'
    if (!viewer || ended || underWay || !outbox.hasRoom()) return NEVER
    return watch.nextAtMs(clock.offsetMs) ?? NEVER
  }

  async function sampleClock(): Promise<void> {
    const sentMs = runtime.now()
    const answer = await requests.ask('clock.read', {})
    if (answer.ok) clock.sampled(answer.atMs, sentMs, runtime.now())
    refresh()
  }

  function pump(): void {
    const now = runtime.now()
    connection.tick(now)
    moments.tick(now)
    if (now >= flushAtMs) flushLikes()
    if (live()) {
      if (clock.due(now)) void sampleClock()
      // What it says is decided when it leaves.
      if (now >= beatAtMs()) outbox.add({ name: 'watch.beat', input: { nonce: 0, visible: true } })
    }
    delivery.tick(now)
    refresh()
  }

  function wake(): void {
    pump()
    connection.wake()
    pump()
  }

  function refresh(): void {
    const online = live() ? Math.min(clock.nextAtMs(), beatAtMs()) : NEVER
    const waiting = delivery.nextAtMs(runtime.now())
    timer.set(Math.min(connection.nextAtMs(), moments.nextAtMs(), flushAtMs, waiting, online))
    shown.tell(status(), pending())
  }

  // What is shown.

  function status(): ConnectionStatus {
    const phase = connection.phase()
    const { room } = shown.state()
    if (phase.phase === 'refused' && phase.reason === 'room_ended') return { phase: 'ended' }
    if (phase.phase === 'offline') {
      return { phase: 'offline', retryAtMs: phase.retryAtMs + clock.offsetMs }
    }
    if (phase.phase !== 'online') return phase
    if (room?.live.state === 'ended') return { phase: 'ended' }
    return { phase: room?.paused || delivery.isHeld() ? 'paused' : 'online' }
  }

  function pending(): ClientState['pending'] {
    const sum = { likes: taps, comments: 0, undurable: outbox.entries().length }
    for (const { applied, name, input } of outbox.entries()) {
      if (applied) continue
      if (name === 'like.send') sum.likes += input.count
      if (name === 'comment.send') sum.comments++
    }
    return sum
  }

  return {
    get state() {
      return shown.state()
    },
    clock,
    on: emitter.on,

    connect() {
      if (!claimed) claim()
      connection.open()
      pump()
    },

    close() {
      if (!claimed) return
      flushLikes()
      flushAtMs = NEVER
      store.save({ held: false, taps })
      claimed = false
      connection.close()
    },

    like(count = 1) {
      if (!viewer || !claimed || shown.state().status.phase === 'ended') return
      taps = Math.min(PENDING_LIKES_MAX, taps + count)
      flushAtMs = Math.min(flushAtMs, runtime.now() + LIKE_MERGE_MS)
      refresh()
    },

    comment: (text, { question } = {}) =>
      command({ name: 'comment.send', input: { text, ...(question && { question }) } }),

    share: (target = 'room') => command({ name: 'share.send', input: { target } }),

    send: command,

    request: (name, input) => requests.ask(name, input),

    setVisible(visible) {
      watch.visible = visible
      pump()
    },

    wake,
    serverNow: () => runtime.now() + clock.offsetMs,
  }
}
