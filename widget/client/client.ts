/** The client of a live room: what viewers, hosts, stages, bots and tests use; without a page. */

import { type AccountState, type Scored, supersedes } from '../../shared/account-state.ts'
import type { Refusal } from '../../shared/errors.ts'
import type { Applied, CommandName, SentOf, Welcome } from '../../shared/protocol/index.ts'
import { LIKES_PER_COMMAND } from '../../shared/protocol/limits.ts'
import { applyPulse, type RoomPulse } from '../../shared/room-state.ts'
import type { Client, ClientEvents, ClientOptions, ClientState, ConnectionStatus } from './api.ts'
import { ServerClock } from './clock.ts'
import { Connection } from './connection.ts'
import { Delivery } from './delivery.ts'
import { createEmitter } from './emitter.ts'
import {
  KNOWN_APPLIED_MARGIN_MS,
  LATE_TIMER_MS,
  LEFT_EPOCHS_MAX,
  LIKE_MERGE_MS,
  PENDING_LIKES_MAX,
} from './limits.ts'
import { Moments } from './moments.ts'
import { type Entry, Outbox, type ScoredInput, type ScoredName } from './outbox.ts'
import { busy, createRequests } from './requests.ts'
import { type Runtime, systemRuntime } from './runtime.ts'
import type { Incoming } from './socket.ts'
import { socketIo } from './socketio.ts'
import { openStore, type Store } from './store.ts'
import { WatchClock } from './watch.ts'

const NEVER = Number.POSITIVE_INFINITY

/** Makes a client; nothing happens before `connect`. */
export function createClient(options: ClientOptions): Client {
  return new RoomClient(options)
}

class RoomClient implements Client {
  state: ClientState
  readonly clock = new ServerClock()
  readonly #runtime: Runtime
  readonly #store: Store
  readonly #outbox: Outbox
  readonly #watch = new WatchClock()
  readonly #moments: Moments
  readonly #connection: Connection
  readonly #delivery: Delivery
  readonly #requests
  readonly #emitter
  readonly #viewer: boolean
  /** Epochs that shard and room have left. */
  readonly #left = new Set<string>()
  readonly #leftByRoom = new Set<string>()
  #shard = -1
  #taps = 0
  #flushAtMs = NEVER
  #beatRandom = 0
  #stopTimer: (() => void) | undefined
  #timerAtMs = NEVER
  #changed = false
  #claimed = false

