/** One room on this gateway: gathers what its viewers did, pulses, and tells the room. */

import type { HostPulse } from '../../shared/protocol/index.ts'
import type { CommentLine, Moment, RoomPulse } from '../../shared/room-state.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { randomId } from '../kernel/index.ts'
import type { Room } from '../rooms/index.ts'
import {
  type AnswerReader,
  NO_CURSOR,
  type PointsPlace,
  type PulseInput,
  type PulseResult,
  pulse,
  pulseRules,
  readPlace,
  toRoomPulse,
} from '../scoring/index.ts'
import type { GatewayDeps } from './deps.ts'
import { type Earner, Gathered } from './gathered.ts'
import { HostPicture } from './host-picture.ts'
import { PULSE_LATE_MS } from './limits.ts'
import { LiveBudget } from './live-budget.ts'
import type { RoomBudget } from './room-budget.ts'
import { RoomContexts } from './room-contexts.ts'
import { RoomPicture } from './room-picture.ts'
import type { SocketServer } from './sockets.ts'

/** A viewer whose clock credited within this counts as present. */
const PRESENT_MS = 30_000
/** Pulses that failed in a row before the room is told that points are paused. */
const PAUSED_AFTER = 2
/** Between two pulses that a nudge asked for. */
const NUDGE_MS = 60

export const roomTopic = (room: string): string => `r:${room}`
export const hostTopic = (room: string): string => `h:${room}`

export class RoomHub {
  #place: PointsPlace
  /** The live and the rulebook that `#place` was read for. */
  #placedFor = { live: -1, rulebook: -1 }
  readonly #deps: GatewayDeps
  readonly #sockets: () => SocketServer
  #gathered = new Gathered()
  #unanswered: PulseInput | undefined
  #sequence = 0
  readonly #incarnation: string
  readonly #present = new Map<number, number>()
  #cursor = NO_CURSOR
  #result: PulseResult | undefined
  readonly #picture: RoomPicture
  readonly #host: HostPicture
  /** Version of the rewards' catalogue that the room was told last. */
  #shelf = -1
  #failures = 0
  #refused = false
  #pulsing: Promise<void> | undefined
  #pulsingSinceMs = 0
  #nudged = false
  #stop: (() => void) | undefined
  /** What its viewers are scored with. */
  readonly contexts: RoomContexts
  readonly #budget: LiveBudget
  members = 0
  hosts = 0
  /** When the last socket left; 0 while there are any. */
  emptySinceMs = 0

  constructor(deps: GatewayDeps, place: PointsPlace, sockets: () => SocketServer) {
    this.#deps = deps
    this.#place = place
    this.#sockets = sockets
    this.#incarnation = randomId(6)
    this.#budget = new LiveBudget(deps, place.room.id)
    this.contexts = new RoomContexts(deps)
    this.#picture = new RoomPicture(deps.rulebook)
    this.#host = new HostPicture(deps, place.room.id)
  }

  /** Takes the first pulse; the room cannot be shown before. Throws where Redis cannot be reached. */
  async open(): Promise<void> {
    await this.#pulse()
    if (!this.#picture.state) throw new Error(`room ${this.room.id} has no pulse`)
    this.#stop = this.#deps.clock.every(this.#deps.pulseMs, () => this.tick())
  }

  /** Sends what is still gathered, so that heat and comments of the last moment are not lost. */
  async close(): Promise<void> {
    this.#stop?.()
    await this.#pulsing
    await this.#budget.close()
    if (!this.#gathered.isEmpty) this.tick()
    await this.#pulsing
  }

  get room(): Room {
    return this.#place.room
  }

  /** Numbers of those whose points are good here. */
  get payers(): ReadonlySet<number> {
    return this.#place.payers
  }

  get live(): number {
    return this.#result?.live.no ?? 0
  }

  get state(): 'open' | 'ending' | 'ended' {
    return this.#result?.live.state ?? 'ended'
  }

  /** The room as a new socket is shown it, as JSON. */
  snapshotJson(): string {
    return this.#picture.json()
  }

  /** What the live may still pay; undefined where the rulebook sets no bound. */
  get budget(): RoomBudget | undefined {
    return this.#budget.now
  }

  /** The rules that the room is played by. */
  get rulebook(): PublishedRulebook {
    return this.#deps.playing.inRoom(this.room)
  }

  /** A scored viewer's part in the room. */
  scored(earner: Earner, answer: AnswerReader): void {
    this.#refused = false
    this.#gathered.add(earner, answer)
    if (answer.watched()) this.#present.set(earner.account, this.#deps.clock.now())
  }

  /** The last device of an account is gone: where it comes back, here or on another gateway, it is counted there. */
  left(account: number): void {
    this.#present.delete(account)
  }

  /** A comment for everybody; it rides the next pulse. */
  say(comment: Omit<CommentLine, 'id'>): void {
    this.#gathered.say(comment)
  }

  /** Scoring refused with `busy`: the room is told that points are paused. */
  refused(): void {
    this.#refused = true
  }

  /** Something happened that should not wait for the next tick. */
  nudge(): void {
    if (this.#nudged) return
    this.#nudged = true
    this.#deps.clock.after(NUDGE_MS, () => {
      this.#nudged = false
      this.tick()
    })
  }

  tick(): void {
    const now = this.#deps.clock.now()
    if (this.#pulsing) {
      if (now - this.#pulsingSinceMs > PULSE_LATE_MS) this.#tellPaused()
      return
    }
    this.#pulsingSinceMs = now
    this.#pulsing = this.#pulse()
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#pulsing = undefined
      })
  }

