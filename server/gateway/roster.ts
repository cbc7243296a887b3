/** Who is connected here: all connections, the devices of each account, and how many come from each address. */

import type { Connection } from './connection.ts'
import type { RoomHub } from './room-hub.ts'
import type { Viewer } from './viewer.ts'

export class Roster {
  readonly #connections = new Set<Connection>()
  readonly #devices = new Map<number, Set<Viewer>>()
  readonly #perIp = new Map<string, number>()

  get size(): number {
    return this.#connections.size
  }

  [Symbol.iterator](): Iterator<Connection> {
    return this.#connections.values()
  }

  fromIp(ip: string): number {
    return this.#perIp.get(ip) ?? 0
  }

  /** The account's devices on this gateway. */
  devicesOf(account: number): Iterable<Viewer> {
    return this.#devices.get(account) ?? []
  }

  socketsIn(account: number, hub: RoomHub): number {
    let count = 0
    for (const viewer of this.devicesOf(account)) if (viewer.hub === hub) count += 1
    return count
  }

  add(connection: Connection): void {
    const { hub, ip, viewer } = connection
    this.#connections.add(connection)
    this.#perIp.set(ip, this.fromIp(ip) + 1)
    hub.members += 1
    hub.emptySinceMs = 0
    if (connection.role === 'host') hub.hosts += 1
    if (!viewer) return
    const devices = this.#devices.get(viewer.account)
    if (devices) devices.add(viewer)
    else this.#devices.set(viewer.account, new Set([viewer]))
  }

  remove(connection: Connection, nowMs: number): void {
    if (!this.#connections.delete(connection)) return
    const { hub, ip, viewer } = connection
    const left = this.fromIp(ip) - 1
    if (left > 0) this.#perIp.set(ip, left)
    else this.#perIp.delete(ip)
    hub.members -= 1
    if (connection.role === 'host') hub.hosts -= 1
    if (hub.members === 0) hub.emptySinceMs = nowMs
    if (!viewer) return
    const devices = this.#devices.get(viewer.account)
    devices?.delete(viewer)
    if (devices?.size === 0) this.#devices.delete(viewer.account)
  }
}
