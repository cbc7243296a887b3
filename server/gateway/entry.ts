/** What somebody is shown who was let in: the welcome, then what happened while they were away. */

import { type Handshake, PROTOCOL, type Welcome } from '../../shared/protocol/index.ts'
import { signSession } from '../identity/index.ts'
import { momentsAfter } from '../rooms/index.ts'
import type { Admitted } from './admission.ts'
import type { Arrivals } from './arrivals.ts'
import { Connection, type ConnectionTools } from './connection.ts'
import { creditEvent } from './credit.ts'
import type { GatewayDeps } from './deps.ts'
import { linkHandle } from './invites.ts'
import { hostTopic, roomTopic } from './room-hub.ts'
import type { Roster } from './roster.ts'
import type { Link } from './sockets.ts'
import { Viewer, type ViewerTools } from './viewer.ts'

export interface EntryParts {
  roster: Roster
  arrivals: Arrivals
  connections: ConnectionTools
  viewers: ViewerTools
}

export class Entry {
  readonly #deps: GatewayDeps
  readonly #parts: EntryParts

  constructor(deps: GatewayDeps, parts: EntryParts) {
    this.#deps = deps
    this.#parts = parts
  }

  enter(link: Link, as: Admitted): Connection {
    const { roster, arrivals, connections, viewers } = this.#parts
    const { hub, claims } = as
    const connection = new Connection(link, as, connections)
    if (as.viewer) connection.viewer = new Viewer({ connection, ...as.viewer }, viewers)
    roster.add(connection)
    as.seat.free()
    // Joining before the snapshot, in one turn of the loop: nothing can fall between the two.
    link.join(roomTopic(hub.room.id))
    if (claims.role === 'host') link.join(hostTopic(hub.room.id))
    link.sendJson('session.welcomed', this.#welcome(connection, as))
    const host = claims.role === 'host' ? hub.hostSnapshot() : undefined
    if (host) {
      link.send('host.pulsed', host)
      hub.nudge()
    }
    if (as.cursor) void this.#catchUp(connection, as.cursor)
    if (connection.viewer) void arrivals.entered(connection.viewer)
    if (connection.viewer && as.sharer !== undefined)
      void this.#proveShare(connection.viewer, as.sharer)
    // It may have been revoked between the ticket's check and now.
    if (this.#deps.gate.revocations.has(claims)) link.goodbye('revoked')
    return connection
  }

  /** As JSON; the room is the largest part of it and the same for all who come between two pulses. */
  #welcome(connection: Connection, as: Admitted): string {
    const body = JSON.stringify(this.#welcomeWithoutRoom(connection, as))
    return `${body.slice(0, -1)},"room":${connection.hub.snapshotJson()}}`
  }

  #welcomeWithoutRoom({ viewer, claims, hub }: Connection, as: Admitted): Omit<Welcome, 'room'> {
    const { clock, gate, rulebook } = this.#deps
    const { devices } = this.#parts.viewers
    const via = viewer && linkHandle(this.#deps, viewer)
    const body: Omit<Welcome, 'room'> = {
      protocol: PROTOCOL,
      atMs: clock.now(),
      role: claims.role,
      me: { handle: viewer?.handle ?? '', name: claims.name, ...(via && { via }) },
      resume: as.resume,
      resumeExpiresAtMs: as.resumeExpiresAtMs,
      shard: 0,
      beatMs: rulebook().book.attention.beatSec * 1000,
      ...(as.watermarks && { acks: 'watermark' }),
    }
    if (!viewer || !as.viewer) return body
    const { account, session, named, reading } = as.viewer
    viewer.tier = reading.state.tier
    return {
      ...body,
      account: devices.shown(account, reading.state, hub),
      applied: reading.state.applied,
      // The name as it came: signed anew with a newer key it would look like another session.
      session: named ?? signSession(gate.sessions, { account, ...session }),
      shard: devices.shardOf(account),
    }
  }

  /** Somebody came through a shared link: that proves the share, once per visitor and live. */
  async #proveShare(visitor: Viewer, sharer: number): Promise<void> {
    const { rulebook, log } = this.#deps
    if (rulebook().book.shareProof !== 'clickThrough' || sharer === visitor.account) return
    try {
      await creditEvent(this.#deps, visitor.hub, {
        account: sharer,
        id: `click ${visitor.live} ${visitor.account}`,
        action: 'share',
      })
    } catch (error) {
      log.warn({ err: error }, 'a share could not be credited')
    }
  }

  /** Moments that a returning client lacks. */
  async #catchUp(
    { hub, link }: Connection,
    cursor: NonNullable<Handshake['cursor']>,
  ): Promise<void> {
    const { store, log } = this.#deps
    try {
      const missed = await momentsAfter(store, { room: hub.room.id, ...cursor })
      if (missed?.moments?.length)
        link.send('room.happened', { epoch: missed.epoch, moments: missed.moments })
    } catch (error) {
      log.warn({ err: error }, 'missed moments could not be read')
    }
  }
}
