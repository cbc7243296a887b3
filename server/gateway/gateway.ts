/** The gateway: lets sockets in, shows them the room, and ends in good order. */

import type { Revoked } from '../identity/index.ts'
import { type Store, subscribe } from '../redis/index.ts'
import { gatewayChannel, readChange } from '../scoring/index.ts'
import { type Admission, type Admitted, createAdmission } from './admission.ts'
import { Arrivals } from './arrivals.ts'
import type { Connection } from './connection.ts'
import type { GatewayDeps } from './deps.ts'
import { Devices } from './devices.ts'
import { createDispatch } from './dispatch.ts'
import { Entry } from './entry.ts'
import { createFront } from './front.ts'
import { createHandlers, type HandlerTools } from './handlers.ts'
import { Hearing } from './hearing.ts'
import { createIntake, type Intake } from './intake.ts'
import {
  AFTER_LIVE_MS,
  DRAIN_SPREAD_MS,
  DRAIN_STEP_MS,
  DURABLE_LAG_MS_MAX,
  RESYNC_MS,
  SLOW_CHECK_MS,
} from './limits.ts'
import { type GatewayMetrics, gatewayMetrics } from './metrics.ts'
import type { Asking } from './origins.ts'
import { RoomHubs } from './room-hubs.ts'
import { Roster } from './roster.ts'
import { createLibraryServer } from './socketio.ts'
import type { Knock, Link, SocketServer } from './sockets.ts'
import type { Transport } from './transport.ts'

/** Channel of the word that a room has something new. */
const NUDGES = 'ff:nudge'

export interface GatewayOptions extends GatewayDeps {
  transport: Transport
  /** Socket.IO's protocol by ourselves where uWebSockets.js carries it; otherwise by the library. */
  front: boolean
  port: number
  trustedProxies: number
  /** Nudges and changes travel on connections of their own, so that a hung Redis cannot stall them. */
  bus: { publish: Store; subscribe: Store }
  history: HandlerTools['history']
}

export class Gateway {
  readonly #options: GatewayOptions
  readonly #roster = new Roster()
  readonly #hubs: RoomHubs
  readonly #devices: Devices
  readonly #arrivals: Arrivals
  readonly #intake: Intake
  readonly #metrics: GatewayMetrics
  readonly #admit: (knock: Knock) => Promise<Admission>
  readonly #entry: Entry
  readonly #closers: (() => void | Promise<void>)[] = []
  #sockets: SocketServer | undefined
  #draining = false