  constructor(options: ClientOptions) {
    const { role, lang } = options
    this.#runtime = options.runtime ?? systemRuntime
    this.#viewer = role === 'viewer'
    this.#store = openStore(`ff:client:${role}:${options.scope ?? ''}`, options.storage)
    this.#outbox = new Outbox(this.#store)
    this.#claim()
    this.#emitter = createEmitter<ClientEvents>((error) =>
      this.#runtime.after(0, () => {
        throw error
      }),
    )
    this.#moments = new Moments(
      this.#store,
      () => this.#runtime.random(),
      (moment) => this.#emitter.emit('moment', moment),
    )
    this.#connection = new Connection({
      url: options.url,
      getTicket: options.getTicket,
      socketFactory: options.socketFactory ?? socketIo,
      runtime: this.#runtime,
      greet: () => {
        const { session, cursor } = this.#store.saved
        return {
          ...(this.#viewer && session && { session }),
          ...(cursor && { cursor: { epoch: cursor.epoch, seq: cursor.seq } }),
          ...(lang && { lang }),
        }
      },
      received: (...incoming) => this.#received(...incoming),
      changed: () => this.#refresh(),
      disconnected: () => {
        this.#outbox.disconnected()
        this.#requests.giveUp()
      },
      sessionLost: () => this.#forgetSession(),
    })
    const live = () => this.#connection.live
    this.#requests = createRequests(this.#runtime, live)
    this.#delivery = new Delivery({
      outbox: this.#outbox,
      runtime: this.#runtime,
      live,
      leaving: (entry) => this.#leaving(entry),
      believe: ({ account }) => {
        const believed = this.#adopt(account)
        if (believed) this.#watch.learn(account)
        return believed
      },
      applied: (entry, scored) => this.#applied(entry, scored),
      dropped: (entry, refusal) => this.#dropped(entry, refusal),
      answered: () => this.#pump(),
      refresh: ({ code }) => {
        if (code === 'session_expired') this.#forgetSession()
        this.#connection.renew(code !== 'session_expired')
      },
    })
    this.state = { role, status: { phase: 'idle' }, pending: this.#pending() }
  }

  on<E extends keyof ClientEvents>(event: E, listener: (body: ClientEvents[E]) => void) {
    return this.#emitter.on(event, listener)
  }

  connect(): void {
    if (!this.#claimed) this.#claim()
    this.#connection.open()
    this.#pump()
  }

  close(): void {
    if (!this.#claimed) return
    this.#flushLikes()
    this.#flushAtMs = NEVER
    this.#store.save({ held: false, taps: this.#taps })
    this.#claimed = false
    this.#connection.close()
  }

  like(count = 1): void {
    if (!this.#viewer || !this.#claimed || this.state.status.phase === 'ended') return
    this.#taps = Math.min(PENDING_LIKES_MAX, this.#taps + count)
    this.#flushAtMs = Math.min(this.#flushAtMs, this.#runtime.now() + LIKE_MERGE_MS)
    this.#refresh()
  }

  comment(text: string, { question }: { question?: boolean } = {}): Promise<Scored | Refusal> {
    return this.#command({ name: 'comment.send', input: { text, ...(question && { question }) } })
  }

  share(target: 'room' | 'product' = 'room'): Promise<Scored | Refusal> {
    return this.#command({ name: 'share.send', input: { target } })
  }

  request<N extends Exclude<CommandName, ScoredName>>(name: N, input: SentOf<N>) {
    return this.#requests.ask(name, input)
  }

  setVisible(visible: boolean): void {
    this.#watch.visible = visible
    this.#pump()
  }

  wake(): void {
    this.#pump()
    this.#connection.wake()
    this.#pump()
  }

  serverNow(): number {
    return this.clock.serverMs(this.#runtime.now())
  }

  #command(command: ScoredInput): Promise<Scored | Refusal> {
    if (!this.#claimed || !this.#outbox.hasRoom) {
      return Promise.resolve(busy())
    }
    return new Promise((resolve) => {
      this.#outbox.add(command, resolve)
      this.#pump()
    })
  }

  // Time: one timer for everything that is due.

  #pump(): void {
    const now = this.#runtime.now()
    this.#connection.tick(now)
    this.#moments.tick(now)
    if (now >= this.#flushAtMs) this.#flushLikes()
    if (this.#connection.live) {
      if (this.clock.due(now)) void this.#sampleClock()
      if (now >= this.#beatAtMs) this.#beat()
    }
    this.#delivery.tick(now)
    this.#refresh()
  }

  #schedule(): void {
    const now = this.#runtime.now()
    const atMs = Math.min(
      this.#connection.nextAtMs,
      this.#moments.nextAtMs,
      this.#flushAtMs,
      this.#delivery.nextAtMs(now),
      this.#connection.live ? Math.min(this.clock.nextAtMs, this.#beatAtMs) : NEVER,
    )
    if (atMs === this.#timerAtMs) return
    this.#stopTimer?.()
    this.#timerAtMs = atMs
    if (atMs === NEVER) return
    this.#stopTimer = this.#runtime.after(Math.max(0, atMs - now), () => {
      this.#timerAtMs = NEVER
      // The device slept or the page was throttled: the connection may be long dead.
      if (this.#runtime.now() - atMs > LATE_TIMER_MS) this.wake()
      else this.#pump()
    })
  }

  async #sampleClock(): Promise<void> {
    const sentMs = this.#runtime.now()
    const answer = await this.#requests.ask('clock.read', {})
    if (!answer.ok) return
    this.clock.sampled(answer.atMs, sentMs, this.#runtime.now())
    this.#refresh()
  }

  /** The record is ours alone until `close`: numbers must not be given out twice. */
  #claim(): void {
    this.#claimed = true
    this.#store.claim()
    this.#outbox.restore()
    this.#taps = this.#store.saved.taps ?? 0
    if (this.#taps > 0) this.#flushAtMs = this.#runtime.now()
    this.#store.save({ taps: 0 })
  }

  #flushLikes(): void {
    const now = this.#runtime.now()
    let left = this.#outbox.mergeLikes(this.#taps)
    while (left > 0 && this.#outbox.hasRoom) {
      const count = Math.min(left, LIKES_PER_COMMAND)
      this.#outbox.add({ name: 'like.send', input: { count } })
      left -= count
    }
    this.#taps = left
    this.#flushAtMs = left > 0 ? now + LIKE_MERGE_MS : NEVER
  }

  get #beatAtMs(): number {
    const underWay = this.#outbox.entries.some((e) => e.name === 'watch.beat' && !e.applied)
    const ended = this.state.room?.live.state === 'ended'
    if (!this.#viewer || ended || underWay || !this.#outbox.hasRoom) return NEVER
    return (
      this.#watch.nextAtMs((serverMs) => this.clock.localMs(serverMs), this.#beatRandom) ?? NEVER
    )
  }

  /** What it says is decided when it leaves. */
  #beat(): void {
    this.#beatRandom = this.#runtime.random()
    this.#outbox.add({ name: 'watch.beat', input: { nonce: 0, visible: true } })
  }

  // What the server says.

  #received(...[name, body]: Incoming): void {
    if (name === 'session.welcomed') this.#welcomed(body)
    else if (name === 'room.pulsed') this.#pulsed(body)
    else if (name === 'room.happened') this.#happened(body.epoch, body.moments)
    else if (name === 'account.changed') {
      if (this.#adopt(body.account)) this.#emitter.emit('account', body)
    } else if (name === 'account.reattached') this.#reattached(body.account, body.applied)
    else if (name === 'session.refreshed') this.#connection.refreshed(body.resume)
    else if (name === 'host.pulsed') this.#set({ host: body })
    else if (name === 'server.goodbye') {
      this.#emitter.emit('goodbye', body)
      this.#connection.goodbye(body)
    }
    this.#pump()
  }

  #welcomed(welcome: Welcome): void {
    const { me, room, account, applied, session } = welcome
    const { saved } = this.#store
    this.clock.welcomed(welcome.atMs, this.#runtime.now(), this.#connection.openForMs)
    this.#connection.welcomed(welcome)
    this.#moments.welcomed(room)
    this.#shard = welcome.shard
    if (this.state.me && this.state.me.handle !== me.handle) this.#forgetAccount()
    this.#roomIs(room.epoch)
    this.#set({ me, room })
    if (session && session !== saved.session) {
      const keep = saved.handle === undefined || saved.handle === me.handle
      const lost = this.#outbox.restart(keep, { session, handle: me.handle })
      for (const entry of lost) {
        this.#dropped(entry, { ok: false, code: 'session_expired', retry: 'refresh' })
      }
    }
    if (account) this.#reattached(account, applied)
  }

  /** The server's word about where the account stands now, whatever was known before. */
  #reattached(account: AccountState, applied: Applied | undefined): void {
    this.#left.delete(account.epoch)
    this.#adopt(account)
    this.#watch.restart(account)
    if (!applied) return
    const atMs = this.clock.latestServerMs(this.#runtime.now()) + KNOWN_APPLIED_MARGIN_MS
    for (const entry of this.#outbox.learn(applied, { epoch: account.epoch, atMs })) {
      this.#settle(entry, { ok: true, dup: true, account, receipts: [], atMs })
    }
  }

  /** False where it speaks of an epoch that is over. */
  #adopt(account: AccountState): boolean {
    if (this.#left.has(account.epoch)) return false
    const shown = this.state.account
    if (shown && shown.epoch !== account.epoch) {
      remember(this.#left, shown.epoch)
      this.#outbox.epochIs(account.epoch)
    }
    if (supersedes(account, shown, this.#left)) this.#set({ account })
    return true
  }

  #pulsed(pulse: RoomPulse): void {
    const { room } = this.state
    if (!room || this.#leftByRoom.has(pulse.epoch)) return
    const now = this.#runtime.now()
    this.#roomIs(pulse.epoch)
    this.#set({ room: applyPulse(room, pulse) })
    this.clock.pulsed(pulse.atMs, now)
    this.#outbox.durable(pulse.durable[this.#shard] ?? 0, pulse.atMs)
    if (this.#moments.pulsed(pulse, now)) this.#connection.again()
  }

  #happened(epoch: string, moments: Parameters<Moments['happened']>[1]): void {
    if (this.#leftByRoom.has(epoch)) return
    this.#moments.happened(epoch, moments, this.#runtime.now())
  }

  #roomIs(epoch: string): void {
    const shown = this.state.room?.epoch
    this.#leftByRoom.delete(epoch)
    if (shown !== undefined && shown !== epoch) remember(this.#leftByRoom, shown)
  }

  // The life of a command.

  #leaving(entry: Entry): void {
    if (entry.name === 'watch.beat') entry.input = this.#watch.leave(this.#runtime.now())
  }

  #applied(entry: Entry, scored: Scored): void {
    const { atMs, account } = scored
    this.#outbox.applied(entry, { epoch: account.epoch, atMs })
    this.#settle(entry, scored)
  }

  #settle(entry: Entry, scored: Scored): void {
    const { name, seq, again } = entry
    entry.settled?.(scored)
    delete entry.settled
    this.#emitter.emit('scored', { name, seq, scored, again })
  }

  #dropped(entry: Entry, refusal: Refusal): void {
    const { name, seq } = entry
    if (name === 'watch.beat') this.#watch.refused(this.#runtime.now())
    entry.settled?.(refusal)
    delete entry.settled
    this.#emitter.emit('dropped', { name, seq, refusal })
  }

  #forgetSession(): void {
    this.#store.save({ session: undefined })
  }

  /** The page's viewer changed: versions of different accounts cannot be compared. */
  #forgetAccount(): void {
    const { account: _, ...state } = this.state
    this.state = state
    this.#left.clear()
  }

  // What is shown.

  #set(change: Partial<ClientState>): void {
    this.state = { ...this.state, ...change }
    this.#changed = true
  }

  #refresh(): void {
    const status = this.#status()
    const pending = this.#pending()
    if (!same(status, this.state.status)) this.#set({ status })
    if (!same(pending, this.state.pending)) this.#set({ pending })
    this.#schedule()
    if (!this.#changed) return
    this.#changed = false
    this.#emitter.emit('changed', this.state)
  }

  #status(): ConnectionStatus {
    const { phase } = this.#connection
    if (phase.phase === 'refused' && phase.reason === 'room_ended') return { phase: 'ended' }
    if (phase.phase === 'offline') {
      return { phase: 'offline', retryAtMs: this.clock.serverMs(phase.retryAtMs) }
    }
    if (phase.phase !== 'online') return phase
    const { room } = this.state
    if (room?.live.state === 'ended') return { phase: 'ended' }
    return { phase: room?.paused || this.#delivery.held ? 'paused' : 'online' }
  }

  #pending(): ClientState['pending'] {
    const pending = { likes: this.#taps, comments: 0, undurable: this.#outbox.entries.length }
    for (const entry of this.#outbox.entries) {
      if (entry.applied) continue
      if (entry.name === 'like.send') pending.likes += entry.input.count
      if (entry.name === 'comment.send') pending.comments++
    }
    return pending
  }
}

function remember(epochs: Set<string>, epoch: string): void {
  epochs.add(epoch)
  const [oldest] = epochs
  if (epochs.size > LEFT_EPOCHS_MAX && oldest !== undefined) epochs.delete(oldest)
}

/** For small flat objects. */
const same = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b)
