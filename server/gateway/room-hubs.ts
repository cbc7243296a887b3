/** The rooms of this gateway: opened by whoever comes first, forgotten when nobody is left. */

import { readPlace } from '../scoring/index.ts'
import type { GatewayDeps } from './deps.ts'
import { ROOM_IDLE_MS } from './limits.ts'
import { RoomHub } from './room-hub.ts'
import type { SocketServer } from './sockets.ts'

export class RoomHubs {
  readonly #deps: GatewayDeps
  readonly #sockets: () => SocketServer
  readonly #hubs = new Map<string, Promise<RoomHub>>()

  constructor(deps: GatewayDeps, sockets: () => SocketServer) {
    this.#deps = deps
    this.#sockets = sockets
  }

  get size(): number {
    return this.#hubs.size
  }

  has(room: string): boolean {
    return this.#hubs.has(room)
  }

  /** Undefined where there is no such room. Throws where Redis cannot be reached. */
  async of(id: string): Promise<RoomHub | undefined> {
    const known = this.#hubs.get(id)
    if (known) return this.#stay(known)
    const place = await readPlace(this.#deps.store, id, this.#deps.rulebook().book)
    if (!place) return undefined
    const meanwhile = this.#hubs.get(id)
    if (meanwhile) return this.#stay(meanwhile)
    const hub = new RoomHub(this.#deps, place, this.#sockets)
    const opening = hub.open().then(() => hub)
    this.#hubs.set(id, opening)
    opening.catch(() => this.#hubs.delete(id))
    return opening
  }

  /** Somebody is coming: a room that was about to be forgotten begins its wait anew. */
  async #stay(opening: Promise<RoomHub>): Promise<RoomHub> {
    const hub = await opening
    hub.emptySinceMs = 0
    return hub
  }

  /** The room has something new that should not wait for its next tick. */
  nudge(room: string): void {
    this.#hubs.get(room)?.then(
      (hub) => hub.nudge(),
      () => undefined,
    )
  }

  async forgetIdle(): Promise<void> {
    const now = this.#deps.clock.now()
    for (const [id, opening] of this.#hubs) {
      const hub = await opening.catch(() => undefined)
      if (!hub || hub.members > 0) continue
      if (hub.emptySinceMs === 0) hub.emptySinceMs = now
      if (now - hub.emptySinceMs < ROOM_IDLE_MS || this.#hubs.get(id) !== opening) continue
      this.#hubs.delete(id)
      await hub.close()
    }
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.#hubs.values()].map(async (opening) =>
        (await opening.catch(() => undefined))?.close(),
      ),
    )
  }
}
