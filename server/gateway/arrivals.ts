/** What viewers own, loaded when they come in, and the rooms' word of those who own an entrance. */

import { type Arrival, ENTRANCES_PER_CALL } from '../effects/index.ts'
import type { GatewayDeps } from './deps.ts'
import { ARRIVALS_GATHER_MS } from './limits.ts'
import type { Viewer } from './viewer.ts'

export class Arrivals {
  readonly #deps: GatewayDeps
  readonly #nudge: (room: string) => void
  /** By room; bounded, the oldest go. */
  readonly #waiting = new Map<string, Arrival[]>()

  constructor(deps: GatewayDeps, nudge: (room: string) => void) {
    this.#deps = deps
    this.#nudge = nudge
  }

  /** Somebody has come in. Never throws: without what they own they are viewers all the same. */
  async entered(viewer: Viewer): Promise<void> {
    await this.load(viewer)
    const { entrance } = viewer.owned
    if (!entrance || viewer.hub.state !== 'open') return
    const { name, optOut } = viewer.connection.claims
    const arrival = { handle: viewer.handle, name: optOut ? '' : name, entrance: entrance.value }
    this.#gather(viewer.hub.room.id, [arrival])
  }

  async load(viewer: Viewer): Promise<void> {
    const { effects, log, rulebook } = this.#deps
    const { colours, entrances, tiers } = rulebook().book.effects
    if (colours.length + entrances.length + tiers.length === 0) return
    try {
      viewer.owned = await effects.ownership({
        account: viewer.account,
        rung: viewer.rung + viewer.boost,
      })
    } catch (error) {
      log.warn({ err: error }, 'what a viewer owns could not be read')
    }
  }

  #gather(room: string, arrivals: readonly Arrival[], afterMs = ARRIVALS_GATHER_MS): void {
    const waiting = this.#waiting.get(room)
    const all = [...(waiting ?? []), ...arrivals].slice(-ENTRANCES_PER_CALL)
    this.#waiting.set(room, all)
    if (!waiting) this.#deps.clock.after(afterMs, () => void this.#tell(room))
  }

  async #tell(room: string): Promise<void> {
    const arrivals = this.#waiting.get(room) ?? []
    this.#waiting.delete(room)
    try {
      const answer = await this.#deps.effects.tellEntrances({ room, arrivals })
      if ('afterMs' in answer) this.#gather(room, arrivals, answer.afterMs)
      else if (answer.told > 0) this.#nudge(room)
    } catch (error) {
      this.#deps.log.warn({ err: error, room }, 'arrivals could not be told')
    }
  }
}
