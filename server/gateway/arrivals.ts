/** What viewers own, loaded when they come in, and the rooms' word of those who own an entrance. */

import { nextBirthday } from '../../shared/birthday.ts'
import { greetedFrom } from '../../shared/rulebook/greeting-sentence.ts'
import { type Arrival, ENTRANCES_PER_CALL } from '../effects/index.ts'
import { birthdayOf } from '../identity/index.ts'
import { earningNumber, GREETED_PER_CALL, type Guest, greet } from '../rooms/index.ts'
import type { AccountChange } from '../scoring/index.ts'
import type { GatewayDeps } from './deps.ts'
import { ARRIVALS_GATHER_MS } from './limits.ts'
import type { Viewer } from './viewer.ts'

/** What the ladder of a rulebook gives to who comes in. */
interface Gifts {
  version: number
  given: boolean
  asked: boolean
}

const kindOf = <Kind>({ kind }: { kind: Kind }): Kind => kind

export class Arrivals {
  readonly #deps: GatewayDeps
  readonly #nudge: (room: string) => void
  readonly #shown: (change: AccountChange) => void
  /** By room; bounded, the oldest go. */
  readonly #waiting = new Map<string, Arrival[]>()
  readonly #guests = new Map<string, Guest[]>()
  #ladder: Gifts = { version: -1, given: false, asked: false }

  constructor(
    deps: GatewayDeps,
    nudge: (room: string) => void,
    shown: (change: AccountChange) => void,
  ) {
    this.#deps = deps
    this.#shown = shown
    this.#nudge = nudge
  }

  /** Somebody has come in. Never throws: without what they own they are viewers all the same. */
  async entered(viewer: Viewer): Promise<void> {
    await Promise.all([this.load(viewer), this.#welcome(viewer), this.#segments(viewer)])
    this.#announceGuest(viewer)
    const { entrance } = viewer.owned
    if (!entrance || viewer.hub.state !== 'open') return
    const { name, optOut } = viewer.connection.claims
    const arrival = { handle: viewer.handle, name: optOut ? '' : name, entrance: entrance.value }
    this.#gather(viewer.hub.room.id, [arrival])
  }

  /** The host is asked to greet who has a high rung of their own. */
  #announceGuest({ rung, handle, hub, connection }: Viewer): void {
    const from = greetedFrom(this.#deps.rulebook().book)
    if (from === undefined || rung < from || hub.state !== 'open') return
    const { name, optOut } = connection.claims
    const room = hub.room.id
    const waiting = this.#guests.get(room)
    const guests = [...(waiting ?? []), { handle, rung, name: optOut ? '' : name }]
    this.#guests.set(room, guests.slice(-GREETED_PER_CALL))
    if (!waiting) this.#deps.clock.after(ARRIVALS_GATHER_MS, () => void this.#greet(room))
  }

  async #greet(room: string): Promise<void> {
    const guests = this.#guests.get(room) ?? []
    this.#guests.delete(room)
    const { store, rulebook, log } = this.#deps
    try {
      const ladder = rulebook().book.ladder.id
      if ((await greet(store, { room, ladder, guests })) > 0) this.#nudge(room)
    } catch (error) {
      log.warn({ err: error, room }, 'a host could not be asked to greet')
    }
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

  /** By how much their segments multiply what they earn; nothing is read where no segment does. */
  async #segments(viewer: Viewer): Promise<void> {
    const { targeting, log } = this.#deps
    try {
      viewer.factor = await targeting.factor(viewer.account)
    } catch (error) {
      log.warn({ err: error }, 'the segments of a viewer could not be read')
    }
  }

  /** Their birthday, and the packs that their tier gives to who comes into a live. */
  async #welcome(viewer: Viewer): Promise<void> {
    const { gate, rulebook, clock, store, packs, log } = this.#deps
    const { timeZone, wallet } = rulebook().book
    const { given, asked } = this.#gifts()
    if (!asked) return
    const { account, rung, hub } = viewer
    try {
      const birthday = await birthdayOf(gate, account, clock.now())
      if (birthday) viewer.birthday = nextBirthday(birthday, clock.now(), timeZone)
      if (!given || hub.state !== 'open') return
      const { brandNo } = hub.room
      const issuer = await earningNumber(store, hub.room, wallet.pool)
      const delivered = await packs.arrived({ account, rung, birthday, brandNo, issuer })
      for (const pack of delivered) this.#shown({ account, receipts: [], pack })
    } catch (error) {
      log.warn({ err: error }, 'a pack of a viewer waits for the worker')
    }
  }

  /** Whether any rung gives packs, and whether any gives something for which a birthday is asked for. */
  #gifts(): Gifts {
    const { version, book } = this.#deps.rulebook()
    if (this.#ladder.version !== version) {
      const kinds = new Set(book.ladder.rungs.flatMap((rung) => rung.privileges.map(kindOf)))
      const given = kinds.has('newcomer_pack') || kinds.has('birthday_pack')
      this.#ladder = { version, given, asked: given || kinds.has('birthday_points') }
    }
    return this.#ladder
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
