/** One room on this gateway: gathers what its viewers did, pulses, and holds what the room looks like now. */

import type { HostPlay } from '../../shared/effects.ts'
import type { HostPulse } from '../../shared/protocol/index.ts'
import {
  applyPulse,
  COMMENTS_KEPT,
  type CommentLine,
  type Moment,
  type RoomPulse,
  type RoomState,
} from '../../shared/room-state.ts'
import { burnWeekAt } from '../../shared/rulebook/burn-week.ts'
import { ladderView } from '../../shared/rulebook/privileges.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import type { Brownout } from '../governance/index.ts'
import { must, randomId } from '../kernel/index.ts'
import type { Room } from '../rooms/index.ts'
import {
  type AnswerReader,
  compileContext,
  type MostPoints,
  mostPoints,
  NO_CURSOR,
  type PointsPlace,
  type PulseInput,
  type PulseResult,
  pulse,
  pulseRules,
  type RoomContext,
  readPlace,
  roomContext,
  toHostPulse,
  toRoomPulse,
} from '../scoring/index.ts'
import type { GatewayDeps } from './deps.ts'
import { type Earner, Gathered } from './gathered.ts'
import { PULSE_LATE_MS } from './limits.ts'
import { LiveBudget } from './live-budget.ts'
import type { RoomBudget } from './room-budget.ts'
import type { SocketServer } from './sockets.ts'

/** A viewer whose clock credited within this counts as present. */
const PRESENT_MS = 30_000
/** Pulses that failed in a row before the room is told that points are paused. */
const PAUSED_AFTER = 2
/** A host who attaches late is shown this many of the last comments. */
const HOST_COMMENTS_KEPT = 50
/** Between two pulses that a nudge asked for. */
const NUDGE_MS = 60

/** Versions beside that of the room whose contexts are kept; an experiment has fewer arms. */
const VARIANTS_MAX = 8

const NO_PLAY: HostPlay = {
  asks: [],
  draws: [],
  votes: [],
  tips: { given: 0, toHost: 0, burned: 0 },
}

export const roomTopic = (room: string): string => `r:${room}`
export const hostTopic = (room: string): string => `h:${room}`

