/** For tests: time by hand, and a server that loses, duplicates, reorders and is set back. */

import type { AccountState, Scored } from '../../shared/account-state.ts'
import { type Refusal, refuse } from '../../shared/errors.ts'
import type {
  Applied,
  BodyOf,
  CommandName,
  EventName,
  Handshake,
} from '../../shared/protocol/index.ts'
import { SESSION_WINDOW } from '../../shared/protocol/limits.ts'
import type { Moment, RoomPulse, RoomState } from '../../shared/room-state.ts'
import { seededRandom } from '../../shared/seeded.ts'
import type { ScoredName } from './outbox.ts'
import type { Runtime } from './runtime.ts'
import type { Incoming, SocketFactory, SocketHandlers } from './socket.ts'
import type { Storage } from './store.ts'

const SESSIONS_MAX = 8
const BEAT_MS = 20_000

/** Lets promises that are already settled call back. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve()
}

export class ManualRuntime implements Runtime {
  #now = 1000
  #timers = new Set<{ atMs: number; run: () => void }>()
  readonly random: () => number

  constructor(seed = 1) {
    this.random = seededRandom(seed)
  }

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const timer = { atMs: this.#now + ms, run }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Timers run in order, each at its time. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (let i = 0; i < 100_000; i++) {
      const due = [...this.#timers].filter((t) => t.atMs <= end).sort((a, b) => a.atMs - b.atMs)[0]
      if (!due) break
      this.#timers.delete(due)
      this.#now = Math.max(this.#now, due.atMs)
      due.run()
    }
    if ([...this.#timers].some((t) => t.atMs < end)) throw new Error('a timer never comes to rest')
    this.#now = end
  }

  /** The device sleeps: time passes and no timer runs until it wakes. */
  sleep(ms: number): void {
    this.#now += ms
  }
}

export function memoryStorage(): Storage & { items: Map<string, string> } {
  const items = new Map<string, string>()
  return {
    items,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => {
      items.set(key, value)
    },
  }
}

/** What the shard holds, all of which is set back together. */
interface Shard {
  version: number
  sessions: Map<number, Applied>
  floor: number
  likes: number
  /** How often each comment was credited. */
  comments: Map<string, number>
  watch: { nonce: number; dueAtMs: number }
  beats: {
    nonce: number
    visible: boolean
    atMs: number
    reason: 'open' | 'ok' | 'early' | 'stale'
  }[]
}

interface Up {
  name: CommandName
  input: Record<string, unknown>
  ack: (answer: never) => void
}

interface Down {
  /** Only acks may change places; what the gateway sends by itself stays in order. */
  ack: boolean
  run: () => void
}

export class ModelConnection {
  up: Up[] = []
  down: Down[] = []
  session = 0
  greeted = false
  /** Neither side hears the other, and the client has not noticed. */
  halfOpen = false
  closed = false
  readonly auth: Handshake
  readonly handlers: SocketHandlers

  constructor(auth: Handshake, handlers: SocketHandlers) {
    this.auth = auth
    this.handlers = handlers
  }

  send<N extends EventName>(name: N, body: BodyOf<N>): void {
    this.down.push({ ack: false, run: () => this.handlers.received(...([name, body] as Incoming)) })
  }

  /** The network fails: what was under way is gone. */
  cut(refusal?: Refusal): void {
    if (this.closed) return
    this.closed = true
    this.up = []
    this.down = []
    this.handlers.closed(refusal)
  }
}

const copy = (shard: Shard): Shard => structuredClone(shard)

/** One viewer, one room, one shard; any number of connections. */
export class ModelServer {
  readonly runtime: ManualRuntime
  shard: Shard = {
    version: 1,
    sessions: new Map(),
    floor: 0,
    likes: 0,
    comments: new Map(),
    watch: { nonce: 0, dueAtMs: 0 },
    beats: [],
  }
  connections: ModelConnection[] = []
  handshakes: Handshake[] = []
  /** How the next handshakes and scored commands are refused, first come first. */
  handshakeRefusals: Refusal[] = []
  refusals: Refusal[] = []
  /** Whether pulses say which epoch a watermark speaks of. */
  namesEpochs = true
  /** Server time minus the client's. */
  skewMs = 3_600_000
  room: RoomState
  moments: Moment[] = []
  /** Comments that were credited at some time, also where a crash took it back. */
  readonly onceCredited = new Set<string>()
  /** Of the cluster; the viewer's is the last. */
  masters = 1
  /** Commands that reached the shard too late for its window. */
  tooOld = 0
  #epoch = 1
  #sessionNo = 0
  #history: Shard[] = []
  #durableAt = 0
  #durableMs = 0
  /** By the client's clock. */
  durableAtMs = 0

