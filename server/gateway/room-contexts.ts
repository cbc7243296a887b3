/** What scoring is given of a room: compiled once per pulse, for each version of the rulebook that viewers play by. */

import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import type { Brownout } from '../governance/index.ts'
import { must } from '../kernel/index.ts'
import {
  compileContext,
  type MostPoints,
  mostPoints,
  type PointsPlace,
  type PulseResult,
  type RoomContext,
  roomContext,
} from '../scoring/index.ts'
import type { GatewayDeps } from './deps.ts'

/** Versions whose contexts are kept: that of the room, and of the arms of an experiment, which are fewer. */
const VERSIONS_MAX = 9

interface Compiled {
  bytes: Buffer
  most: MostPoints
  brownout: Brownout
}

export class RoomContexts {
  readonly #deps: Pick<GatewayDeps, 'clock' | 'issuance'>
  #now: { place: PointsPlace; result: PulseResult } | undefined
  /** By the number of the version. */
  readonly #compiled = new Map<number, Compiled>()

  constructor(deps: Pick<GatewayDeps, 'clock' | 'issuance'>) {
    this.#deps = deps
  }

  /** A pulse came: what was compiled for the one before is thrown away. */
  renew(place: PointsPlace, result: PulseResult): void {
    this.#now = { place, result }
    this.#compiled.clear()
  }

  /** The context of viewers who play by that version, packed for the script. */
  packed(played: PublishedRulebook): Buffer {
    return this.#compile(played).bytes
  }

  /** The most points that an action can pay here now. */
  most(action: Parameters<MostPoints>[0], played: PublishedRulebook): number {
    return this.#compile(played).most(action)
  }

  context({ version, book }: PublishedRulebook): RoomContext {
    const { place, result } = must(this.#now, 'a pulse')
    const { live, level, campaigns, tasks, validUntilMs } = roomContext(result)
    return {
      live,
      issuer: place.issuer,
      rulebook: version,
      book,
      profile: place.room.profile,
      timeZone: place.room.timeZone,
      heatLevel: level,
      campaigns,
      tasks,
      validUntilMs,
      brownout: this.#deps.issuance.brownout,
    }
  }

  #compile(played: PublishedRulebook): Compiled {
    const { clock, issuance } = this.#deps
    const { brownout } = issuance
    const known = this.#compiled.get(played.version)
    if (known?.brownout === brownout) return known
    const context = this.context(played)
    const bytes = compileContext(context, clock.now())
    const compiled = { bytes, most: mostPoints(context), brownout }
    if (this.#compiled.size >= VERSIONS_MAX) this.#compiled.clear()
    this.#compiled.set(played.version, compiled)
    return compiled
  }
}