  constructor(options: GatewayOptions) {
    const { clock, log, rulebook } = options
    this.#options = options
    this.#hubs = new RoomHubs(options, () => this.#server())
    this.#devices = new Devices(options, this.#roster)
    this.#metrics = gatewayMetrics({
      connections: () => this.#roster.size,
      rooms: () => this.#hubs.size,
      waiting: () => this.#intake.depth(),
      durableLagMs: () => {
        const lagMs = clock.now() - Math.min(...options.shards.durableAt())
        return Math.min(Math.max(lagMs, 0), DURABLE_LAG_MS_MAX)
      },
    })
    this.#intake = createIntake({
      ...options,
      gateway: options.number,
      cap: options.issuance,
      platform: () => {
        const { timeZone, dailyPoints = 0 } = rulebook().book
        return { timeZone, dailyPoints }
      },
      onFlush: this.#metrics.flushed,
    })
    this.#admit = createAdmission({
      deps: options,
      hubs: this.#hubs,
      roster: this.#roster,
      devices: this.#devices,
    })
    const now = () => clock.now()
    const nudge = (room: string): void => this.#nudge(room)
    this.#arrivals = new Arrivals(options, nudge, (change) => this.#devices.changed(change))
    const handlers = createHandlers({
      deps: options,
      nudge,
      history: options.history,
      owns: ({ account }) => this.#loadOwned(account),
    })
    this.#entry = new Entry(options, {
      roster: this.#roster,
      arrivals: this.#arrivals,
      connections: {
        now,
        dispatch: createDispatch<Connection>({ handlers, now, log }),
        left: (connection) => this.#roster.remove(connection, now()),
        commanded: this.#metrics.commanded,
      },
      viewers: { deps: options, intake: this.#intake, devices: this.#devices },
    })
  }

  get transport(): Transport['kind'] {
    return this.#options.transport.kind
  }

  /** Rejects where the port is taken. */
  async start(): Promise<void> {
    const { clock, log, shards, bus, number } = this.#options
    this.#closers.push(
      await subscribe(bus.subscribe, gatewayChannel(number), (text) => {
        const { owned, ...change } = readChange(text)
        if (owned) this.#loadOwned(change.account)
        this.#devices.changed(change)
      }),
      await subscribe(bus.subscribe, NUDGES, (room) => this.#hubs.nudge(room)),
      await this.#listen(),
      shards.onEpoch((shard, _, isSetBack) => {
        // Clients take no picture that is older than theirs, and by the clock that was set back all are.
        if (isSetBack) return void clock.after(RESYNC_MS, () => this.#sendAway('resync'))
        this.#devices
          .reattach(shard)
          .catch((error: unknown) => log.error({ err: error, shard }, 'reattaching failed'))
      }),
      clock.every(SLOW_CHECK_MS, () => {
        for (const connection of this.#roster) {
          if (!connection.closeIfSlow()) continue
          this.#metrics.closed('slow_consumer')
          log.info({ reason: 'slow_consumer', room: connection.hub.room.id }, 'a client was closed')
        }
        void this.#hubs.forgetIdle()
      }),
      clock.every(AFTER_LIVE_MS, () => {
        this.#devices
          .lookAfterLives()
          .catch((error: unknown) => log.warn({ err: error }, 'accounts could not be looked at'))
      }),
    )
    const { transport, front } = this.#options
    const sockets = {
      ...this.#options,
      allowOrigin: (asking: Asking) => this.#options.allowOrigin(asking),
      admit: (knock: Knock) => this.#answer(knock),
      onLink: (link: Link, as: Admitted) => this.#entry.enter(link, as),
    }
    this.#sockets =
      front && transport.kind === 'uws'
        ? await createFront<Admitted>({ ...sockets, transport })
        : await createLibraryServer<Admitted>(sockets)
  }

  /** Changes that did not reach this gateway are read where it may have missed some. */
  async #listen(): Promise<() => Promise<void>> {
    const { clock, log, bus, number } = this.#options
    const channel = `${gatewayChannel(number)}:beat`
    const hearing = new Hearing({
      clock,
      say: (text) => bus.publish.publish(channel, text),
      onMissed: () => {
        this.#devices
          .reattach()
          .catch((error: unknown) => log.error({ err: error }, 'reattaching failed'))
      },
      onSilent: () => bus.subscribe.disconnect(true),
    })
    const unsubscribe = await subscribe(bus.subscribe, channel, (text) => hearing.heard(text))
    const lost = () => hearing.lost()
    bus.subscribe.on('close', lost)
    const stop = hearing.start()
    return async () => {
      stop()
      bus.subscribe.off('close', lost)
      await unsubscribe()
    }
  }

  /** All come again, and not at the same moment. */
  #sendAway(why: 'resync' | 'draining'): void {
    let i = 0
    const total = this.#roster.size
    for (const { link } of this.#roster)
      link.goodbye(why, Math.round((i++ / total) * DRAIN_SPREAD_MS))
  }

  /** What the account owns is read anew on each of its devices: it decides what its comments look like. */
  #loadOwned(account: number): void {
    for (const device of this.#roster.devicesOf(account)) void this.#arrivals.load(device)
  }

  /** The room has something new: this gateway shows it at once, and so do the others. */
  #nudge(room: string): void {
    this.#hubs.nudge(room)
    // It is a fast path and may miss: the next tick shows the same.
    this.#options.bus.publish.publish(NUDGES, room).catch(() => undefined)
  }

  /** Named checks for readiness; a text says what is wrong. */
  health(): Record<string, string | true> {
    return { accepting: this.#draining ? 'draining' : true }
  }

  /** A ticket or an account was revoked: its sockets are closed. One that was merged comes again as another. */
  revoked(what: Revoked): void {
    for (const { claims, link } of this.#roster) {
      if ('moved' in what) {
        if (claims.account === what.moved) link.goodbye('resync')
        continue
      }
      const hit =
        'jti' in what
          ? claims.jti === what.jti && claims.brand === what.brand
          : claims.account === what.account
      if (hit) link.goodbye('revoked')
    }
  }

  /** Finishes what is under way, tells clients to come back elsewhere, closes; also where Redis hangs. */
  async drain(): Promise<void> {
    if (this.#draining) return
    this.#draining = true
    this.#server().stopListening()
    await this.#within(this.#intake.drain())
    await this.#within(this.#hubs.close())
    this.#server().flush()
    this.#sendAway('draining')
    for (const close of this.#closers) await this.#within(close())
    await this.#within(this.#server().close())
  }

  #within(step: void | Promise<void>): Promise<void> {
    return Promise.race([step, this.#options.clock.sleep(DRAIN_STEP_MS)])
  }

  #server(): SocketServer {
    if (!this.#sockets) throw new Error('the gateway is not listening yet')
    return this.#sockets
  }

  async #answer(knock: Knock): Promise<Admission> {
    const answer: Admission = this.#draining
      ? { ok: false, code: 'busy', afterMs: 1000 }
      : await this.#admit(knock)
    this.#metrics.admitted(answer.ok ? 'ok' : answer.code)
    return answer
  }
}