  constructor(runtime: ManualRuntime) {
    this.runtime = runtime
    this.#history = [copy(this.shard)]
    this.room = {
      ...emptyPulse,
      atMs: this.now(),
      room: { id: 'demo', name: 'Demo', brand: 'demo' },
      board: [],
      ladder: { id: 'cn-5', rungs: [] },
    }
  }

  now(): number {
    return Math.floor(this.runtime.now() + this.skewMs)
  }

  get epoch(): string {
    return `${this.#epoch}-epoch`.padStart(12, '0')
  }

  readonly factory: SocketFactory = (_url, auth, handlers) => {
    const connection = new ModelConnection(auth, handlers)
    this.handshakes.push(auth)
    this.connections.push(connection)
    return {
      send: (name, input, ack) => {
        connection.up.push({ name, input: input as Record<string, unknown>, ack })
      },
      close: () => {
        connection.closed = true
        connection.up = []
        connection.down = []
      },
    }
  }

  get open(): ModelConnection[] {
    return this.connections.filter((c) => !c.closed)
  }

  /** One message reaches the server: the handshake first, then commands in any order, perhaps twice. */
  deliverUp(connection: ModelConnection, index = 0, twice = false): void {
    if (connection.closed || connection.halfOpen) return
    if (!connection.greeted) {
      this.#greet(connection)
      return
    }
    const [message] = connection.up.splice(index % Math.max(1, connection.up.length), 1)
    if (!message) return
    for (let i = twice ? 0 : 1; i < 2; i++) {
      const answer = this.#answer(connection, message) as never
      connection.down.push({ ack: true, run: () => message.ack(answer) })
    }
  }

  /** One message reaches the client: any ack, or the first of what the gateway sent by itself. */
  deliverDown(connection: ModelConnection, index = 0): void {
    if (connection.closed || connection.halfOpen) return
    const firstEvent = connection.down.findIndex((d) => !d.ack)
    const at = index % Math.max(1, connection.down.length)
    const take = connection.down[at]?.ack ? at : firstEvent
    const [message] = take < 0 ? [] : connection.down.splice(take, 1)
    message?.run()
  }

  /** Everything that is under way arrives, in order. */
  async flush(): Promise<void> {
    for (let i = 0; i < 1000; i++) {
      await settle()
      const busy = this.open.find(
        (c) => !c.halfOpen && (!c.greeted || c.up.length > 0 || c.down.length > 0),
      )
      if (!busy) return
      if (!busy.greeted || busy.up.length > 0) this.deliverUp(busy)
      else this.deliverDown(busy)
    }
    throw new Error('the conversation does not end')
  }

  /** What was scored until now survives. */
  makeDurable(): void {
    this.#durableAt = this.#history.length - 1
    this.#durableMs = this.now()
    this.durableAtMs = this.runtime.now()
  }

