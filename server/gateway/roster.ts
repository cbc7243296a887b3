/** Who is connected here: all connections, the devices of each account, and how many come from each address. */

import { Counts } from '../kernel/index.ts'
import type { Connection } from './connection.ts'
import type { RoomHub } from './room-hub.ts'
import type { Viewer } from './viewer.ts'

const NOBODY: readonly Viewer[] = []

export class Roster {
  readonly #connections = new Set<Connection>()
  /** Nearly everybody has one, so that one is not put in a list. */
  readonly #devices = new Map<number, Viewer | Viewer[]>()
  readonly #perIp = new Counts()

  get size(): number {
    return this.#connections.size
  }

  [Symbol.iterator](): Iterator<Connection> {
    return this.#connections.values()
  }

  fromIp(ip: string): number {
    return this.#perIp.of(ip)
  }

  /** The account's devices on this gateway. */
  devicesOf(account: number): readonly Viewer[] {
    const devices = this.#devices.get(account)
    if (devices === undefined) return NOBODY
    return Array.isArray(devices) ? devices : [devices]
  }

  socketsIn(account: number, hub: RoomHub): number {
    let count = 0
    for (const viewer of this.devicesOf(account)) if (viewer.hub === hub) count += 1
    return count
  }

  add(connection: Connection): void {
    const { hub, ip, viewer } = connection
    this.#connections.add(connection)
    this.#perIp.add(ip)
    hub.members += 1
    hub.emptySinceMs = 0
    if (connection.role === 'host') hub.hosts += 1
    if (!viewer) return
    const devices = this.devicesOf(viewer.account)
    this.#setDevices(viewer.account, [...devices, viewer])
  }

  #setDevices(account: number, devices: Viewer[]): void {
    const [only] = devices
    if (!only) this.#devices.delete(account)
    else this.#devices.set(account, devices.length === 1 ? only : devices)
    for (const device of devices) device.hasOthers = devices.length > 1
  }

  remove(connection: Connection, nowMs: number): void {
    if (!this.#connections.delete(connection)) return
    const { hub, ip, viewer } = connection
    this.#perIp.remove(ip)
    hub.members -= 1
    if (connection.role === 'host') hub.hosts -= 1
    if (hub.members === 0) hub.emptySinceMs = nowMs
    if (!viewer) return
    const left = this.devicesOf(viewer.account).filter((device) => device !== viewer)
    this.#setDevices(viewer.account, left)
    if (!left.some((device) => device.hub === hub)) hub.left(viewer.account)
  }
}