  #failed(error: unknown): void {
    this.#failures += 1
    if (this.#failures === PAUSED_AFTER)
      this.#deps.log.warn({ err: error, room: this.room.id }, 'pulses fail; points are paused')
    if (this.#failures >= PAUSED_AFTER) this.#tellPaused()
  }

  #tellPaused(): void {
    const body = this.#picture.paused()
    if (body) this.#broadcast(body)
  }

  async #pulse(): Promise<void> {
    const deps = this.#deps
    const input = this.#unanswered ?? this.#next()
    this.#unanswered = input
    const published = this.rulebook
    const result = await pulse(deps.store, input)
    this.#unanswered = undefined
    this.#failures = 0
    if (!result) throw new Error(`room ${this.room.id} is gone`)
    await this.#follow(result.live.no, published)
    const known = this.#cursor
    this.#cursor = result.cursor
    this.#result = result
    this.contexts.renew(this.#place, result)
    this.#budget.pulsed(result.live.no)
    const shelf = deps.rewards.catalogue.head()
    const news = shelf === this.#shelf ? {} : { shelf }
    this.#shelf = shelf
    const body: RoomPulse = {
      ...toRoomPulse(result, {
        published,
        durable: deps.shards.durableAt(),
        epochs: Array.from({ length: deps.shards.count }, (_, shard) => deps.shards.epoch(shard)),
        paused: this.#refused,
      }),
      ...news,
    }
    this.#picture.keep(this.room, result, body)
    this.#host.keep(result)
    this.#broadcast(body)
    if (this.hosts > 0) void this.#tellHost(result)
    // A first pulse brings old moments; whoever joins asks for those that are missing.
    if (known.epoch !== '') this.#tell(result.moments?.filter(({ seq }) => seq > known.seq))
  }

  /** Whose points are earned here may change with the rulebook, and with the host between two lives. */
  async #follow(live: number, { version, book }: PublishedRulebook): Promise<void> {
    if (this.#placedFor.live === live && this.#placedFor.rulebook === version) return
    const { store, log } = this.#deps
    try {
      this.#place = (await readPlace(store, this.room.id, book)) ?? this.#place
      this.#placedFor = { live, rulebook: version }
    } catch (error) {
      // The next pulse tries again; until then it is as it was.
      log.warn({ err: error, room: this.room.id }, 'a room could not be read again')
    }
  }

  /** What this gateway adds; kept as it is until it has been answered, so that nothing counts twice. */
  #next(): PulseInput {
    const gathered = this.#gathered
    this.#gathered = new Gathered()
    this.#sequence += 1
    return {
      ...gathered.share(this.#gathered),
      room: this.room.id,
      gateway: this.#deps.number,
      incarnation: this.#incarnation,
      sequence: this.#sequence,
      live: this.live,
      audience: this.#audience(),
      cursor: this.#cursor,
      rules: pulseRules(this.rulebook),
      host: this.hosts > 0,
    }
  }

  #audience(): number {
    const since = this.#deps.clock.now() - PRESENT_MS
    for (const [account, atMs] of this.#present) if (atMs < since) this.#present.delete(account)
    return this.#present.size
  }

  /** What viewers bought is read for hosts only, and nobody else's pulse waits for it. */
  async #tellHost(result: PulseResult): Promise<void> {
    await this.#host.readPlay()
    const body = this.#host.pulse(result, this.#picture.state?.board)
    this.#sockets().toTopic(hostTopic(this.room.id), 'host.pulsed', body)
  }

  /** What a host sees first. */
  hostSnapshot(): HostPulse | undefined {
    return this.#result && this.#host.snapshot(this.#result, this.#picture.state?.board)
  }

  #broadcast(body: RoomPulse): void {
    if (this.members > 0) this.#sockets().toTopic(roomTopic(this.room.id), 'room.pulsed', body)
  }

  #tell(moments: Moment[] | undefined): void {
    const epoch = this.#cursor.epoch
    if (this.members === 0 || moments?.length === 0) return
    // Moments that are gone cannot be told; whoever needs the whole room comes back for it.
    if (moments)
      this.#sockets().toTopic(roomTopic(this.room.id), 'room.happened', { epoch, moments })
  }
}
