/** The gateway: admits sockets, keeps the rooms they are in, and ends them in good order. */

import type { ErrorCode } from '../../shared/errors.ts'
import { isId } from '../../shared/ids.ts'
import type { Handshake, Welcome } from '../../shared/protocol/index.ts'
import { PROTOCOL } from '../../shared/protocol/index.ts'
import type { Receipt } from '../../shared/receipt.ts'
import { admit, type ResumeClaims, readSession, signSession } from '../identity/index.ts'
import { randomNonce } from '../kernel/index.ts'
import { type Store, subscribe } from '../redis/index.ts'
import { getRoom, momentsAfter } from '../rooms/index.ts'
import {
  type AccountReading,
  gatewayChannel,
  readAccount,
  readChange,
  toAccountState,
} from '../scoring/index.ts'
import { Connection } from './connection.ts'
import type { GatewayDeps } from './deps.ts'
import { createDispatch } from './dispatch.ts'
import { createHandlers, type HandlerTools } from './handlers.ts'
import { createIntake } from './intake.ts'
import * as limits from './limits.ts'
import { gatewayMetrics } from './metrics.ts'
import { hostTopic, RoomHub, roomTopic } from './room-hub.ts'
import { createSocketServer, type Knock, type Link, type SocketServer } from './socketio.ts'
import type { Transport } from './transport.ts'
import { Viewer } from './viewer.ts'

export interface GatewayOptions extends GatewayDeps {
  transport: Transport
  port: number
  trustedProxies: number
  allowOrigin: (origin: string | undefined, brand?: string) => boolean
  /** Nudges travel on a connection of their own, so that a hung Redis cannot stall them. */
  bus: { publish: Store; subscribe: Store }
  history: HandlerTools['history']
}

export interface Gateway {
  /** Named checks for readiness; a text says what is wrong. */
  health(): Record<string, string | true>
  kind: Transport['kind']
  /** A ticket or an account was revoked: its sockets are closed. */
  revoked(who: { jti?: string; account?: number }): void
  /** Tells clients to come back elsewhere, finishes what is under way, closes. */
  drain(): Promise<void>
}

interface Admitted {
  claims: ResumeClaims
  handshake: Handshake
  hub: RoomHub
  ip: string
  resume: string
  resumeExpiresAtMs: number
  session?: { startMs: number; nonce: number }
  reading?: AccountReading
}
type Refused = { ok: false; code: ErrorCode; afterMs?: number }

/** The handshake's shape is checked by hand: it comes before any schema, from anybody. */
function readHandshake(auth: unknown): Handshake | undefined {
  if (typeof auth !== 'object' || auth === null) return undefined
  const given = auth as Record<string, unknown>
  if (!Number.isInteger(given.protocol)) return undefined
  const handshake: Handshake = { protocol: given.protocol as number }
  for (const name of ['ticket', 'resume', 'session'] as const) {
    const value = given[name]
    if (value === undefined || value === null) continue
    if (typeof value !== 'string' || value.length > 4096) return undefined
    handshake[name] = value
  }
  const cursor = given.cursor as { epoch?: unknown; seq?: unknown } | undefined
  if (
    cursor &&
    typeof cursor === 'object' &&
    typeof cursor.epoch === 'string' &&
    isId(cursor.epoch) &&
    Number.isSafeInteger(cursor.seq)
  )
    handshake.cursor = { epoch: cursor.epoch, seq: cursor.seq as number }
  return handshake
}