/** What scoring is given, as long as neither the room nor the rulebook has changed. */
interface Compiled {
  bytes: Buffer
  brownout: Brownout
  most: MostPoints
  rulebook: number
  result: PulseResult | undefined
}

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
  #state: RoomState | undefined
  /** Of the catalogue, as the room was told. */
  #shelf = -1
  #burning: { version: number; week: RoomState['burnWeek']; untilMs: number } | undefined
  #written: { state: RoomState; json: string } | undefined
  #hostComments: CommentLine[] = []
  #play: HostPlay = NO_PLAY
  #reading = false
  #failures = 0
  #refused = false
  #pulsing: Promise<void> | undefined
  #pulsingSinceMs = 0
  #nudged = false
  #stop: (() => void) | undefined
  #compiled: Compiled | undefined
  /** The same for viewers who play by another version than the room, by its number. */
  readonly #variants = new Map<number, Compiled>()
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
  }

  /** Takes the first pulse; the room cannot be shown before. Throws where Redis cannot be reached. */
  async open(): Promise<void> {
    await this.#pulse()
    if (!this.#state) throw new Error(`room ${this.room.id} has no pulse`)
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

  /** The room as a new socket is shown it. */
  snapshot(): RoomState {
    return must(this.#state, 'the state of an open room')
  }

  /** The same as JSON: made once for all who join between two pulses. */
  snapshotJson(): string {
    const state = this.snapshot()
    if (this.#written?.state !== state) this.#written = { state, json: JSON.stringify(state) }
    return this.#written.json
  }

  /** What the live may still pay; undefined where the rulebook sets no bound. */
  get budget(): RoomBudget | undefined {
    return this.#budget.now
  }

  /** By what the room is played. */
  get rulebook(): PublishedRulebook {
    return this.#deps.playing.inRoom(this.room)
  }

  /** The most an action can pay here now, by a version. */
  most(action: Parameters<MostPoints>[0], played: PublishedRulebook): number {
    return this.#compile(played).most(action)
  }

  /** As viewers who play by a version are scored with. */
  context(played: PublishedRulebook): Buffer {
    return this.#compile(played).bytes
  }

  /** Once per pulse and rulebook. */
  #compile(played: PublishedRulebook): Compiled {
    const { brownout } = this.#deps.issuance
    const isVariant = played.version !== this.rulebook.version
    const known = isVariant ? this.#variants.get(played.version) : this.#compiled
    if (
      known &&
      known.result === this.#result &&
      known.brownout === brownout &&
      known.rulebook === played.version
    )
      return known
    const context = this.scoringContext(played)
    const compiled = {
      bytes: compileContext(context, this.#deps.clock.now()),
      most: mostPoints(context),
      brownout,
      rulebook: played.version,
      result: this.#result,
    }
    if (!isVariant) this.#compiled = compiled
    else {
      if (this.#variants.size > VARIANTS_MAX) this.#variants.clear()
      this.#variants.set(played.version, compiled)
    }
    return compiled
  }

  scoringContext(published: PublishedRulebook): RoomContext {
    const view = roomContext(must(this.#result, 'a pulse'))
    return {
      live: view.live,
      issuer: this.#place.issuer,
      rulebook: published.version,
      book: published.book,
      profile: this.room.profile,
      timeZone: this.room.timeZone,
      heatLevel: view.level,
      campaigns: view.campaigns,
      tasks: view.tasks,
      validUntilMs: view.validUntilMs,
      brownout: this.#deps.issuance.brownout,
    }
  }

  /** A scored viewer's part in the room. */
  scored(earner: Earner, answer: AnswerReader): void {
    this.#refused = false
    this.#gathered.add(earner, answer)
    if (answer.watched()) this.#present.set(earner.account, this.#deps.clock.now())
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

  /** The last pulse again, marked: what is shown stays, and says that it waits. */
  #tellPaused(): void {
    if (!this.#state) return
    const { room: _r, board: _b, ladder: _l, burnWeek: _w, ...last } = this.#state
    this.#broadcast({ ...last, comments: [], paused: true })
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
    this.#keep(result, body)
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
      this.#compiled = undefined
      this.#variants.clear()
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

  #keep(result: PulseResult, body: RoomPulse): void {
    const { ladder } = this.#deps.rulebook().book
    const before = this.#state
    const burnWeek = this.#burnWeek(body.atMs)
    this.#hostComments = [...this.#hostComments, ...result.comments].slice(-HOST_COMMENTS_KEPT)
    const state: RoomState = {
      ...(before ? applyPulse(before, body) : { ...body, board: body.board ?? [] }),
      // All comments, not only those that a viewer's pulse carries.
      comments: [...(before?.comments ?? []), ...result.comments].slice(-COMMENTS_KEPT),
      room: { id: this.room.id, name: this.room.name, brand: this.room.brand },
      board: body.board ?? before?.board ?? [],
      ladder: ladderView(ladder),
    }
    if (burnWeek) state.burnWeek = burnWeek
    else delete state.burnWeek
    this.#state = state
  }

  /** Looked up again only when it is over, or the rulebook is another one. */
  #burnWeek(atMs: number): RoomState['burnWeek'] {
    const { version, book } = this.#deps.rulebook()
    const known = this.#burning
    if (known?.version === version && atMs < known.untilMs) return known.week
    const found = burnWeekAt(book.wallet, atMs, book.timeZone)
    const week = found && { opensAtMs: found.opensAtMs, closesAtMs: found.closesAtMs }
    this.#burning = { version, week, untilMs: week?.closesAtMs ?? Number.POSITIVE_INFINITY }
    return week
  }

  #hostPulse(result: PulseResult): HostPulse {
    return { ...toHostPulse(result, this.#state?.board ?? []), play: this.#play }
  }

  /** What viewers bought is read for hosts only, and nobody else's pulse waits for it. */
  async #tellHost(result: PulseResult): Promise<void> {
    if (!this.#reading) {
      this.#reading = true
      try {
        this.#play = await this.#deps.effects.readHost(this.room.id)
      } catch (error) {
        this.#deps.log.warn({ err: error, room: this.room.id }, 'what viewers bought is not read')
      } finally {
        this.#reading = false
      }
    }
    this.#sockets().toTopic(hostTopic(this.room.id), 'host.pulsed', this.#hostPulse(result))
  }

  /** What a host sees first. */
  hostSnapshot(): HostPulse | undefined {
    return this.#result && { ...this.#hostPulse(this.#result), comments: this.#hostComments }
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