  /**
   * The shard is set back to an older state, never to one before the durable one. Connections end, or live and
   * are re-attached, or live and only the pulses tell.
   */
  crash(back: number, connections: 'cut' | 'reattached' | 'untold'): void {
    const at = Math.max(this.#durableAt, this.#history.length - 1 - back)
    this.#history.length = at + 1
    this.shard = copy(this.#history[at] ?? this.shard)
    this.#epoch++
    this.#durableMs = 0
    for (const connection of this.open) {
      if (connections === 'cut') connection.cut()
      else if (connections === 'reattached' && connection.greeted && connection.session) {
        this.#reattach(connection, connection.session)
      }
    }
  }

  /** The cluster gets another master, before the viewer's, which stays what it was. */
  grow(): void {
    this.masters++
    for (const connection of this.open)
      if (connection.greeted && connection.session) this.#reattach(connection, connection.session)
  }

  #reattach(connection: ModelConnection, session: number): void {
    connection.send('account.reattached', {
      account: this.account(),
      applied: this.#applied(session),
      shard: this.masters - 1,
    })
  }

  pulse(change: Partial<RoomPulse> = {}): void {
    // Of masters before it, which the viewer is not on, everything is durable.
    const others = Array<number>(this.masters - 1).fill(this.now())
    this.room = { ...this.room, ...change, atMs: this.now(), durable: [...others, this.#durableMs] }
    if (this.namesEpochs)
      this.room.epochs = [...others.map((_, i) => `other-${i}`), this.epoch.slice(0, 8)]
    for (const connection of this.open)
      if (connection.greeted) connection.send('room.pulsed', this.room)
  }

  happen(moments: Moment[]): void {
    this.moments.push(...moments)
    this.room.seq = Math.max(this.room.seq, ...moments.map((m) => m.seq))
  }

  /** Another page of the viewer opens a client session and uses it. */
  openOtherSession(): void {
    this.#score(++this.#sessionNo, 'share.send', { seq: 1 })
  }

  account(): AccountState {
    const { version, watch, likes } = this.shard
    return {
      epoch: this.epoch,
      version,
      balance: { spendable: likes, session: 0, pending: 0, held: 0, frozen: 0 },
      tier: { rung: 0, growth: 0, promotions: 0 },
      today: { points: likes, used: {}, resetsAtMs: 0 },
      live: { points: likes, watchedMs: 0, continuousMs: 0, tasks: [] },
      watch: { ...watch },
    }
  }

  #greet(connection: ModelConnection): void {
    const refusal = this.handshakeRefusals.shift()
    if (refusal) {
      connection.cut(refusal)
      return
    }
    connection.greeted = true
    const known = Number(connection.auth.session?.slice('session-'.length) ?? 0)
    const usable = known >= this.shard.floor && known > 0
    connection.session = usable ? known : ++this.#sessionNo
    connection.send('session.welcomed', {
      protocol: 1,
      atMs: this.now(),
      role: 'viewer',
      me: { handle: 'me', name: 'Me' },
      room: { ...this.room, durable: [this.#durableMs] },
      account: this.account(),
      applied: this.#applied(connection.session),
      session: `session-${connection.session}`,
      resume: 'resume',
      resumeExpiresAtMs: this.now() + 86_400_000,
      shard: this.masters - 1,
      beatMs: BEAT_MS,
    })
    const from = connection.auth.cursor
    const missed = this.moments.filter(
      (m) => from && (m.seq > from.seq || from.epoch !== this.room.epoch),
    )
    if (missed.length > 0) {
      connection.send('room.happened', { epoch: this.room.epoch, moments: missed })
    }
  }

  #applied(session: number): Applied {
    return { ...(this.shard.sessions.get(session) ?? { high: 0, mask: 0 }) }
  }

  #answer(connection: ModelConnection, { name, input }: Up): Scored | Refusal | object {
    if (name === 'clock.read') return { ok: true, atMs: this.now() }
    const refusal = this.refusals.shift()
    if (refusal) return refusal
    return this.#score(connection.session, name as ScoredName, input)
  }

  #score(session: number, name: ScoredName, input: Record<string, unknown>): Scored | Refusal {
    const { shard } = this
    if (!shard.sessions.has(session)) {
      if (session < shard.floor) return refuse('session_expired')
      shard.sessions.set(session, { high: 0, mask: 0 })
      const oldest = Math.min(...shard.sessions.keys())
      if (shard.sessions.size > SESSIONS_MAX) {
        shard.sessions.delete(oldest)
        shard.floor = oldest + 1
      }
      if (oldest === session && !shard.sessions.has(session)) return refuse('session_expired')
    }
    const place = shard.sessions.get(session) ?? { high: 0, mask: 0 }
    const seq = Number(input.seq)
    if (seq <= place.high - SESSION_WINDOW) {
      this.tooOld++
      return refuse('too_old')
    }
    const below = place.high - seq
    if (below >= 0 && (place.mask >>> below) & 1) return this.#scored(true)
    shard.sessions.set(session, mark(place, seq))
    this.#credit(name, input)
    shard.version++
    this.#record()
    return this.#scored(false)
  }

  #credit(name: ScoredName, input: Record<string, unknown>): void {
    const { shard } = this
    if (name === 'like.send') shard.likes += Number(input.count)
    if (name === 'comment.send') {
      const text = String(input.text)
      this.onceCredited.add(text)
      shard.comments.set(text, (shard.comments.get(text) ?? 0) + 1)
    }
    if (name === 'watch.beat') {
      const { nonce, dueAtMs } = shard.watch
      const visible = input.visible === true
      const open = nonce === 0
      const stale = !open && input.nonce !== nonce
      const early = !open && visible && this.now() < dueAtMs
      const reason = open ? 'open' : stale ? 'stale' : early ? 'early' : 'ok'
      shard.beats.push({ nonce: Number(input.nonce), visible, atMs: this.now(), reason })
      if (reason === 'ok' || open) shard.watch = { nonce: nonce + 1, dueAtMs: this.now() + BEAT_MS }
    }
  }

  #scored(dup: boolean): Scored {
    const base: Scored = { ok: true, account: this.account(), receipts: [], atMs: this.now() }
    return dup ? { ...base, dup: true } : base
  }

  #record(): void {
    this.#history.push(copy(this.shard))
  }
}

/** The session after it applied `seq`. */
function mark({ high, mask }: Applied, seq: number): Applied {
  if (seq <= high) return { high, mask: (mask | (1 << (high - seq))) >>> 0 }
  const up = seq - high
  return { high: seq, mask: ((up < SESSION_WINDOW ? mask << up : 0) | 1) >>> 0 }
}

const emptyPulse: RoomPulse = {
  epoch: 'room-1',
  seq: 0,
  atMs: 0,
  heat: { value: 0, level: 0, multipliers: {}, why: [] },
  audience: 1,
  live: { no: 1, state: 'open', startedAtMs: 0 },
  tasks: [],
  campaigns: [],
  comments: [],
  rulebook: 1,
  safe: false,
  durable: [0],
}