export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { store, clock, log, partitions, shards } = options
  const hubs = new Map<string, Promise<RoomHub>>()
  const connections = new Set<Connection>()
  const viewers = new Map<number, Set<Viewer>>()
  const perIp = new Map<string, number>()
  let admitting = 0
  let draining = false
  let sockets: SocketServer | undefined
  const server = (): SocketServer => {
    if (!sockets) throw new Error('the gateway is not listening yet')
    return sockets
  }
  const metrics = gatewayMetrics({
    connections: () => connections.size,
    rooms: () => hubs.size,
    waiting: () => intake.depth(),
  })
  const intake = createIntake({
    store,
    partitions,
    clock,
    log,
    gateway: options.number,
    journalMax: options.journalMax,
    platform: () => {
      const { book } = options.rulebook()
      return { timeZone: book.timeZone, dailyPoints: book.dailyPoints ?? 0 }
    },
    onFlush: metrics.flushed,
  })
  const nudge = (room: string): void => {
    nudged(room)
    server().nudge(room)
  }
  const nudged = (room: string): void => {
    void hubs.get(room)?.then(
      (hub) => hub.nudge(),
      () => undefined,
    )
  }
  const dispatch = createDispatch<Connection>({
    handlers: createHandlers({ deps: options, nudge, history: options.history }),
    now: () => clock.now(),
    log,
    onCommand: metrics.commanded,
  })

  /** The room's hub, opened by whoever comes first. */
  async function hubOf(id: string): Promise<RoomHub | undefined> {
    const known = hubs.get(id)
    if (known) return known
    const room = await getRoom(store, id)
    if (!room) return undefined
    const again = hubs.get(id)
    if (again) return again
    const hub = new RoomHub(options, room, server)
    const opening = hub.open().then(() => hub)
    hubs.set(id, opening)
    opening.catch(() => hubs.delete(id))
    return opening
  }

  async function read(account: number, live: number, session: { startMs: number; nonce: number }) {
    return readAccount(store, {
      slot: partitions.slotOf(account),
      account,
      live,
      session,
      timeZone: options.rulebook().book.timeZone,
      aroundMs: clock.now(),
    })
  }

  async function admitKnock(knock: Knock): Promise<{ ok: true; as: Admitted } | Refused> {
    const handshake = readHandshake(knock.auth)
    if (!handshake) return { ok: false, code: 'bad_request' }
    if (handshake.protocol !== PROTOCOL) return { ok: false, code: 'protocol_unsupported' }
    const admission = await admit(options.gate, handshake, clock.now())
    if (!admission.ok) return admission
    const { claims, resume, resumeExpiresAtMs } = admission
    if (!options.allowOrigin(knock.origin, claims.brand)) return { ok: false, code: 'forbidden' }
    if (hubs.size >= limits.ROOMS_MAX && !hubs.has(claims.room))
      return { ok: false, code: 'busy', afterMs: 5000 }
    const hub = await hubOf(claims.room)
    if (!hub) return { ok: false, code: 'room_not_found' }
    // A ticket of another brand must not open this brand's room, whatever room it names.
    if (hub.room.brand !== claims.brand) return { ok: false, code: 'ticket_invalid' }
    const as: Admitted = { claims, handshake, hub, ip: knock.ip, resume, resumeExpiresAtMs }
    if (claims.account === undefined) return { ok: true, as }
    if (socketsOf(claims.account, hub) >= options.socketsPerViewerMax)
      return { ok: false, code: 'too_many_sockets', afterMs: 5000 }
    const known =
      handshake.session && readSession(options.gate.sessions, handshake.session, claims.account)
    const reading = await read(claims.account, hub.live, known || { startMs: 0, nonce: 0 })
    if (!reading) return { ok: false, code: 'internal' }
    as.reading = reading
    as.session = known || { startMs: reading.atMs, nonce: randomNonce() }
    return { ok: true, as }
  }

  function socketsOf(account: number, hub: RoomHub): number {
    let count = 0
    for (const viewer of viewers.get(account) ?? []) if (viewer.hub === hub) count += 1
    return count
  }

  async function admitWithin(knock: Knock): Promise<{ ok: true; as: Admitted } | Refused> {
    if (draining || admitting >= limits.ADMISSIONS_MAX)
      return { ok: false, code: 'busy', afterMs: 1000 }
    if ((perIp.get(knock.ip) ?? 0) >= options.socketsPerIpMax)
      return { ok: false, code: 'too_many_sockets', afterMs: 5000 }
    admitting += 1
    try {
      const answer = await admitKnock(knock)
      metrics.admitted(answer.ok ? 'ok' : answer.code)
      return answer
    } finally {
      admitting -= 1
    }
  }

  function onLink(link: Link, as: Admitted): void {
    const { hub, claims } = as
    const connection = new Connection(link, { claims, hub, ip: as.ip, now: () => clock.now() })
    connections.add(connection)
    perIp.set(as.ip, (perIp.get(as.ip) ?? 0) + 1)
    hub.members += 1
    hub.emptySinceMs = 0
    if (claims.role === 'host') hub.hosts += 1
    if (as.session && claims.account !== undefined)
      addViewer(connection, as.session, claims.account)
    link.onClose(() => remove(connection))
    link.onCommand((name, args) => dispatch(connection, name, args))
    // Joining before the snapshot, in one turn of the loop: nothing can fall between the two.
    link.join(roomTopic(hub.room.id))
    if (claims.role === 'host') link.join(hostTopic(hub.room.id))
    link.send('session.welcomed', welcome(connection, as))
    const host = claims.role === 'host' ? hub.hostSnapshot() : undefined
    if (host) {
      link.send('host.pulsed', host)
      hub.nudge()
    }
    void catchUp(connection, as.handshake.cursor)
  }

  function addViewer(
    connection: Connection,
    session: { startMs: number; nonce: number },
    account: number,
  ): void {
    const viewer = new Viewer({
      deps: options,
      connection,
      claims: { ...connection.claims, account },
      session,
      intake,
      siblings: function* (self) {
        for (const other of viewers.get(account) ?? []) if (other !== self) yield other
      },
      refresh,
    })
    connection.viewer = viewer
    const devices = viewers.get(account)
    if (devices) devices.add(viewer)
    else viewers.set(account, new Set([viewer]))
  }

  function remove(connection: Connection): void {
    if (!connections.delete(connection)) return
    const { hub, ip, viewer } = connection
    const left = (perIp.get(ip) ?? 1) - 1
    if (left > 0) perIp.set(ip, left)
    else perIp.delete(ip)
    hub.members -= 1
    if (connection.role === 'host') hub.hosts -= 1
    if (hub.members === 0) hub.emptySinceMs = clock.now()
    if (!viewer) return
    const devices = viewers.get(viewer.account)
    devices?.delete(viewer)
    if (devices?.size === 0) viewers.delete(viewer.account)
  }

  function welcome({ viewer, claims, hub }: Connection, as: Admitted): Welcome {
    const { book } = options.rulebook()
    const body: Welcome = {
      protocol: PROTOCOL,
      atMs: clock.now(),
      role: claims.role,
      me: { handle: viewer?.handle ?? '', name: claims.name },
      room: hub.snapshot(),
      resume: as.resume,
      resumeExpiresAtMs: as.resumeExpiresAtMs,
      shard: viewer?.shard ?? 0,
      beatMs: book.attention.beatSec * 1000,
    }
    if (viewer && as.reading && as.session) {
      viewer.rung = as.reading.state.tier.rung
      body.account = toAccountState(as.reading.state, { book, epoch: shards.epoch(viewer.shard) })
      body.applied = as.reading.state.applied
      body.session = signSession(options.gate.sessions, { account: viewer.account, ...as.session })
    }
    return body
  }

  /** Moments that a returning client lacks; the cursor says where it stood. */
  async function catchUp(connection: Connection, cursor: Handshake['cursor']): Promise<void> {
    if (!cursor) return
    try {
      const room = connection.hub.room.id
      const missed = await momentsAfter(store, { room, ...cursor })
      if (missed?.moments?.length)
        connection.link.send('room.happened', { epoch: missed.epoch, moments: missed.moments })
    } catch (error) {
      log.warn({ err: error }, 'missed moments could not be read')
    }
  }

  /** Shows a device the account as it is now; each has a clock and a live of its own, so each reads. */
  function refresh(viewer: Viewer, receipts: Receipt[]): void {
    read(viewer.account, viewer.live, viewer.session).then(
      (reading) => {
        if (!reading) return
        const { book } = options.rulebook()
        const account = toAccountState(reading.state, { book, epoch: shards.epoch(viewer.shard) })
        viewer.rung = account.tier.rung
        viewer.connection.link.send('account.changed', { account, receipts })
      },
      (error: unknown) => log.warn({ err: error }, 'an account could not be read again'),
    )
  }

  /** A shard lost its newest writes, perhaps: clients compare what was applied and send again what is missing. */
  async function reattach(shard: number): Promise<void> {
    const affected = [...connections].flatMap(({ viewer }) =>
      viewer?.shard === shard ? [viewer] : [],
    )
    for (let i = 0; i < affected.length; i += limits.REATTACH_AT_ONCE) {
      await Promise.all(affected.slice(i, i + limits.REATTACH_AT_ONCE).map(reattachOne))
    }
  }

  async function reattachOne(viewer: Viewer): Promise<void> {
    const reading = await read(viewer.account, viewer.live, viewer.session)
    if (!reading) return
    const { book } = options.rulebook()
    viewer.connection.link.send('account.reattached', {
      account: toAccountState(reading.state, { book, epoch: shards.epoch(viewer.shard) }),
      applied: reading.state.applied,
    })
  }

  const endEpochs = shards.onEpoch((shard) => {
    reattach(shard).catch((error: unknown) =>
      log.error({ err: error, shard }, 'reattaching failed'),
    )
  })
  const endChanges = await subscribe(
    options.bus.subscribe,
    gatewayChannel(options.number),
    (text) => {
      const change = readChange(text)
      for (const viewer of viewers.get(change.account) ?? []) refresh(viewer, change.receipts)
    },
  )
  sockets = await createSocketServer<Admitted>({
    transport: options.transport,
    port: options.port,
    trustedProxies: options.trustedProxies,
    allowOrigin: options.allowOrigin,
    admit: admitWithin,
    onLink,
    onNudge: nudged,
    bus: options.bus,
    log,
  })
  const stopHousekeeping = clock.every(limits.SLOW_CHECK_MS, () => {
    for (const connection of connections)
      if (connection.closeIfSlow()) metrics.closed('slow_consumer')
    for (const [id, opening] of hubs) void forgetIdle(id, opening)
  })

  async function forgetIdle(id: string, opening: Promise<RoomHub>): Promise<void> {
    const hub = await opening.catch(() => undefined)
    if (!hub || hub.members > 0) return
    if (hub.emptySinceMs === 0) hub.emptySinceMs = clock.now()
    if (clock.now() - hub.emptySinceMs < limits.ROOM_IDLE_MS || hubs.get(id) !== opening) return
    hubs.delete(id)
    hub.close()
  }

  return {
    kind: options.transport.kind,
    health: () => ({ listening: draining ? 'draining' : true }),
    revoked({ jti, account }) {
      for (const connection of connections) {
        const { claims } = connection
        if (claims.jti === jti || (account !== undefined && claims.account === account))
          connection.link.goodbye('revoked')
      }
    },
    async drain() {
      if (draining) return
      draining = true
      server().stopListening()
      await intake.drain()
      let i = 0
      for (const { link } of connections) {
        link.goodbye('draining', Math.round((i++ / connections.size) * limits.DRAIN_SPREAD_MS))
      }
      stopHousekeeping()
      endEpochs()
      await endChanges()
      for (const opening of hubs.values()) (await opening.catch(() => undefined))?.close()
      await server().close()
    },
  }
}
